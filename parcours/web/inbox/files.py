"""Files of messages and HTML mails, behind the same door as their conversations; nothing in them runs."""

import re
import uuid

from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET

from parcours.core.errors import NotFound
from parcours.inbox import reads
from parcours.inbox.channels.email.folding import folded
from parcours.inbox.desk.reads import file_names, stored_file
from parcours.web.doors import Request, door

INLINE = frozenset({"image/png", "image/jpeg", "image/webp", "image/gif", "audio/mpeg", "audio/ogg"})
"""What browsers show without running anything in it; everything else is downloaded."""
_NOTHING_RUNS = "default-src 'none'; sandbox; frame-ancestors 'none'"
_CID = re.compile(r"""(?<=["'(])cid:([^"')\s]+)""", re.IGNORECASE)
_STYLE = (
    "body{margin:0;font:14px/1.5 system-ui,sans-serif;color:#1b1f24;background:#fff;overflow-wrap:anywhere}"
    "img{max-width:100%;height:auto}table{max-width:100%}pre{white-space:pre-wrap}"
    "summary{width:fit-content;margin-block:8px;color:#0b5c66;cursor:pointer;font-size:13px}"
)


@door("inbox.view")
@require_GET
def file(request: Request, file_id: uuid.UUID) -> HttpResponseBase:
    """Pictures and sound in the page, whatever else it is as a download; never as a page of its own."""
    found = stored_file(request.brand.pk, file_id)
    is_safe = found.media_type in INLINE
    response = FileResponse(
        found.path.open("rb"),
        as_attachment=not is_safe or bool(request.GET.get("download")),
        filename=found.name,
        content_type=found.media_type if is_safe else "application/octet-stream",
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = _NOTHING_RUNS
    response.headers["Cache-Control"] = "private, max-age=86400, immutable"
    return response


@door("inbox.view")
@xframe_options_sameorigin
@require_GET
def mail(request: Request, message_id: uuid.UUID) -> HttpResponse:
    """The HTML of a mail for a sandboxed frame. Pictures from elsewhere only with `images`: they tell
    whoever sent it when and where it was read.
    """
    found = reads.message(request.brand.pk, message_id)
    if not found.html:
        raise NotFound(_("This message has no formatted text."))
    names = file_names(message_id)

    def address(named: re.Match[str]) -> str:
        pk = names.get(named[1])
        return reverse("inbox_file", args=[pk]) if pk else "about:blank"

    shown = folded(found.html, _("Show what was quoted"))
    pictures = "'self' data:" + (" https:" if request.GET.get("images") else "")
    body = (
        f'<!doctype html><meta charset="utf-8"><meta name="referrer" content="no-referrer">'
        f'<base target="_blank"><style>{_STYLE}</style>{_CID.sub(address, shown)}'
    )
    response = HttpResponse(body, content_type="text/html; charset=utf-8")
    response.headers["Content-Security-Policy"] = (
        f"default-src 'none'; img-src {pictures}; style-src 'unsafe-inline'; frame-ancestors 'self'; "
        "form-action 'none'; base-uri 'none'; "
        "sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox"
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
