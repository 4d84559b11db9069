"""What arrived: the names of events, the sources they come from."""

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from parcours.core.errors import BadInput, Conflict
from parcours.events import reads
from parcours.events.catalogue import label_of
from parcours.events.lake.index import NameCount
from parcours.events.writes import add_source, do_remove_source
from parcours.web.doors import Request, door

MOST_NAMES = 300
_WIDTH, _HEIGHT = 120, 24


@dataclass(frozen=True, slots=True)
class NameRow:
    """An event name with its numbers; `curve` are the points of its last days, drawn in 120 × 24."""

    name: str
    label: str
    events: int
    first: datetime
    last: datetime
    curve: str
    busiest: int


@door("events.view")
@require_GET
def events(request: Request) -> HttpResponse:
    return _page(request)


@door("events.sources")
@require_POST
def source_add(request: Request) -> HttpResponse:
    """Shows the write key, this once."""
    name = request.POST.get("name", "")
    try:
        source, key = add_source(request.brand, name, acting_user=request.actor)
    except (BadInput, Conflict) as fault:
        return _page(request, problem=fault, source_name=name, status=422)
    return _page(request, new_source=source.name, new_source_id=source.pk, new_key=key)


@door("events.sources")
@require_POST
def source_remove(request: Request, source_id: uuid.UUID) -> HttpResponse:
    do_remove_source(reads.source(request.brand, source_id), acting_user=request.actor)
    messages.success(request, _("The source was removed. Its events are kept."))
    return redirect("listen")


def _page(request: Request, *, status: int = 200, **extra: object) -> HttpResponse:
    counts = reads.name_counts(request.brand)
    context = {
        "tab": "events",
        "names": [_row(each) for each in counts[:MOST_NAMES]],
        "more": max(0, len(counts) - MOST_NAMES),
        "events": sum(each.events for each in counts),
        "customers": reads.customers_with_events(request.brand),
        "imports": reads.imports(request.brand)[:8],
        "sources": reads.sources(request.brand),
        **extra,
    }
    return render(request, "listen/events.html", context, status=status)


def _row(each: NameCount) -> NameRow:
    return NameRow(
        name=each.name,
        label=label_of(each.name),
        events=each.events,
        first=datetime.fromtimestamp(each.first / 1e6, UTC),
        last=datetime.fromtimestamp(each.last / 1e6, UTC),
        curve=_curve(each.days),
        busiest=max(each.days),
    )


def _curve(days: list[int]) -> str:
    """The points of a polyline, the busiest day at the top."""
    most = max(days) or 1
    step = _WIDTH / max(1, len(days) - 1)
    return " ".join(
        f"{place * step:.1f},{_HEIGHT - 2 - count / most * (_HEIGHT - 4):.1f}"
        for place, count in enumerate(days)
    )
