"""Who is who: pairs that may be one customer, and merges made and undone by hand."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext as _n
from django.views.decorators.http import require_GET, require_POST

from parcours.core.errors import BadInput, ParcoursError
from parcours.customers import reads
from parcours.customers.enums import Decision
from parcours.customers.segments.history import merges_by_people
from parcours.customers.stitching.joining import (
    do_accept_likeness,
    do_dismiss_likeness,
    do_merge_customers,
    do_reopen_likeness,
    do_undo_merge,
)
from parcours.customers.stitching.likenesses import find_likenesses, likenesses
from parcours.customers.stitching.same_person import find_customer
from parcours.web.doors import Request, door

PAGE = 20


@door("customers.view")
@require_GET
def same(request: Request) -> HttpResponse:
    """Pairs to decide about; `show=apart` those that somebody said are two."""
    decision = Decision.APART if request.GET.get("show") == "apart" else Decision.OPEN
    after = request.GET.get("after", "")
    found, total = likenesses(
        request.brand,
        decision=decision,
        after=int(after) if after.isdecimal() and len(after) < 19 else 0,
        limit=PAGE + 1,
    )
    context = {
        "tab": "customers",
        "pairs": found[:PAGE],
        "total": total,
        "apart": decision == Decision.APART,
        "next": found[PAGE - 1].id if len(found) > PAGE else None,
        "merges": [] if after else merges_by_people(request.brand),
    }
    return render(request, "listen/same.html", context)


@door("customers.edit")
@require_POST
def look(request: Request) -> HttpResponse:
    new = find_likenesses(request.brand)
    messages.success(
        request,
        _n("{n} new pair was found.", "{n} new pairs were found.", new).format(n=new)
        if new
        else _("No new pair was found."),
    )
    return redirect("customers_same")


@door("customers.edit")
@require_POST
def accept(request: Request, likeness_id: int) -> HttpResponse:
    merge = do_accept_likeness(request.brand, likeness_id, acting_user=request.actor)
    messages.success(request, _("They are one customer now. It can be undone here and on the profile."))
    return redirect("customer", merge.winner_id) if request.POST.get("then") else redirect("customers_same")


@door("customers.edit")
@require_POST
def dismiss(request: Request, likeness_id: int) -> HttpResponse:
    do_dismiss_likeness(request.brand, likeness_id, acting_user=request.actor)
    messages.success(request, _("They stay two customers. You won't be asked again."))
    return redirect("customers_same")


@door("customers.edit")
@require_POST
def reopen(request: Request, likeness_id: int) -> HttpResponse:
    do_reopen_likeness(request.brand, likeness_id, acting_user=request.actor)
    return redirect("customers_same")


@door("customers.edit")
@require_POST
def merge(request: Request, customer_id: int) -> HttpResponse:
    """Another customer, named by number or identity, becomes part of this one."""
    customer = reads.customer(request.brand, customer_id)
    try:
        other = find_customer(request.brand, request.POST.get("other", ""))
        do_merge_customers(
            request.brand,
            other,
            customer.id,
            reason=request.POST.get("reason", "").strip()[:200],
            acting_user=request.actor,
        )
    except BadInput as fault:
        messages.error(request, _words(fault))
    else:
        messages.success(request, _("They are one customer now. It can be undone here and on the profile."))
    return redirect("customer", customer.id)


@door("customers.edit")
@require_POST
def undo(request: Request, merge_id: uuid.UUID) -> HttpResponse:
    undone = do_undo_merge(request.brand, merge_id, acting_user=request.actor)
    messages.success(request, _("They are two customers again. Their events follow within moments."))
    return redirect("customer", undone.loser_id)


def _words(fault: ParcoursError) -> str:
    return " ".join(part for part in (fault.what, fault.remedy) if part)
