"""What a person was told: the page, following one, and marking them read."""

import uuid
from datetime import timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from parcours.core.clock import now
from parcours.notices import reads, writes
from parcours.web.doors import Request, door


@door("account.own")
@require_GET
def notices(request: Request) -> HttpResponse:
    """By day, the newest first. `show=unread` and `kind=` filter; `before=` continues."""
    kind, unread_only = request.GET.get("kind", ""), request.GET.get("show") == "unread"
    page = reads.notices(
        request.brand, request.actor, kind=kind, unread_only=unread_only, before=_before(request)
    )
    today = now().astimezone(ZoneInfo(request.brand.time_zone)).date()
    context = {
        "page": page,
        "kind": kind,
        "unread_only": unread_only,
        "query": _query(kind, unread_only),
        "older": _query(kind, unread_only, before=str(page.older)) if page.older else "",
        "today": today,
        "yesterday": today - timedelta(days=1),
    }
    return render(request, "notices/notices.html", context)


@door("account.own")
@require_GET
def follow(request: Request, notice_id: uuid.UUID) -> HttpResponseBase:
    """To what the notice is about; from then on it counts as read."""
    found = reads.notice(request.actor, notice_id)
    writes.mark_read(notice_id, acting_user=request.actor)
    return redirect(found.url)


@door("account.own")
@require_POST
def read(request: Request, notice_id: uuid.UUID) -> HttpResponseBase:
    """Read, or with `unread` not yet."""
    writes.mark_read(notice_id, read=not request.POST.get("unread"), acting_user=request.actor)
    return redirect(_back(request))


@door("account.own")
@require_POST
def read_all(request: Request) -> HttpResponseBase:
    """All of them, or those of a `kind`."""
    marked = writes.mark_all_read(kind=request.POST.get("kind", ""), acting_user=request.actor)
    said = ngettext("{n} notice is marked as read.", "{n} notices are marked as read.", marked)
    messages.success(request, said.format(n=marked))
    return redirect(_back(request))


def _back(request: Request) -> str:
    """The page as it was filtered."""
    query = _query(request.POST.get("kind", ""), request.POST.get("show") == "unread")
    return f"{reverse('notices')}{'?' if query else ''}{query}"


def _query(kind: str, unread_only: bool, **more: str) -> str:
    words = {"kind": kind, "show": "unread" if unread_only else "", **more}
    return urlencode({name: value for name, value in words.items() if value})


def _before(request: Request) -> uuid.UUID | None:
    try:
        return uuid.UUID(request.GET.get("before", ""))
    except ValueError:
        return None
