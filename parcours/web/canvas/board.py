"""The canvas page: what is drawn, with what really happened."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from parcours.canvas import reads
from parcours.canvas.brand_values.reads import fit_of, gaps_by_touchpoint
from parcours.canvas.brand_values.shapes import BrandFit, FitMark
from parcours.canvas.comments.reads import counts_by_place
from parcours.canvas.enums import LaneKind
from parcours.canvas.shapes import StageView, TouchpointView
from parcours.insights.beneath import beneath
from parcours.insights.card_facts import met_by_id
from parcours.insights.conversations.talk import Talk, TalkOnTheMap, talk_on_the_map
from parcours.insights.reads import canvas_numbers, numbers_of
from parcours.insights.shapes import CanvasNumbers, StageNumbers, TouchpointNumbers
from parcours.live.reads import newest_id
from parcours.web.canvas import remembered
from parcours.web.canvas.first_steps import first_steps
from parcours.web.canvas.marks import marks_on
from parcours.web.doors import Request, door
from parcours.web.insights.filters import Filters, read_filters


@dataclass(frozen=True, slots=True)
class TouchpointRow:
    touchpoint: TouchpointView
    numbers: TouchpointNumbers | None
    fit: FitMark | None = None
    """The brand value that is felt least of what is wanted here."""
    said: int = 0
    """How many comments stand in open conversations about it."""
    talk: Talk | None = None
    """What customers wrote to the team there, for who may see it."""


@dataclass(frozen=True, slots=True)
class Column:
    """A stage with its numbers; None while there are no events at all."""

    stage: StageView
    numbers: StageNumbers | None
    touchpoints: tuple[TouchpointRow, ...]
    talk: Talk | None = None


@door("canvas.view")
@require_GET
def canvas(request: Request, journey_id: uuid.UUID) -> HttpResponse:
    if request.GET.get("part") == "numbers":
        return _numbers(request, journey_id)
    live_id = newest_id(request.brand.pk)  # before the rows are read: whatever comes later is sent
    board = reads.board(request.brand.pk, journey_id)
    filters = read_filters(request, usual_segment=board.journey.segment_key)
    numbers = canvas_numbers(request.brand, board, filters.period, filters.segment)
    fit = fit_of(board.journey, board.stages, quoted=False)
    marks = marks_on(board, fit)
    said_at = counts_by_place(journey_id)
    talk = _talk(request, journey_id, filters)
    return render(
        request,
        "canvas/canvas.html",
        {
            "journey": board.journey,
            "board": board,
            "columns": columns(board.stages, numbers, fit, said_at, talk),
            "marks": marks,
            "said_at": said_at,
            "first_steps": first_steps(request, board, numbers, marks),
            "examples": sum(mark.example for mark in marks.values()),
            "met": met_by_id(board, numbers),
            "beneath": beneath(request.brand, board.cards, filters.period, filters.segment),
            "numbers": numbers,
            "live_id": live_id,
            "period": filters.period,
            "period_choice": filters.period_choice,
            "periods": filters.periods,
            "segment": filters.segment,
            "segment_name": filters.segment_name,
            "usual_segment": filters.usual_segment,
            "segments": filters.segments,
            "query": filters.query,
            "zoom": remembered.zoom(request),
            "folded": remembered.folded(request),
            "lane_kinds": LaneKind.choices,
        },
    )


def _numbers(request: Request, journey_id: uuid.UUID) -> HttpResponse:
    """The heads and touchpoints alone, for an open page: no card is read for new numbers."""
    journey = reads.journey(request.brand.pk, journey_id)
    stages = reads.stages(request.brand.pk, journey_id)
    filters = read_filters(request, usual_segment=journey.segment_key)
    numbers = numbers_of(request.brand, journey_id, stages, filters.period, filters.segment)
    said_at = counts_by_place(journey_id)
    fit, talk = fit_of(journey, stages, quoted=False), _talk(request, journey_id, filters)
    context = {
        "journey": journey,
        "columns": columns(stages, numbers, fit, said_at, talk),
        "said_at": said_at,
        "said_cells": [place.split(":")[1:] for place in said_at if place.startswith("cell:")],
        "numbers": numbers,
        "numbers_only": True,
        "period": filters.period,
        "query": filters.query,
    }
    return render(request, "canvas/numbers.html", context)


def _talk(request: Request, journey_id: uuid.UUID, filters: Filters) -> TalkOnTheMap | None:
    if not request.actor.may("inbox.view"):
        return None
    return talk_on_the_map(request.brand, journey_id, filters.period, filters.segment)


def columns(
    stages: Sequence[StageView],
    numbers: CanvasNumbers | None,
    fit: BrandFit,
    said_at: Mapping[str, int],
    talk: TalkOnTheMap | None = None,
) -> tuple[Column, ...]:
    by_stage = numbers.stage_by_id if numbers else {}
    by_touchpoint = numbers.touchpoint_by_id if numbers else {}
    gaps = gaps_by_touchpoint(fit)
    return tuple(
        Column(
            stage,
            by_stage.get(stage.id),
            tuple(
                TouchpointRow(
                    touchpoint,
                    by_touchpoint.get(touchpoint.id),
                    gaps.get(touchpoint.id),
                    said_at.get(f"touchpoint:{touchpoint.id}", 0),
                    talk.of(touchpoint.id) if talk else None,
                )
                for touchpoint in stage.touchpoints
            ),
            talk.of(stage.id) if talk else None,
        )
        for stage in stages
    )
