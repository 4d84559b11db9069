"""A source: how to point something at it, what it sends right now, and what to look at."""

import uuid
from hashlib import sha256

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from parcours.events import arrivals, reads
from parcours.events.hooks.reads import shop_of_source
from parcours.events.models import Source
from parcours.web.doors import Request, door
from parcours.web.listen.connecting import ways_to_connect


@door("events.view")
@require_GET
def source(request: Request, source_id: uuid.UUID) -> HttpResponse:
    found = reads.source(request.brand, source_id)
    context = {
        **_arrived(found),
        "tab": "events",
        "message": arrivals.arrival(found, request.GET.get("message", "")),
        "warnings": arrivals.schema_warnings(found),
        "shop_id": shop_of_source(request.brand, source_id),
        "ways": ways_to_connect(request.build_absolute_uri("/").rstrip("/")),
    }
    return render(request, "listen/source.html", context)


@door("events.view")
@require_GET
def source_arrivals(request: Request, source_id: uuid.UUID) -> HttpResponse:
    """The part of the page that asks for itself again; no content when nothing is new."""
    arrived = _arrived(reads.source(request.brand, source_id))
    if request.GET.get("seen") == arrived["seen"]:
        return HttpResponse(status=204)
    return render(request, "listen/arrivals.html", arrived)


def _arrived(found: Source) -> dict[str, object]:
    latest, waiting = arrivals.latest_arrivals(found), arrivals.waiting(found.pk)
    shown = repr([waiting, found.event_count, *((each.key, each.state) for each in latest)])
    return {
        "source": found,
        "arrivals": latest,
        "waiting": waiting,
        "seen": sha256(shown.encode()).hexdigest()[:16],
    }
