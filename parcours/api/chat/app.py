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
from django.core.handlers.asgi import ASGIRequest
from django.http.response import HttpResponse
from django.utils import translation

from parcours.api.chat.doors import allow
from parcours.api.chat.entering import headers_of, let_in
from parcours.api.chat.stream import VisitorStream
from parcours.inbox.chat.following import Comer

logger = logging.getLogger(__name__)

ADDRESS = "/chat/stream"
Scope = dict[str, Any]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]


async def visitor_streams(scope: Scope, receive: Receive, send: Send) -> None:
    """The ASGI application: server-sent events, resumed after `Last-Event-ID`."""
    request = ASGIRequest(scope, BytesIO())
    translation.activate(translation.get_language_from_request(request))
    comer = await let_in(request, "GET", "stream")
    if not isinstance(comer, Comer):
        await send({"type": "http.response.start", "status": comer.status_code, "headers": headers_of(comer)})
        await send({"type": "http.response.body", "body": getattr(comer, "content", b"")})
        return
    answer = allow(request, HttpResponse(content_type="text/event-stream"))
    answer.headers["X-Accel-Buffering"] = "no"
    await send({"type": "http.response.start", "status": 200, "headers": headers_of(answer)})
    translation.activate(comer.language)
    place = request.headers.get("Last-Event-ID", "")
    events = VisitorStream(request, comer).events(int(place) if place.isdecimal() else None)
    await _until_gone(receive, _send(events, send))


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
