"""The language of a page: the person's own, then the cookie, then what the browser asks for."""

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import translation

from parcours.web.middleware import Around

LANGUAGE_IN_SESSION = "language"


class PersonLanguage(Around):
    """Middleware: activates the language for the request and names it in the answer.

    A person's language is copied into the session when it is chosen or at sign-in: no query here.
    """

    def before(self, request: HttpRequest) -> None:
        language = None
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            language = request.session.get(LANGUAGE_IN_SESSION)
        if language not in dict(settings.LANGUAGES):
            language = translation.get_language_from_request(request)
        translation.activate(language)
        request.LANGUAGE_CODE = language

    def after(self, response: HttpResponseBase) -> HttpResponseBase:
        used = translation.get_language() or settings.LANGUAGE_CODE
        response.headers.setdefault("Content-Language", used)
        return response
