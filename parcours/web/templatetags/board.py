"""The parts of the map's table, each kept as drawn; what differs for everybody goes in between."""

import uuid
from dataclasses import dataclass
from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe

from parcours.canvas.enums import LaneKind
from parcours.canvas.shapes import Cell, LaneView
from parcours.canvas.templates.hints import example
from parcours.web.canvas.board import Column
from parcours.web.canvas.drawing import drawn_piece
from parcours.web.templatetags.cards import card
from parcours.web.templatetags.comments import comments_at
from parcours.web.templatetags.emotion import emotion_plot
from parcours.web.templatetags.proposals import proposals_at

register = template.Library()
register.filter("example_of_kind", example)


@dataclass(frozen=True, slots=True)
class _Counted:
    """What the end of a tip says about a number: its period, and in whose time zone it was counted."""

    label: str = ""
    time_zone: str = ""


@dataclass(frozen=True, slots=True)
class _Head:
    """What the dialogs need to know of a journey: neither its revision nor when it changed."""

    id: uuid.UUID
    title: str


@register.simple_tag(takes_context=True)
def stage_head(context: template.Context, column: Column) -> SafeString:
    """The head of a column with its numbers."""
    head, tail = drawn_piece(
        "canvas/stage_head.html",
        ("proposals",),
        stage=column.stage,
        numbers=column.numbers,
        talk=column.talk,
        **_around(context),
    )
    said = comments_at(context, "stage", column.stage.id)
    return _joined(head, said, proposals_at(context, "stage", column.stage.id), tail)


@register.simple_tag(takes_context=True)
def touchpoints_cell(context: template.Context, column: Column) -> SafeString:
    """The touchpoints of a stage with their numbers."""
    head, tail = drawn_piece(
        "canvas/touchpoints_cell.html",
        ("proposals",),
        stage=column.stage,
        touchpoints=column.touchpoints,
        numbers=column.numbers,
        **_around(context),
    )
    return _joined(head, proposals_at(context, "touchpoints", column.stage.id), tail)


@register.simple_tag(takes_context=True)
def cells(context: template.Context, lane: LaneView) -> SafeString:
    """A row: one cell a stage, with its cards and what is proposed there."""
    return _joined(*(_cell(context, lane, cell, at) for at, cell in enumerate(lane.cells)))


def _cell(context: template.Context, lane: LaneView, cell: Cell, at: int) -> SafeString:
    before, to_cards, to_count, to_proposals, after = drawn_piece(
        "canvas/cell.html",
        ("curve", "cards", "count", "proposals"),
        stage_id=cell.stage.id,
        stage_name=cell.stage.name,
        lane_id=lane.id,
        lane_name=lane.name,
        kind=lane.kind,
        hint=cell.hint,
        may_edit=bool(context.get("may_edit")),
    )
    curve = emotion_plot(context, lane, at) if lane.kind == LaneKind.EMOTION else ""
    cards = "".join(card(context, each) for each in cell.cards)
    proposals = proposals_at(context, "cell", cell.stage.id, lane.id)
    said = comments_at(context, "cell", cell.stage.id, lane.id)
    count = len(cell.cards) or ""
    return _joined(before, curve, to_cards, cards, to_count, count, to_proposals, said, proposals, after)


@register.simple_tag(takes_context=True)
def dialogs(context: template.Context) -> SafeString:
    """What opens over the map, with the words that its scripts say."""
    (drawn,) = drawn_piece(
        "canvas/dialogs.html",
        journey=_Head(context["journey"].id, context["journey"].title),
        lane_kinds=tuple((kind, str(label)) for kind, label in context["lane_kinds"]),
        may_edit=bool(context.get("may_edit")),
    )
    return drawn


def _around(context: template.Context) -> dict[str, Any]:
    """What of the page the parts with numbers show."""
    counted = _Counted(context["period"].label, context["brand"].time_zone)
    return {
        "journey_id": context["journey"].id,
        "query": context["query"],
        "period": counted,
        "brand": counted,
        "may_edit": bool(context.get("may_edit")),
    }


def _joined(*parts: object) -> SafeString:
    """Parts that were drawn, so escaped, already."""
    return mark_safe("".join(map(str, parts)))  # noqa: S308
