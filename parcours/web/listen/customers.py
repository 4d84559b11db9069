"""Customers: the list, and one customer's profile with everything that happened."""

from itertools import groupby
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from parcours.customers import reads
from parcours.customers.search import search_customers
from parcours.events.catalogue import label_of
from parcours.events.reads import EventView, timeline
from parcours.web.doors import Request, door

PAGE = 50
EVENTS_A_PAGE = 100
_MOST_SHOWN = 8


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
        "q": text,
        "segment": key,
        "segments": reads.segments(request.brand),
        "next": urlencode({**further, "after": page[-1].id}) if len(found) > PAGE else "",
        "first": urlencode(further) if after else None,
    }
    return render(request, "listen/customers.html", context)


@door("customers.view")
@require_GET
def profile(request: Request, customer_id: int) -> HttpResponse:
    customer = reads.customer(request.brand, customer_id)
    if customer.id != customer_id:
        return redirect("customer", customer.id)
    number = request.GET.get("page", "1")
    page = max(1, int(number)) if number.isdecimal() and len(number) < 9 else 1
    events, total = timeline(request.brand, customer.id, page=page, size=EVENTS_A_PAGE)
    context = {
        "tab": "customers",
        "customer": customer,
        "days": _days(events, ZoneInfo(request.brand.time_zone)),
        "total": total,
        "page": page,
        "older": page + 1 if page * EVENTS_A_PAGE < total else None,
        "newer": page - 1 if page > 1 else None,
    }
    return render(request, "listen/customer.html", context)


def _days(events: list[EventView], zone: ZoneInfo) -> list[dict[str, Any]]:
    """Events by day in the brand's time zone, as they come."""
    return [
        {
            "day": day,
            "events": [
                {
                    "time": event.time.astimezone(zone),
                    "name": event.name,
                    "label": label_of(event.name),
                    "channel": event.channel,
                    "source": event.source,
                    "facts": list(event.properties.items())[:_MOST_SHOWN],
                    "more": max(0, len(event.properties) - _MOST_SHOWN),
                }
                for event in group
            ],
        }
        for day, group in groupby(events, key=lambda event: event.time.astimezone(zone).date())
    ]
