"""Addresses that refuse mails: why, since when, and letting somebody write there again."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from parcours.customers import undeliverable as refusing
from parcours.web.doors import Request, door

MOST_A_PAGE = 100


@door("consent.edit")
@require_GET
def listing(request: Request) -> HttpResponse:
    """The brand's list, the newest first (`words` of an address, `before` a row's id)."""
    words, before = request.GET.get("words", "").strip(), request.GET.get("before", "")
    rows = refusing.listed(
        request.brand.pk,
        words=words,
        before=int(before) if before.isdecimal() and len(before) < 19 else None,
        most=MOST_A_PAGE + 1,
    )
    more = rows[MOST_A_PAGE - 1].id if len(rows) > MOST_A_PAGE else None
    context = {"rows": rows[:MOST_A_PAGE], "words": words, "older": more}
    return render(request, "listen/undeliverable.html", context)


@door("consent.edit")
@require_POST
def write_again(request: Request, address_id: int) -> HttpResponse:
    address = refusing.do_write_again(request.brand, address_id, acting_user=request.actor)
    messages.success(request, _("Mails go to {address} again.").format(address=address))
    return redirect("undeliverable")
