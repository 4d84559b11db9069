"""Who comes to the chat's own doors (`app.py`, `calls.py`): asked for many at once, without a thread each."""

import logging

import psycopg
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from parcours.accounts.reads import digest_of
from parcours.api.chat.doors import (
    Unknown,
    allow,
    answer_to,
    check_address,
    check_origin,
    check_session,
    early_answer,
    token_of,
)
from parcours.api.chat.limits import OFTEN
from parcours.api.problems import problem
from parcours.core.errors import ParcoursError
from parcours.inbox.chat.following import Comer, comers
from parcours.live.questions import ask

logger = logging.getLogger(__name__)


async def let_in(request: HttpRequest, method: str, name: str) -> Comer | HttpResponseBase:
    """Who may go on, or the answer where that is all there is. `name` is what they do, so much of which each
    may do.
    """
    try:
        request.get_host()
        if early := early_answer(request, [method]):
            return early
        check_address(request, name, OFTEN)
        token = token_of(request)
        comer = await ask(comers, digest_of(token)) if token else None
        if comer is None:
            raise Unknown
        check_origin(request, comer.origins)
        check_session(comer.session_id, name, OFTEN)
    except ParcoursError as fault:
        return allow(request, answer_to(fault))
    except DisallowedHost:
        return problem(400, _("Parcours isn't served at this address."))
    except psycopg.Error as error:
        logger.warning("a visitor has to wait for the database: %s", error)
        return come_back(request)
    return comer


def come_back(request: HttpRequest) -> HttpResponseBase:
    """The database is busy or gone: the page tries again."""
    answer = problem(503, _("The database does not answer."))
    answer.headers["Retry-After"] = "2"
    return allow(request, answer)


def headers_of(answer: HttpResponseBase) -> list[tuple[bytes, bytes]]:
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in answer.items()]
