"""The door to what visitors' pages call all the time: a message to the team, and which of the team's they
have seen. The same answers as through Django, without what only pages of our own need on the way.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from io import BytesIO
from typing import Any, TypeVar, cast

from django.core.exceptions import DisallowedHost
from django.core.handlers.asgi import ASGIRequest
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.translation import gettext as _

from parcours.api.chat import views
from parcours.api.chat.doors import MOST_JSON, ChatRequest, allow, answer_to, id_in, json_of
from parcours.api.chat.entering import come_back, headers_of, let_in
from parcours.api.chat.together import Together
from parcours.api.problems import problem
from parcours.core.errors import NotFound, ParcoursError
from parcours.inbox.chat.following import Comer
from parcours.inbox.chat.marks import Mark, check_step, mark_together
from parcours.live.stream import and_give_back

logger = logging.getLogger(__name__)

AT_ONCE = 4
"""Threads that write; more would only wait for each other, and leave pages no connection."""
GATHERED = 0.2
"""Seconds in which marks are gathered: nobody waits for their answer."""
Scope = dict[str, Any]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]
Answer = TypeVar("Answer")

_threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="chat")


async def visitor_calls(scope: Scope, receive: Receive, send: Send) -> None:
    """The ASGI application for the addresses in `CALLS`."""
    body = await _body(receive)
    request = ASGIRequest(scope, BytesIO(body or b""))
    translation.activate(translation.get_language_from_request(request))
    if body is None:
        answer = allow(request, problem(413, _("This is too long."), where="body"))
    else:
        answer = await _answer(request, CALLS[scope["path"]])
    content = getattr(answer, "content", b"")
    answer.headers["Content-Length"] = str(len(content))
    await send({"type": "http.response.start", "status": answer.status_code, "headers": headers_of(answer)})
    await send({"type": "http.response.body", "body": content})


async def _post(request: HttpRequest) -> HttpResponseBase:
    return await in_thread(views.post, cast(ChatRequest, request))


async def _mark(request: HttpRequest) -> HttpResponseBase:
    comer = await let_in(request, "POST", "mark")
    if not isinstance(comer, Comer):
        return comer
    translation.activate(comer.language)
    given = json_of(request)
    step, message_id = str(given.get("step", "")), id_in(given.get("message"), "message")
    check_step(step)
    if not await _marks.do(Mark(comer.account_id, comer.visitor, message_id, step)):
        raise NotFound(_("There is no such message."))
    return allow(request, HttpResponse(status=204))


CALLS: dict[str, Callable[[HttpRequest], Awaitable[HttpResponseBase]]] = {
    "/chat/post": _post,
    "/chat/mark": _mark,
}


async def _answer(
    request: HttpRequest, call: Callable[[HttpRequest], Awaitable[HttpResponseBase]]
) -> HttpResponseBase:
    """What went wrong as problem+json that the page may read."""
    try:
        request.get_host()
        return await call(request)
    except DisallowedHost:
        return problem(400, _("Parcours isn't served at this address."))
    except ParcoursError as fault:
        return allow(request, answer_to(fault))
    except (OperationalError, InterfaceError) as error:
        logger.warning("a visitor has to wait for the database: %s", error)
        return come_back(request)
    except Exception:
        logger.exception("a call of a visitor's page failed; it will try again")
        return allow(request, problem(500, _("Something went wrong here; send the same again.")))


async def in_thread(work: Callable[..., Answer], *given: Any) -> Answer:
    """In one of a few threads, with a connection that is given back."""

    run = copy_context().run
    return await asyncio.get_running_loop().run_in_executor(_threads, run, and_give_back, work, *given)


async def _mark_all(asked: Sequence[Mark]) -> Sequence[bool]:
    return await in_thread(mark_together, asked)


_marks: Together[Mark, bool] = Together(_mark_all, GATHERED)


async def _body(receive: Receive) -> bytes | None:
    """None for one that is too long."""
    pieces: list[bytes] = []
    while True:
        told = await receive()
        if told["type"] == "http.disconnect":
            return b""
        pieces.append(told.get("body", b""))
        if sum(map(len, pieces)) > MOST_JSON:
            return None
        if not told.get("more_body"):
            return b"".join(pieces)
