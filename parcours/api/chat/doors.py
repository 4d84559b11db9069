"""Who may call the chat: pages of the account's origins, with a session's token."""

import json
import math
import uuid
from collections.abc import Callable, Collection, Sequence
from functools import wraps
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from parcours.api.chat.limits import BUCKETS, Limit
from parcours.api.doors import open_to_everybody
from parcours.api.problems import problem
from parcours.core.errors import BadInput, Forbidden, ParcoursError
from parcours.inbox.chat.models import ChatSession
from parcours.inbox.chat.reads import origins_of
from parcours.inbox.chat.sessions import session_of

MOST_JSON = 64 * 1024
A_DAY = 86_400
AN_ADDRESS = 6
"""Sessions of one address (an office, a school) that its limit leaves room for."""
_THIS_MACHINE = {"127.0.0.1", "::1"}
"""A proxy that doesn't say for whom it calls: everybody's limit there would be nobody's."""
_HEADERS = "Authorization, Content-Type, Last-Event-ID"


class Unknown(ParcoursError):  # noqa: N818 - reads as a sentence where it is raised
    """The token opens no session: begin a new one."""

    status = 401

    def __init__(self) -> None:
        super().__init__(_("This token opens no session."), where="Authorization")


class TooOften(ParcoursError):  # noqa: N818 - as above
    """Come back in `seconds`."""

    status = 429

    def __init__(self, seconds: float) -> None:
        super().__init__(_("This was too often; try again in a moment."))
        self.seconds = seconds


class ChatRequest(HttpRequest):
    """A request of a page that the account allows; `visitor` has a session where one is needed."""

    visitor: ChatSession


View = Callable[..., Any]


def chat_door(methods: Sequence[str], limit: Limit, *, session: bool = True) -> Callable[[View], View]:
    """Answers preflights, checks method, rate, token and origin, and turns faults into problem+json that the
    page may read. Without `session` the view checks the origin itself.
    """

    def guard(view: View) -> View:
        def enter(request: ChatRequest) -> None:
            check_address(request, view.__name__, limit)
            if session:
                request.visitor = _visitor(request)
                check_session(request.visitor.pk, view.__name__, limit)
                translation.activate(request.visitor.language)

        @wraps(view)
        def opened(request: ChatRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            try:
                if early := early_answer(request, methods):
                    return early
                enter(request)
                return allow(request, view(request, *args, **kwargs))
            except ParcoursError as fault:
                return allow(request, answer_to(fault))

        return cast(View, open_to_everybody(csrf_exempt(opened)))

    return guard


def token_of(request: HttpRequest) -> str:
    """Empty without one."""
    kind, _space, token = request.headers.get("Authorization", "").partition(" ")
    return token if kind.lower() == "bearer" else ""


def check_address(request: HttpRequest, name: str, limit: Limit) -> None:
    """Raises TooOften when the address has asked for `name` too often."""
    address = request.META.get("REMOTE_ADDR", "")
    if address not in _THIS_MACHINE:
        _check_rate(f"{name} from {address}", limit, AN_ADDRESS)


def check_session(session_id: uuid.UUID, name: str, limit: Limit) -> None:
    """Raises TooOften when the session has asked for `name` too often."""
    _check_rate(f"{name} of {session_id}", limit, 1)


def check_origin(request: HttpRequest, allowed: Collection[str]) -> None:
    """Raises Forbidden for a page that isn't among the account's; Parcours's own pages always are."""
    origin = request.headers.get("Origin", "").lower()
    if not origin or origin == f"{request.scheme}://{request.get_host()}".lower():
        return
    if origin not in allowed:
        raise Forbidden(
            _("The chat isn't allowed on pages of {origin}.").format(origin=origin),
            where="Origin",
            remedy=_("Add the address on the page of this channel."),
        )


def allow(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """Lets the page read the answer: those with anything in them are made for allowed pages only."""
    origin = request.headers.get("Origin")
    if origin:
        response.headers["Access-Control-Allow-Origin"] = origin
        response.headers["Access-Control-Expose-Headers"] = "Retry-After"
    response.headers["Vary"] = "Origin"
    response.headers.setdefault("Cache-Control", "no-store")
    return response


def json_of(request: HttpRequest) -> dict[str, Any]:
    """The body as an object. Raises BadInput."""
    if len(request.body) > MOST_JSON:
        raise BadInput(_("This is too long."), where="body")
    try:
        given = json.loads(request.body or b"{}")
    except ValueError as fault:
        raise BadInput(_("The body is not JSON."), where="body") from fault
    if not isinstance(given, dict):
        raise BadInput(_("The body is not a JSON object."), where="body")
    return given


def id_in(text: object, where: str) -> uuid.UUID:
    """Raises BadInput."""
    try:
        return uuid.UUID(str(text))
    except ValueError as fault:
        raise BadInput(_("“{text}” is not an id.").format(text=text), where=where) from fault


def early_answer(request: HttpRequest, methods: Sequence[str]) -> HttpResponseBase | None:
    if request.method == "OPTIONS":
        response = allow(request, HttpResponse(status=204))
        response.headers["Access-Control-Allow-Methods"] = ", ".join(methods)
        response.headers["Access-Control-Allow-Headers"] = _HEADERS
        response.headers["Access-Control-Max-Age"] = str(A_DAY)
        return response
    if request.method not in methods:
        return allow(request, problem(405, _("This address is not for that method.")))
    return None


def _visitor(request: ChatRequest) -> ChatSession:
    token = token_of(request)
    found = session_of(token) if token else None
    if found is None:
        raise Unknown
    check_origin(request, origins_of(found.account))
    return found


def _check_rate(name: str, limit: Limit, times: int) -> None:
    seconds = BUCKETS.wait(name, Limit(limit.burst * times, limit.per_minute * times))
    if seconds:
        raise TooOften(seconds)


def answer_to(fault: ParcoursError) -> HttpResponse:
    response = problem(fault.status, fault.what, detail=fault.remedy, where=fault.where)
    if isinstance(fault, TooOften):
        response.headers["Retry-After"] = str(math.ceil(fault.seconds))
    return response
