"""Touchpoints: which events belong to which stage, with what is really in the lake to choose from."""

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from parcours.canvas import reads, writes
from parcours.canvas.errors import WordsConflict
from parcours.canvas.library.reads import link_of_touchpoint
from parcours.canvas.resolver import Matched, match
from parcours.canvas.rules import touchpoint_rule
from parcours.canvas.shapes import Board, StageView, TouchpointView
from parcours.core.errors import BadInput
from parcours.core.periods import read_period
from parcours.events.lake import Lake
from parcours.insights.reads import canvas_numbers
from parcours.insights.shapes import CanvasNumbers
from parcours.web.canvas.fragments import wants_fragment
from parcours.web.canvas.rule_form import operators, rows_of, sent_rows, sent_rule
from parcours.web.canvas.suggestions import suggestions
from parcours.web.canvas.words import seen_in
from parcours.web.doors import Request, door

if TYPE_CHECKING:
    from parcours.events.lake import LakeIndex


@dataclass(frozen=True, slots=True)
class Row:
    """A touchpoint with its numbers over all time; None without events."""

    touchpoint: TouchpointView
    customers: int | None
    events: int | None


@dataclass(frozen=True, slots=True)
class Group:
    stage: StageView
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Unmatched:
    """Events that no rule means, and their share of all."""

    events: int
    share: float


@door("canvas.edit")
@require_GET
def touchpoints(request: Request, journey_id: uuid.UUID) -> HttpResponse:
    """All touchpoints in the order in which they are tried."""
    board = reads.board(request.brand.pk, journey_id)
    period = read_period({"period": "all"}, request.brand.time_zone)
    numbers = canvas_numbers(request.brand, board, period)
    context = {
        "journey": board.journey,
        "groups": _groups(board, numbers),
        "unmatched": _unmatched(numbers),
        "period": period,
        "removed": [
            thing for thing in reads.removed(request.brand.pk, journey_id) if thing.kind == "touchpoint"
        ],
    }
    return render(request, "canvas/touchpoints.html", context)


@door("canvas.edit")
@require_http_methods(["GET", "POST"])
def new(request: Request, journey_id: uuid.UUID) -> HttpResponse:
    if request.method == "GET":
        return _form(request, journey_id, stage=request.GET.get("stage", ""))
    try:
        writes.add_touchpoint(
            journey_id,
            stage_id=_stage(request),
            name=request.POST.get("name", ""),
            channel=request.POST.get("channel", ""),
            rule=sent_rule(request.POST),
            acting_user=request.actor,
        )
    except BadInput as fault:
        return _form(request, journey_id, problem=fault)
    messages.success(request, _("The touchpoint was added."))
    return redirect("map_touchpoints", journey_id)


@door("canvas.edit")
@require_http_methods(["GET", "POST"])
def touchpoint(request: Request, journey_id: uuid.UUID, touchpoint_id: uuid.UUID) -> HttpResponse:
    """Its form; a button's `do` says what to do: save, delete, or try it earlier (up) or later (down)."""
    found = reads.touchpoint(request.brand.pk, journey_id, touchpoint_id)
    if request.method == "GET":
        return _form(request, journey_id, touchpoint=found)
    do = request.POST.get("do", "save")
    if do in {"up", "down"}:
        _move(request, journey_id, found, -1 if do == "up" else +1)
    elif do == "delete":
        writes.remove_touchpoint(journey_id, touchpoint_id, acting_user=request.actor)
        messages.success(
            request,
            _("The touchpoint was removed. It can be put back in the settings."),
            extra_tags=reverse("map_touchpoint_restore", args=[journey_id, touchpoint_id]),
        )
    else:
        try:
            writes.edit_touchpoint(
                journey_id,
                touchpoint_id,
                stage_id=_stage(request),
                name=request.POST.get("name", ""),
                channel=request.POST.get("channel", ""),
                rule=sent_rule(request.POST),
                seen=seen_in(request),
                acting_user=request.actor,
            )
        except (BadInput, WordsConflict) as fault:
            return _form(request, journey_id, touchpoint=found, problem=fault)
    return redirect("map_touchpoints", journey_id)


