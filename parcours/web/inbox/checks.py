"""Last night's check: what platforms had and we didn't, what didn't agree, and what is left to do."""

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from parcours.inbox.reconciling import reads
from parcours.inbox.reconciling.running import DAYS, ask_to_reconcile
from parcours.web.doors import Request, door


@door("inbox.manage")
@require_http_methods(["GET", "POST"])
def check(request: Request) -> HttpResponseBase:
    """The last check and those of the nights before; a POST asks for one now."""
    if request.method == "POST":
        ask_to_reconcile(request.brand.pk)
        messages.success(request, _("The check is running. Its result stands here in a moment."))
        return redirect("inbox_check")
    found = reads.checks(request.brand.pk)
    context = {
        "here": "channels",
        "check": found[0] if found else None,
        "earlier": found[1:],
        "days": DAYS,
    }
    return render(request, "inbox/check.html", context)
