"""The language of a page: the person's own, then the cookie, then what the browser asks for."""

from collections.abc import Callable
from typing import Any

from asgiref.sync import iscoroutinefunction, markcoroutinefunction, sync_to_async
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import translation

LANGUAGE_IN_SESSION = "language"


class PersonLanguage:
    """Middleware: activates the language for the request and names it in the answer.

    A person's language is copied into the session when it is chosen or at sign-in: no query here.
    """

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
        _activate(request)
        return _named(self.get_response(request))

    async def _later(self, request: HttpRequest) -> HttpResponseBase:
        await sync_to_async(_activate)(request)
        return _named(await self.get_response(request))


def _activate(request: HttpRequest) -> None:
    language = None
    if settings.SESSION_COOKIE_NAME in request.COOKIES:
        language = request.session.get(LANGUAGE_IN_SESSION)
    if language not in dict(settings.LANGUAGES):
        language = translation.get_language_from_request(request)
    translation.activate(language)
    request.LANGUAGE_CODE = language


def _named(response: HttpResponseBase) -> HttpResponseBase:
    response.headers.setdefault("Content-Language", translation.get_language() or settings.LANGUAGE_CODE)
    return response
