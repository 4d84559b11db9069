"""Customers: the list, and one customer's profile with everything that happened."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from parcours.core.errors import BadInput
from parcours.customers import reads
from parcours.customers.changing import do_change_profile
from parcours.customers.groups import groups_of
from parcours.customers.profiles import FIELD_NAMES
from parcours.customers.search import MOST_COUNTED, search_customers
from parcours.customers.segments.history import merges_of
from parcours.customers.stitching.likenesses import likenesses_of
from parcours.events.timeline import count_of
from parcours.insights.standing import standings
from parcours.live.reads import newest_id
from parcours.web.doors import Request, door
from parcours.web.listen.story import story_of

PAGE = 50
EDITABLE = ("name", "email", "birth_year", "country", "language")


@door("customers.view")
@require_GET
def listing(request: Request) -> HttpResponse:
    """Found by name, e-mail address or number, and by segment; `after` is the last one of the page before."""
    text, key = request.GET.get("q", "").strip(), request.GET.get("segment", "")
    after = request.GET.get("after", "")
    found, total = search_customers(
        request.brand,
        text=text,
        segment_key=key,
        after=int(after) if after.isdecimal() and len(after) < 19 else 0,
        limit=PAGE + 1,
    )
    page = found[:PAGE]
    words = {"q": text, "segment": key}
    further = {name: value for name, value in words.items() if value}
    context = {
        "tab": "customers",
        "customers": page,
        "total": total,
        "at_least": total == MOST_COUNTED,
        "q": text,
        "segment": key,
        "segments": reads.segments(request.brand),
        "asked": urlencode(further),
        "next": urlencode({**further, "after": page[-1].id}) if len(found) > PAGE else "",
        "first": urlencode(further) if after else None,
    }
    return render(request, "listen/customers.html", context)


@door("customers.view")
@require_GET
def profile(request: Request, customer_id: int) -> HttpResponse:
    live_id = newest_id(request.brand.pk)  # before anything is read: whatever comes later is sent
    customer = reads.customer(request.brand, customer_id)
    if customer.id != customer_id:
        return redirect("customer", customer.id)
    events, first, last = count_of(request.brand, customer.id)
    context = {
        "tab": "customers",
        "live_id": live_id,
        "customer": customer,
        "first_seen": first,
        "last_seen": last,
        "standings": standings(request.brand, customer.id),
        "groups": groups_of(request.brand, customer.id),
        "merges": merges_of(request.brand, customer.id),
        "likenesses": likenesses_of(request.brand, customer.id),
        **_story(request, customer.id, events),
    }
    return render(request, "listen/customer.html", context)


@door("customers.edit")
@require_http_methods(["GET", "POST"])
def edit(request: Request, customer_id: int) -> HttpResponse:
    """The fields of the profile by hand; only what was changed is written."""
    customer = reads.customer(request.brand, customer_id)
    known = {name: str(getattr(customer, name) or "") for name in EDITABLE}
    sent = {name: request.POST.get(name, known[name]).strip() for name in EDITABLE}
    problem: BadInput | None = None
    if request.method == "POST":
        changes = {name: value for name, value in sent.items() if value != known[name]}
        try:
            do_change_profile(request.brand, customer.id, changes, acting_user=request.actor)
        except BadInput as fault:
            problem = fault
        else:
            messages.success(request, _("The profile was changed."))
            return redirect("customer", customer.id)
    context = {
        "tab": "customers",
        "customer": customer,
        "fields": [(name, FIELD_NAMES[name], sent[name]) for name in EDITABLE],
        "problem": problem,
    }
    return render(request, "listen/customer_edit.html", context, status=422 if problem else 200)


@door("customers.view")
@require_GET
def timeline(request: Request, customer_id: int) -> HttpResponse:
    """The part of the page that asks for itself when something happens; no content when nothing is new."""
    customer = reads.customer(request.brand, customer_id)
    events, _first, _last = count_of(request.brand, customer.id)
    context = _story(request, customer.id, events)
    if request.GET.get("seen") == context["seen"]:
        return HttpResponse(status=204)
    return render(request, "listen/timeline.html", {"customer": customer, **context})


def _story(request: Request, customer_id: int, events: int) -> dict[str, Any]:
    """The timeline with what the address asks for."""
    asked = {name: request.GET.get(name, "") for name in ("name", "channel", "before")}
    name, channel, before = asked.values()
    story = story_of(request.brand, customer_id, name=name, channel=channel, before=before)
    filters = {name: value for name, value in asked.items() if value and name != "before"}
    changes = sum((merge.undone_at is not None) + 1 for merge in merges_of(request.brand, customer_id))
    return {
        "story": story,
        "asked": asked,
        "events": events,
        "seen": f"{events}.{changes}",
        "query": urlencode(filters),
        "older": urlencode({**filters, "before": story.older}) if story.older else "",
    }
