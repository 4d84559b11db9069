"""The page behind a number of the canvas."""

import csv
import uuid
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO
from itertools import islice
from typing import TYPE_CHECKING

from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from parcours.core.cells import harmless
from parcours.customers.reads import CustomerView, profiles
from parcours.insights.reads import canvas_numbers, paths_behind
from parcours.web.doors import Request, door
from parcours.web.insights.asked import Asked, read_asked
from parcours.web.insights.choices import choices
from parcours.web.insights.sentences import definition, title

if TYPE_CHECKING:
    from parcours.insights.paths import Behind

EXPORT_CHUNK = 1_000


@door("canvas.view")
@require_GET
def paths(request: Request, journey_id: uuid.UUID, stage_id: uuid.UUID) -> HttpResponseBase:
    """Who is behind a number, by which paths they came, what they did next."""
    from parcours.insights.report import report

    asked = read_asked(request, journey_id, stage_id)
    numbers = canvas_numbers(request.brand, asked.board, asked.filters.period, asked.filters.segment)
    stage = numbers.stage_by_id[asked.stage.id] if numbers else None
    found = report(_behind(request, asked), by_event=asked.by_event, path=asked.path, page=asked.page)
    known = profiles(request.brand, [member.customer for member in found.members])
    page = {
        "asked": asked,
        "journey": asked.board.journey,
        "filters": asked.filters,
        "title": title(asked, found.customers),
        "definition": definition(asked.outcome, touchpoint=asked.touchpoint is not None),
        "choices": choices(asked, stage),
        "numbers": stage,
        "report": found,
        "members": [(member, known.get(member.customer)) for member in found.members],
        "before": asked.query(page=str(found.page - 1)) if found.page > 1 else "",
        "after": asked.query(page=str(found.page + 1)) if found.page < found.pages else "",
    }
    return render(request, "insights/paths.html", page)


@door("customers.view")
@require_GET
def paths_csv(request: Request, journey_id: uuid.UUID, stage_id: uuid.UUID) -> HttpResponseBase:
    """All the customers behind a number, one a line; times are in UTC."""
    from parcours.insights.report import every_member

    asked = read_asked(request, journey_id, stage_id)
    members = every_member(_behind(request, asked), by_event=asked.by_event, path=asked.path)

    def lines() -> Iterator[Sequence[object]]:
        yield "customer", "user_id", "name", "email", "entered_at", "seconds", "last_event"
        while chunk := list(islice(members, EXPORT_CHUNK)):
            known = profiles(request.brand, [member.customer for member in chunk])
            for member in chunk:
                entered_at = member.entered_at.isoformat(timespec="seconds")
                who = _who(known.get(member.customer))
                yield member.customer, *who, entered_at, round(member.seconds), member.last_event

    response = StreamingHttpResponse(_as_csv(lines()), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="customers.csv"'
    return response


def _behind(request: Request, asked: Asked) -> "Behind":
    period, segment = asked.filters.period, asked.filters.segment
    return paths_behind(request.brand, asked.board.stages, asked.target(), period, segment)


def _who(customer: CustomerView | None) -> tuple[str, str, str]:
    if customer is None:
        return "", "", ""
    user_id = next((each.value for each in customer.identities if each.kind == "user_id"), "")
    return user_id, customer.name, customer.email


def _as_csv(lines: Iterable[Sequence[object]]) -> Iterator[str]:
    for line in lines:
        text = StringIO()
        csv.writer(text).writerow([harmless(cell) for cell in line])
        yield text.getvalue()