@door("canvas.edit")
@require_POST
def restore(request: Request, journey_id: uuid.UUID, touchpoint_id: uuid.UUID) -> HttpResponse:
    writes.restore_touchpoint(journey_id, touchpoint_id, acting_user=request.actor)
    messages.success(request, _("The touchpoint is back."))
    return redirect("map_touchpoints", journey_id)


@door("canvas.edit")
@require_POST
def count(request: Request, journey_id: uuid.UUID) -> HttpResponse:
    """How many events the rule in the form means by itself, while it is being written."""
    reads.journey(request.brand.pk, journey_id)
    index = _index(request)
    context: dict[str, Any] = {"matched": Matched(0, 0, ())}
    try:
        rule = touchpoint_rule(sent_rule(request.POST))
    except BadInput as fault:
        context["problem"] = fault
    else:
        if index is not None and rule.conditions:
            context["matched"] = match(index, rule)
    return render(request, "canvas/touchpoint_count.html", context)


def _groups(board: Board, numbers: CanvasNumbers | None) -> tuple[Group, ...]:
    by_id = numbers.touchpoint_by_id if numbers else {}
    return tuple(
        Group(
            stage,
            tuple(
                Row(each, counted.customers if counted else None, counted.events if counted else None)
                for each in stage.touchpoints
                for counted in (by_id.get(each.id),)
            ),
        )
        for stage in board.stages
    )


def _unmatched(numbers: CanvasNumbers | None) -> Unmatched | None:
    if numbers is None or not numbers.events or numbers.events == numbers.events_on_the_map:
        return None
    events = numbers.events - numbers.events_on_the_map
    return Unmatched(events, events / numbers.events)


def _move(request: Request, journey_id: uuid.UUID, found: TouchpointView, step: int) -> None:
    among = reads.touchpoints(request.brand.pk, journey_id)
    siblings = [each.id for each in among if each.stage_id == found.stage_id]
    place = max(0, siblings.index(found.id) + step)
    writes.move_touchpoint(journey_id, found.id, place, stage_id=found.stage_id, acting_user=request.actor)


def _form(
    request: Request,
    journey_id: uuid.UUID,
    *,
    touchpoint: TouchpointView | None = None,
    stage: str = "",
    problem: BadInput | WordsConflict | None = None,
) -> HttpResponse:
    """The form as it is stored, or, with a `problem`, as it was sent."""
    journey = reads.journey(request.brand.pk, journey_id)
    if problem is not None:
        values = {"name": request.POST.get("name", ""), "channel": request.POST.get("channel", "")}
        stage, rows = request.POST.get("stage", ""), sent_rows(request.POST)
    elif touchpoint is not None:
        values = {"name": touchpoint.name, "channel": touchpoint.channel}
        stage, rows = str(touchpoint.stage_id), rows_of(touchpoint.rule)
    else:
        values, rows = {"name": request.GET.get("name", "")[:120]}, sent_rows(request.GET)
    address = (
        reverse("map_touchpoint", args=[journey_id, touchpoint.id])
        if touchpoint
        else reverse("map_touchpoint_new", args=[journey_id])
    )
    context = {
        "journey": journey,
        "touchpoint": touchpoint,
        "stages": reads.stages(request.brand.pk, journey_id),
        "stage": _known_id(stage),
        "values": values,
        "conditions": rows,
        "ops": operators(),
        "suggestions": suggestions(request.brand.pk),
        "problem": problem,
        "action": address,
        "link": link_of_touchpoint(request.brand.pk, touchpoint) if touchpoint else None,
    }
    status = 422 if problem else 200
    if wants_fragment(request):
        return render(request, "canvas/touchpoint_form.html", context, status=status)
    page = {**context, "fragment": "canvas/touchpoint_form.html"}
    return render(request, "canvas/touchpoint_page.html", page, status=status)


def _index(request: Request) -> "LakeIndex | None":
    """The events there are; None before the first one."""
    lake = Lake(request.brand.pk)
    return lake.index() if lake.generation else None


def _stage(request: Request) -> uuid.UUID:
    stage = _known_id(request.POST.get("stage", ""))
    if stage is None:
        raise BadInput(_("Choose the stage of the touchpoint."), where="stage")
    return stage


def _known_id(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
