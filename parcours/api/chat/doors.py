"""Who may call the chat: pages of the account's origins, with a session's token."""

import json
import math
from collections.abc import Callable, Sequence
from functools import wraps
from inspect import iscoroutinefunction
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
from parcours.inbox.models import ChannelAccount
from parcours.live.stream import briefly

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
            address = request.META.get("REMOTE_ADDR", "")
            if address not in _THIS_MACHINE:
                _check_rate(f"{view.__name__} from {address}", limit, AN_ADDRESS)
            if session:
                request.visitor = _visitor(request)
                _check_rate(f"{view.__name__} of {request.visitor.pk}", limit, 1)
                translation.activate(request.visitor.language)

        if iscoroutinefunction(view):

            @wraps(view)
            async def opened(request: ChatRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
                try:
                    if early := _early(request, methods):
                        return early
                    await briefly(enter, request)
                    return allow(request, await view(request, *args, **kwargs))
                except ParcoursError as fault:
                    return allow(request, _answer(fault))
        else:

            @wraps(view)
            def opened(request: ChatRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
                try:
                    if early := _early(request, methods):
                        return early
                    enter(request)
                    return allow(request, view(request, *args, **kwargs))
                except ParcoursError as fault:
                    return allow(request, _answer(fault))

        return cast(View, open_to_everybody(csrf_exempt(opened)))

    return guard


def check_origin(request: HttpRequest, account: ChannelAccount) -> None:
    """Raises Forbidden for a page that isn't among the account's; Parcours's own pages always are."""
    origin = request.headers.get("Origin", "").lower()
    if not origin or origin == f"{request.scheme}://{request.get_host()}".lower():
        return
    if origin not in origins_of(account):
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


def _early(request: ChatRequest, methods: Sequence[str]) -> HttpResponseBase | None:
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
    kind, _space, token = request.headers.get("Authorization", "").partition(" ")
    found = session_of(token) if kind.lower() == "bearer" and token else None
    if found is None:
        raise Unknown(_("This token opens no session."), where="Authorization")
    check_origin(request, found.account)
    return found


def _check_rate(name: str, limit: Limit, times: int) -> None:
    seconds = BUCKETS.wait(name, Limit(limit.burst * times, limit.per_minute * times))
    if seconds:
        raise TooOften(seconds)


def _answer(fault: ParcoursError) -> HttpResponse:
    response = problem(fault.status, fault.what, detail=fault.remedy, where=fault.where)
    if isinstance(fault, TooOften):
        response.headers["Retry-After"] = str(math.ceil(fault.seconds))
    return response
