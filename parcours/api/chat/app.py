"""The door to visitors' streams. Thousands come back at once when a web process died, so it is an ASGI
application of its own: no session, no thread and no database connection for each.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from io import BytesIO
from typing import Any

import psycopg
from django.core.exceptions import DisallowedHost
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest
from django.http.response import HttpResponse, HttpResponseBase
from django.utils import translation
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
from parcours.api.chat.stream import VisitorStream
from parcours.api.problems import problem
from parcours.core.errors import ParcoursError
from parcours.inbox.chat.following import Comer, comers
from parcours.live.questions import ask

logger = logging.getLogger(__name__)

ADDRESS = "/chat/stream"
NAME = "stream"
Scope = dict[str, Any]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]


async def visitor_streams(scope: Scope, receive: Receive, send: Send) -> None:
    """The ASGI application: server-sent events, resumed after `Last-Event-ID`."""
    request = ASGIRequest(scope, BytesIO())
    translation.activate(translation.get_language_from_request(request))
    answer, comer = await _let_in(request)
    await send({"type": "http.response.start", "status": answer.status_code, "headers": _headers(answer)})
    if comer is None:
        await send({"type": "http.response.body", "body": getattr(answer, "content", b"")})
        return
    translation.activate(comer.language)
    place = request.headers.get("Last-Event-ID", "")
    events = VisitorStream(request, comer).events(int(place) if place.isdecimal() else None)
    await _until_gone(receive, _send(events, send))


async def _let_in(request: HttpRequest) -> tuple[HttpResponseBase, Comer | None]:
    """The answer, and who may follow; nobody where the answer is all there is."""
    try:
        request.get_host()
        if early := early_answer(request, ["GET"]):
            return early, None
        check_address(request, NAME, OFTEN)
        token = token_of(request)
        comer = await ask(comers, digest_of(token)) if token else None
        if comer is None:
            raise Unknown
        check_origin(request, comer.origins)
        check_session(comer.session_id, NAME, OFTEN)
    except ParcoursError as fault:
        return allow(request, answer_to(fault)), None
    except DisallowedHost:
        return problem(400, _("Parcours isn't served at this address.")), None
    except psycopg.Error as error:
        logger.warning("a visitor's stream has to wait for the database: %s", error)
        answer = problem(503, _("The database does not answer."))
        answer.headers["Retry-After"] = "2"
        return allow(request, answer), None
    response = HttpResponse(content_type="text/event-stream")
    response.headers["X-Accel-Buffering"] = "no"
    return allow(request, response), comer


def _headers(answer: HttpResponseBase) -> list[tuple[bytes, bytes]]:
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in answer.items()]


async def _send(events: AsyncGenerator[bytes, None], send: Send) -> None:
    try:
        async with aclosing(events) as coming:
            async for told in coming:
                await send({"type": "http.response.body", "body": told, "more_body": True})
    except psycopg.Error as error:
        logger.warning("a visitor's stream ends and will come back: %s", error)
    await send({"type": "http.response.body", "body": b""})


async def _until_gone(receive: Receive, work: Any) -> None:
    """Works until it is done or the page has gone."""
    working = asyncio.create_task(work)
    leaving = asyncio.create_task(_left(receive))
    try:
        await asyncio.wait({working, leaving}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        leaving.cancel()
        working.cancel()
        done = await asyncio.gather(working, leaving, return_exceptions=True)
    if isinstance(done[0], Exception):
        raise done[0]


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
