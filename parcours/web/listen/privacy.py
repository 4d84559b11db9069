"""What people ask, allow and had erased: the page that a brand answers for."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from parcours.core.clock import now
from parcours.core.errors import BadInput, ParcoursError
from parcours.customers.consent import ledger as consent
from parcours.customers.consent import purposes as consent_purposes
from parcours.customers.enums import IdentityKind
from parcours.customers.erasure import carrying_out as erasure
from parcours.customers.erasure import requests as asked
from parcours.customers.erasure import suppression
from parcours.customers.retention import rules as retention
from parcours.web.doors import Request, door

MOST_CLOSED = 20


@door("consent.edit")
@require_GET
def overview(request: Request) -> HttpResponse:
    return _page(request)


@door("consent.edit")
@require_GET
def numbers(request: Request) -> HttpResponse:
    """The table of purposes with its numbers: a large ledger takes a moment to count."""
    return render(request, "listen/privacy_purposes.html", _purposes(request, consent.counts(request.brand)))


@door("consent.edit")
@require_POST
def verify(request: Request, request_id: uuid.UUID) -> HttpResponse:
    asked.do_verify(asked.request_of(request.brand, request_id), acting_user=request.actor)
    messages.success(request, _("Noted: it is the person who asks."))
    return redirect("privacy")


@door("consent.edit")
@require_POST
def answered(request: Request, request_id: uuid.UUID) -> HttpResponse:
    asked.do_note_answered(asked.request_of(request.brand, request_id), acting_user=request.actor)
    messages.success(request, _("The request is closed."))
    return redirect("privacy")


@door("consent.edit")
@require_POST
def refuse(request: Request, request_id: uuid.UUID) -> HttpResponse:
    row = asked.request_of(request.brand, request_id)
    try:
        asked.do_refuse(row, request.POST.get("reason", ""), acting_user=request.actor)
    except BadInput as fault:
        return _page(request, problem=fault)
    messages.success(request, _("The request is closed."))
    return redirect("privacy")


@door("customers.erase")
@require_POST
def grant(request: Request, request_id: uuid.UUID) -> HttpResponse:
    """Begins the erasure that was asked for."""
    begun = asked.do_grant_erasure(asked.request_of(request.brand, request_id), acting_user=request.actor)
    return redirect("certificate", begun.pk)


@door("customers.erase")
@require_POST
def lift(request: Request) -> HttpResponse:
    """Lets somebody in again who was erased and comes back by their own will."""
    value = request.POST.get("value", "").strip()
    if not value:
        return _page(
            request, problem=BadInput(_("Write the address or number of the person."), where="value")
        )
    known = [(kind, value) for kind in IdentityKind.values]
    if suppression.do_lift_suppression(request.brand, known, acting_user=request.actor):
        messages.success(request, _("What comes in about this person is taken in again."))
    else:
        messages.warning(request, _("Nothing is kept away under this address or number."))
    return redirect("privacy")


def _purposes(request: Request, counts: consent.Counts | None) -> dict[str, Any]:
    rows = [
        {"purpose": each, "numbers": (counts or {}).get((each.key, each.channel), {})}
        for each in consent_purposes.purposes(request.brand)
    ]
    return {"purposes": rows, "counted": counts is not None}


def _page(request: Request, *, problem: ParcoursError | None = None) -> HttpResponse:
    found = asked.requests(request.brand).select_related("customer")
    context = {
        "tab": "privacy",
        "open": [row for row in found if row.closed_at is None],
        "closed": found.exclude(closed_at=None)[:MOST_CLOSED],
        "now": now(),
        **_purposes(request, consent.kept_counts(request.brand)),
        "suppressed": suppression.suppression_count(request.brand),
        "dropped": suppression.dropped_count(request.brand),
        "erasures": erasure.erasures(request.brand)[:5],
        "rules": [rule for rule in retention.rules(request.brand) if rule.enabled],
        "problem": problem,
    }
    return render(request, "listen/privacy.html", context, status=422 if problem else 200)
