"""One journey by generations and segments, side by side."""

import csv
import uuid
from io import StringIO
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from parcours.canvas import reads
from parcours.canvas.enums import LaneKind
from parcours.canvas.family import family
from parcours.canvas.shapes import Board, CardView, JourneyView
from parcours.core.cells import harmless
from parcours.customers.reads import SegmentView, segment_counts, segments
from parcours.insights.lens import (
    FEWEST_TO_COMPARE,
    LEAVE,
    MOST_SEGMENTS,
    ON,
    TOUCHPOINT,
    Lens,
    LensRow,
    lens,
)
from parcours.web.doors import Request, door
from parcours.web.insights.filters import Filters, read_filters

_OUTCOME = {ON: "next", LEAVE: "ended"}
_NUMBERS = ("customers", "of", "share", "others", "difference", "low", "high", "p_value")
BESIDE_EACH_OTHER = 2
_COLUMNS = ("stage", "what", "name", "segment", *_NUMBERS)


@door("canvas.view")
@require_GET
def generations(request: Request, journey_id: uuid.UUID) -> HttpResponse:
    board = reads.board(request.brand.pk, journey_id)
    filters = read_filters(request)
    known = segments(request.brand)
    chosen = _chosen(request, known)
    found = lens(request.brand, board, [each.key for each in chosen], filters.period)
    if found is not None and request.GET.get("as") == "csv":
        return _csv(found)
    return render(
        request,
        "lens/generations.html",
        {
            "journey": board.journey,
            "lens": found,
            "rows": _rows(board.journey, found, filters) if found else [],
            "in_sight": _in_sight(found) if found else (),
            "standouts": found.standouts if found else (),
            "scale": _scale(found) if found else 1.0,
            "fewest": FEWEST_TO_COMPARE,
            "most": MOST_SEGMENTS,
            "choices": [(each, each in chosen) for each in known],
            "filters": filters,
            "period": filters.period,
            "period_choice": filters.period_choice,
            "periods": filters.periods,
            "own_needs": _own_needs(request, board, known),
            "csv_query": _csv_query(request),
        },
    )


def _chosen(request: Request, known: tuple[SegmentView, ...]) -> list[SegmentView]:
    """The segments that the address names; else the generations that have enough customers."""
    wanted = request.GET.getlist("by")
    if wanted:
        return [each for each in known if each.key in wanted][:MOST_SEGMENTS]
    counts = segment_counts(request.brand, [each for each in known if each.builtin])
    return [each for each in known if counts.get(each.key, 0) >= FEWEST_TO_COMPARE]


def _rows(journey: JourneyView, found: Lens, filters: Filters) -> list[dict[str, Any]]:
    """By stage, then the channels: each share with a link to the customers behind it, where there is one."""
    sections: list[dict[str, Any]] = []
    for stage in found.stages:
        lines = [_line(journey, row, found, filters) for row in stage.rows]
        at = 2 if stage.on else 1
        sections.append({"stage": stage, "lines": lines[:at], "rest": lines[at:], "seconds": stage.seconds})
    if found.channels:
        lines = [_line(journey, row, found, filters) for row in found.channels]
        sections.append({"stage": None, "lines": lines, "rest": [], "seconds": ()})
    return sections


def _line(journey: JourneyView, row: LensRow, found: Lens, filters: Filters) -> dict[str, Any]:
    cells = [
        (cell, column, _address(journey, row, column.key, filters))
        for cell, column in zip(row.cells, found.columns, strict=True)
    ]
    return {"row": row, "cells": cells, "all": _address(journey, row, "", filters)}


def _address(journey: JourneyView, row: LensRow, segment: str, filters: Filters) -> str:
    """Where the customers behind a number are; empty for a channel, which is of no stage."""
    if row.stage is None:
        return ""
    words = {**filters.period.as_query(), "segment": segment, "outcome": _OUTCOME.get(row.kind, "")}
    words["touchpoint"] = row.thing if row.kind == TOUCHPOINT else ""
    query = urlencode({name: value for name, value in words.items() if value})
    return f"{reverse('map_paths', args=[journey.id, row.stage])}?{query}"


def _in_sight(found: Lens) -> tuple[str, ...]:
    """The segments that a phone shows first: the two with most customers."""
    largest = sorted(found.columns, key=lambda column: -column.customers)
    return tuple(column.key for column in largest[:BESIDE_EACH_OTHER])


def _scale(found: Lens) -> float:
    """How far the axis reaches to either side: beyond every difference; a wide interval may run out of it."""
    rows = [row for stage in found.stages for row in stage.rows] + list(found.channels)
    return max([0.1, *(1.2 * abs(cell.difference or 0.0) for row in rows for cell in row.cells)])


def _own_needs(request: Request, board: Board, known: tuple[SegmentView, ...]) -> list[dict[str, Any]]:
    """Needs that only the map of a segment has: nobody copied them from the whole."""
    names = {each.key: each.name for each in known}
    found = []
    for other in family(request.brand.pk, board.journey).for_segments:
        theirs = reads.board(request.brand.pk, other.id)
        needs = [card for card in theirs.cards if _is_own_need(card)]
        if needs and other.segment_key in names:
            found.append({"journey": other, "name": names[other.segment_key], "needs": needs})
    return found


def _is_own_need(card: CardView) -> bool:
    return card.kind == LaneKind.NEED and card.drawn_from_id is None


def _csv_query(request: Request) -> str:
    words = request.GET.copy()
    words["as"] = "csv"
    return words.urlencode()


def _csv(found: Lens) -> HttpResponse:
    """A line for each share of each segment; shares from 0 to 1."""
    text = StringIO()
    out = csv.writer(text)
    out.writerow(_COLUMNS)
    rows = [(stage.name, row) for stage in found.stages for row in stage.rows]
    for stage, row in [*rows, *(("", row) for row in found.channels)]:
        for column, cell in zip(found.columns, row.cells, strict=True):
            numbers = (cell.share, cell.others, cell.difference, cell.low, cell.high, cell.p_value)
            shown = [""] * len(numbers) if cell.too_few else [f"{number:.6g}" for number in numbers]
            words = [harmless(word) for word in (stage, row.kind, row.name, column.name)]
            out.writerow([*words, cell.hits, cell.n, *shown])
    answer = HttpResponse(text.getvalue(), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="generations.csv"'
    return answer
