"""The simulated shop's own pages: there in the demo only."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from parcours.core.errors import NotFound
from parcours.demo.shop_pages import FOLDER, page, screens
from parcours.web.doors import open_door

_FILES = {"foulee.css": "text/css", "shoe.svg": "image/svg+xml"}
_POLICY = "default-src 'none'; img-src 'self'; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'"


@open_door
@require_GET
def screen(request: HttpRequest, screen: str) -> HttpResponse:
    """In the language that the browser asks for first, English without any of ours."""
    wanted = request.headers.get("Accept-Language", "")[:2].lower()
    content = page(screen, "fr" if wanted == "fr" else "en")
    return HttpResponse(content, headers={"Content-Security-Policy": _POLICY, "Vary": "Accept-Language"})


@open_door
@require_GET
def file(request: HttpRequest, screen: str, file: str) -> HttpResponse:  # noqa: ARG001
    if screen not in screens() or file not in _FILES:
        raise NotFound(_("There is no such page."))
    return HttpResponse((FOLDER / file).read_bytes(), content_type=_FILES[file])
