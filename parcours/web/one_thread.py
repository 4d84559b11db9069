"""Django's ASGI handler for pages that are made in one go."""

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIHandler
from django.http import HttpRequest
from django.http.response import HttpResponseBase


class InOneThread(ASGIHandler):
    """The middleware and the view in one thread, one after the other. Django's own handler goes to that
    thread and back for each middleware that isn't asynchronous itself, some fourteen times a request; with a
    busy neighbour each way takes as long as Python lets that one run.

    Not for views that are coroutines or stream: they would keep the thread.
    """

    def __init__(self) -> None:
        self.load_middleware(is_async=False)

    async def get_response_async(self, request: HttpRequest) -> HttpResponseBase:
        answer: HttpResponseBase = await sync_to_async(self.get_response, thread_sensitive=True)(request)
        return answer
