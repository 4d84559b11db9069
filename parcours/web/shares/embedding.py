"""Showing a shared map inside the pages of other sites: only those that its share names."""

from html import escape

from django.http import HttpResponse

from parcours.canvas.shares.shapes import ShareView
from parcours.web.security import POLICY

WIDTH, HEIGHT = 1_100, 640
_NOWHERE = "frame-ancestors 'none'"


def snippet(address: str, title: str, *, width: str = "100%", height: int = HEIGHT) -> str:
    """The lines of HTML that put the map into a page: a text, to be shown and copied."""
    return (
        f'<iframe src="{escape(address)}" title="{escape(title)}" width="{escape(width)}" height="{height}" '
        'loading="lazy" referrerpolicy="no-referrer" allow="fullscreen"></iframe>'
    )


def let_embed(response: HttpResponse, share: ShareView) -> HttpResponse:
    """Opens the page to frames of the share's own sites; without any it stays closed, as all pages are."""
    if share.origins:
        allowed = f"frame-ancestors {' '.join(share.origins)}"
        response.headers["Content-Security-Policy"] = POLICY.replace(_NOWHERE, allowed)
        response.xframe_options_exempt = True
    return response
