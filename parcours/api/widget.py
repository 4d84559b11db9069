"""`/widget.js`: the one script that shops put on their pages; `/widget-chat.js`: what it loads to talk."""

from functools import cache
from hashlib import sha256
from pathlib import Path

from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import condition, require_safe

from parcours.api.doors import open_to_everybody

AN_HOUR = 3600


@cache
def _script(name: str = "widget") -> bytes:
    """Read once: a new build comes with a new start."""
    found = finders.find(f"build/{name}.js")
    return Path(str(found)).read_bytes() if found else b""


def _etag(request: HttpRequest, name: str) -> str:  # noqa: ARG001 - as `condition` calls it
    return f'"{sha256(_script(name)).hexdigest()[:20]}"'


@open_to_everybody
@gzip_page
@require_safe
@condition(etag_func=_etag)
def widget(request: HttpRequest, name: str) -> HttpResponse:  # noqa: ARG001
    """The script, at an address that stays: browsers ask every hour whether there is a new one."""
    script = _script(name)
    if not script:
        return HttpResponse("The front end is not built.", status=503, content_type="text/plain")
    return HttpResponse(
        script,
        content_type="text/javascript; charset=utf-8",
        headers={
            "Cache-Control": f"public, max-age={AN_HOUR}",
            "Cross-Origin-Resource-Policy": "cross-origin",
            "Access-Control-Allow-Origin": "*",
        },
    )
