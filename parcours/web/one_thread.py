"""Django's ASGI handler for pages that are made in one go."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import Any, NamedTuple, cast

from django.core import signals
from django.core.exceptions import RequestAborted
from django.core.handlers.asgi import ASGIHandler, get_script_prefix
from django.http import FileResponse, StreamingHttpResponse
from django.http.response import HttpResponse, HttpResponseBase
from django.urls import set_script_prefix

AT_ONCE = 16
"""Threads that make pages. The database has fewer connections for a process; some pages wait for others."""


class _Page(NamedTuple):
    answer: HttpResponseBase
    pieces: list[bytes]


class InOneThread(ASGIHandler):
    """All of a request in one of a few threads: middleware, view, and what Django does when it ends. Django's
    own handler begins a thread for each request, goes there and back for each middleware that isn't
    asynchronous itself and for each signal; with a busy neighbour each way takes as long as Python lets that
    one run.

    Not for views that are coroutines: they would keep the thread. What streams is gathered first, as Django
    does with iterators that aren't asynchronous.
    """

    def __init__(self) -> None:
        self.load_middleware(is_async=False)
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="page")

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        try:
            body = await self.read_body(receive)
        except RequestAborted:
            return
        with body:
            run = copy_context().run
            loop = asyncio.get_running_loop()
            page = await loop.run_in_executor(self._threads, run, self._page, scope, body)
        answer = page.answer
        await send({"type": "http.response.start", "status": answer.status_code, "headers": _headers(answer)})
        *first, last = page.pieces or [b""]
        for piece in first:
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": last})

    def _page(self, scope: Any, body: Any) -> _Page:
        set_script_prefix(get_script_prefix(scope))
        signals.request_started.send(sender=type(self), scope=scope)
        request, refusal = self.create_request(scope, body)
        answer = cast(HttpResponseBase, refusal if request is None else self.get_response(request))
        try:
            return _Page(answer, self._pieces(answer))
        finally:
            answer.close()

    def _pieces(self, answer: HttpResponseBase) -> list[bytes]:
        if isinstance(answer, FileResponse):
            answer.block_size = self.chunk_size
        if answer.streaming:
            return list(cast(StreamingHttpResponse, answer))
        return [cast(HttpResponse, answer).content]


def _headers(answer: HttpResponseBase) -> list[tuple[bytes, bytes]]:
    told = [(name.encode("ascii"), value.encode("latin-1")) for name, value in answer.items()]
    return told + [
        (b"Set-Cookie", cookie.output(header="").encode("ascii").strip())
        for cookie in answer.cookies.values()
    ]
