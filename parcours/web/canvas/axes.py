"""Renaming, moving, removing and putting back stages and rows, from the map itself or its settings page."""

import uuid
from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from parcours.canvas import writes
from parcours.canvas.errors import WordsConflict
from parcours.core.errors import BadInput
from parcours.web.canvas.fragments import from_board
from parcours.web.canvas.words import choose_words, seen_in
from parcours.web.doors import Request, door


@door("canvas.edit")
@require_POST
def stage_edit(request: Request, journey_id: uuid.UUID, stage_id: uuid.UUID) -> HttpResponse:
    def edit() -> None:
        writes.edit_stage(
            journey_id,
            stage_id,
            name=request.POST.get("name"),
            description=request.POST.get("description"),
            seen=seen_in(request),
            acting_user=request.actor,
        )

    return _done(request, journey_id, edit)


@door("canvas.edit")
@require_POST
def stage_move(request: Request, journey_id: uuid.UUID, stage_id: uuid.UUID) -> HttpResponse:
    """To `position`, counted from 0."""
    writes.move_stage(journey_id, stage_id, position(request), acting_user=request.actor)
    return _answer(request, journey_id)


@door("canvas.edit")
@require_POST
def stage_remove(request: Request, journey_id: uuid.UUID, stage_id: uuid.UUID) -> HttpResponse:
    def remove() -> None:
        writes.remove_stage(journey_id, stage_id, acting_user=request.actor)

    said = _("The stage was removed with its cards. It can be put back below.")
    back = reverse("map_stage_restore", args=[journey_id, stage_id])
    return _done(request, journey_id, remove, said, back)


@door("canvas.edit")
@require_POST
def stage_restore(request: Request, journey_id: uuid.UUID, stage_id: uuid.UUID) -> HttpResponse:
    writes.restore_stage(journey_id, stage_id, acting_user=request.actor)
    return _answer(request, journey_id, _("The stage is back with its cards."))


@door("canvas.edit")
@require_POST
def lane_edit(request: Request, journey_id: uuid.UUID, lane_id: uuid.UUID) -> HttpResponse:
    def edit() -> None:
        name, seen = request.POST.get("name", ""), seen_in(request)
        writes.edit_lane(journey_id, lane_id, name=name, seen=seen, acting_user=request.actor)

    return _done(request, journey_id, edit)


@door("canvas.edit")
@require_POST
def lane_move(request: Request, journey_id: uuid.UUID, lane_id: uuid.UUID) -> HttpResponse:
    """To `position`, counted from 0."""
    writes.move_lane(journey_id, lane_id, position(request), acting_user=request.actor)
    return _answer(request, journey_id)


@door("canvas.edit")
@require_POST
def lane_remove(request: Request, journey_id: uuid.UUID, lane_id: uuid.UUID) -> HttpResponse:
    def remove() -> None:
        writes.remove_lane(journey_id, lane_id, acting_user=request.actor)

    said = _("The row was removed with its cards. It can be put back below.")
    back = reverse("map_lane_restore", args=[journey_id, lane_id])
    return _done(request, journey_id, remove, said, back)


@door("canvas.edit")
@require_POST
def lane_restore(request: Request, journey_id: uuid.UUID, lane_id: uuid.UUID) -> HttpResponse:
    writes.restore_lane(journey_id, lane_id, acting_user=request.actor)
    return _answer(request, journey_id, _("The row is back with its cards."))


def _done(
    request: Request, journey_id: uuid.UUID, write: Callable[[], None], said: str = "", undo: str = ""
) -> HttpResponse:
    """Runs the write. The board gets what was refused as it is; the settings page says it on top."""
    try:
        write()
    except BadInput as fault:
        if from_board(request):
            raise
        messages.error(request, str(fault))
        return redirect("map_settings", journey_id)
    except WordsConflict as conflict:
        if from_board(request):
            raise
        return choose_words(request, conflict, journey_id)
    return _answer(request, journey_id, said, undo)


def _answer(request: Request, journey_id: uuid.UUID, said: str = "", undo: str = "") -> HttpResponse:
    if from_board(request):
        return HttpResponse(status=204)
    if said:
        messages.success(request, said, extra_tags=undo)
    return redirect("map_settings", journey_id)


def position(request: Request) -> int:
    """The place, counted from 0, that the request names. Raises BadInput."""
    text = request.POST.get("position", "")
    if not text.isdecimal() or len(text) > 4:
        raise BadInput(_("“{text}” is not a place.").format(text=text), where="position")
    return int(text)
