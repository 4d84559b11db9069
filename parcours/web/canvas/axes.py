"""Renaming, moving, removing and putting back stages and rows; each leads back to the settings page."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from parcours.canvas import writes
from parcours.core.errors import BadInput
from parcours.web.doors import Request, door


@door("canvas.edit")
@require_POST
def stage_edit(request: Request, journey_id: uuid.UUID, stage_id: uuid.UUID) -> HttpResponse:
    try:
        writes.edit_stage(
            journey_id,
            stage_id,
            name=request.POST.get("name"),
            description=request.POST.get("description"),
            acting_user=request.actor,
        )
    except BadInput as fault:
        messages.error(request, str(fault))
    return redirect("map_settings", journey_id)


@door("canvas.edit")
@require_POST
def stage_move(request: Request, journey_id: uuid.UUID, stage_id: uuid.UUID) -> HttpResponse:
    """To `position`, counted from 0."""
    writes.move_stage(journey_id, stage_id, _position(request), acting_user=request.actor)
    return redirect("map_settings", journey_id)


@door("canvas.edit")
@require_POST
def stage_remove(request: Request, journey_id: uuid.UUID, stage_id: uuid.UUID) -> HttpResponse:
    try:
        writes.remove_stage(journey_id, stage_id, acting_user=request.actor)
    except BadInput as fault:
        messages.error(request, str(fault))
    else:
        messages.success(request, _("The stage was removed with its cards. It can be put back below."))
    return redirect("map_settings", journey_id)


@door("canvas.edit")
@require_POST
def stage_restore(request: Request, journey_id: uuid.UUID, stage_id: uuid.UUID) -> HttpResponse:
    writes.restore_stage(journey_id, stage_id, acting_user=request.actor)
    messages.success(request, _("The stage is back with its cards."))
    return redirect("map_settings", journey_id)


@door("canvas.edit")
@require_POST
def lane_edit(request: Request, journey_id: uuid.UUID, lane_id: uuid.UUID) -> HttpResponse:
    try:
        writes.edit_lane(journey_id, lane_id, name=request.POST.get("name", ""), acting_user=request.actor)
    except BadInput as fault:
        messages.error(request, str(fault))
    return redirect("map_settings", journey_id)


@door("canvas.edit")
@require_POST
def lane_move(request: Request, journey_id: uuid.UUID, lane_id: uuid.UUID) -> HttpResponse:
    """To `position`, counted from 0."""
    writes.move_lane(journey_id, lane_id, _position(request), acting_user=request.actor)
    return redirect("map_settings", journey_id)


@door("canvas.edit")
@require_POST
def lane_remove(request: Request, journey_id: uuid.UUID, lane_id: uuid.UUID) -> HttpResponse:
    try:
        writes.remove_lane(journey_id, lane_id, acting_user=request.actor)
    except BadInput as fault:
        messages.error(request, str(fault))
    else:
        messages.success(request, _("The row was removed with its cards. It can be put back below."))
    return redirect("map_settings", journey_id)


@door("canvas.edit")
@require_POST
def lane_restore(request: Request, journey_id: uuid.UUID, lane_id: uuid.UUID) -> HttpResponse:
    writes.restore_lane(journey_id, lane_id, acting_user=request.actor)
    messages.success(request, _("The row is back with its cards."))
    return redirect("map_settings", journey_id)


def _position(request: Request) -> int:
    text = request.POST.get("position", "")
    if not text.isdecimal() or len(text) > 4:
        raise BadInput(_("“{text}” is not a place.").format(text=text), where="position")
    return int(text)
