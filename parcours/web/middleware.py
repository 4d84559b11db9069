"""A middleware around one function before the view and one after it, in both worlds that Django knows."""

from collections.abc import Callable
from typing import Any

from asgiref.sync import iscoroutinefunction, markcoroutinefunction, sync_to_async
from django.http import HttpRequest
from django.http.response import HttpResponseBase


class Around:
    """`before` may ask the database; `after` may not."""

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        self.get_response = get_response
        self.is_async = iscoroutinefunction(get_response)
        if self.is_async:
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> Any:
        if self.is_async:
            return self._later(request)
        self.before(request)
        return self.after(self.get_response(request))

    async def _later(self, request: HttpRequest) -> HttpResponseBase:
        if type(self).before is not Around.before:
            await sync_to_async(self.before)(request)
        return self.after(await self.get_response(request))

    def before(self, request: HttpRequest) -> None:
        """Nothing, unless a middleware has something to do."""

    def after(self, response: HttpResponseBase) -> HttpResponseBase:
        return response
