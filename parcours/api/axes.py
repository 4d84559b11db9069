"""What a canvas is drawn on: its stages, rows and touchpoints; copies of cards and their pictures."""

import uuid
from typing import Annotated, Any

from django.db import transaction
from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja import File, Form, Router, Status
from ninja.files import UploadedFile

from parcours.api import journeys
from parcours.api.axis_schemas import (
    CopyIn,
    LaneChange,
    LaneHeadOut,
    LaneIn,
    StageChange,
    StageHeadOut,
    StageIn,
    TouchpointChange,
    TouchpointHeadOut,
    TouchpointIn,
)
from parcours.api.doors import ApiRequest, needs
from parcours.api.drawing_objects import head_object
from parcours.api.drawing_schemas import JourneyHeadOut
from parcours.api.journeys import IdempotencyKey, IfMatch
from parcours.api.objects import card_object
from parcours.api.schemas import CardConflictOut, CardOut, Problem
from parcours.canvas import reads, writes
from parcours.canvas.revisions import read_revision
from parcours.canvas.shapes import CardView, TouchpointView
from parcours.core.errors import NotFound

router = Router(tags=["journeys"])

_PROBLEMS: dict[Any, Any] = {401: Problem, 403: Problem, 404: Problem}
_WRITE: dict[Any, Any] = {**_PROBLEMS, 409: Problem, 422: Problem}
_CARD_WRITE: dict[Any, Any] = {**_PROBLEMS, 409: CardConflictOut, 422: Problem, 428: Problem}
_JOURNEY = "/journeys/{uuid:journey_id}"
_STAGES, _STAGE = f"{_JOURNEY}/stages", f"{_JOURNEY}/stages/{{uuid:stage_id}}"
_LANES, _LANE = f"{_JOURNEY}/lanes", f"{_JOURNEY}/lanes/{{uuid:lane_id}}"
_TOUCHPOINTS, _TOUCHPOINT = f"{_JOURNEY}/touchpoints", f"{_JOURNEY}/touchpoints/{{uuid:touchpoint_id}}"
_PICTURE = f"{_JOURNEY}/cards/{{uuid:card_id}}/picture"


@journeys.router.delete(_JOURNEY, response={204: None, **_WRITE})
@needs("canvas.edit")
def delete_journey(request: ApiRequest, journey_id: uuid.UUID) -> Status[None]:
    """Takes the journey out of every list; it can be restored whole."""
    writes.delete_journey(journey_id, acting_user=request.actor)
    return Status(204, None)


@router.post(f"{_JOURNEY}/restore", response={200: JourneyHeadOut, **_WRITE})
@needs("canvas.edit")
def restore_journey(request: ApiRequest, journey_id: uuid.UUID) -> dict[str, Any]:
    return head_object(writes.restore_journey(journey_id, acting_user=request.actor))


@router.post(_STAGES, response={201: StageHeadOut, **_WRITE})
@needs("canvas.edit")
def add_stage(request: ApiRequest, journey_id: uuid.UUID, stage: StageIn) -> Status[dict[str, Any]]:
    made = writes.add_stage(
        journey_id,
        stage.name,
        description=stage.description,
        position=stage.position,
        acting_user=request.actor,
    )
    return Status(201, _stage(request, journey_id, made))


@router.patch(_STAGE, response={200: StageHeadOut, **_WRITE})
@needs("canvas.edit")
def change_stage(
    request: ApiRequest, journey_id: uuid.UUID, stage_id: uuid.UUID, change: StageChange
) -> dict[str, Any]:
    """Renames, describes or moves a stage with all that stands in it."""
    with transaction.atomic():
        if change.name is not None or change.description is not None:
            writes.edit_stage(
                journey_id,
                stage_id,
                name=change.name,
                description=change.description,
                acting_user=request.actor,
            )
        if change.position is not None:
            writes.move_stage(journey_id, stage_id, change.position, acting_user=request.actor)
    return _stage(request, journey_id, stage_id)


@router.delete(_STAGE, response={204: None, **_WRITE})
@needs("canvas.edit")
def remove_stage(request: ApiRequest, journey_id: uuid.UUID, stage_id: uuid.UUID) -> Status[None]:
    """Takes the stage off the canvas with its cards; it can be restored with them."""
    writes.remove_stage(journey_id, stage_id, acting_user=request.actor)
    return Status(204, None)


@router.post(f"{_STAGE}/restore", response={200: StageHeadOut, **_WRITE})
@needs("canvas.edit")
def restore_stage(request: ApiRequest, journey_id: uuid.UUID, stage_id: uuid.UUID) -> dict[str, Any]:
    writes.restore_stage(journey_id, stage_id, acting_user=request.actor)
    return _stage(request, journey_id, stage_id)


@router.post(_LANES, response={201: LaneHeadOut, **_WRITE})
@needs("canvas.edit")
def add_lane(request: ApiRequest, journey_id: uuid.UUID, lane: LaneIn) -> Status[dict[str, Any]]:
    """A new row; its kind is the kind of its cards and stays."""
    made = writes.add_lane(
        journey_id, lane.kind, name=lane.name, position=lane.position, acting_user=request.actor
    )
    return Status(201, _lane(request, journey_id, made))


@router.patch(_LANE, response={200: LaneHeadOut, **_WRITE})
@needs("canvas.edit")
def change_lane(
    request: ApiRequest, journey_id: uuid.UUID, lane_id: uuid.UUID, change: LaneChange
) -> dict[str, Any]:
    """Renames or moves a row with its cards."""
    with transaction.atomic():
        if change.name is not None:
            writes.edit_lane(journey_id, lane_id, name=change.name, acting_user=request.actor)
        if change.position is not None:
            writes.move_lane(journey_id, lane_id, change.position, acting_user=request.actor)
    return _lane(request, journey_id, lane_id)


@router.delete(_LANE, response={204: None, **_WRITE})
@needs("canvas.edit")
def remove_lane(request: ApiRequest, journey_id: uuid.UUID, lane_id: uuid.UUID) -> Status[None]:
    """Takes the row off the canvas with its cards; it can be restored with them."""
    writes.remove_lane(journey_id, lane_id, acting_user=request.actor)
    return Status(204, None)


@router.post(f"{_LANE}/restore", response={200: LaneHeadOut, **_WRITE})
@needs("canvas.edit")
def restore_lane(request: ApiRequest, journey_id: uuid.UUID, lane_id: uuid.UUID) -> dict[str, Any]:
    writes.restore_lane(journey_id, lane_id, acting_user=request.actor)
    return _lane(request, journey_id, lane_id)


@router.post(_TOUCHPOINTS, response={201: TouchpointHeadOut, **_WRITE})
@needs("canvas.edit")
def add_touchpoint(
    request: ApiRequest, journey_id: uuid.UUID, touchpoint: TouchpointIn
) -> Status[dict[str, Any]]:
    made = writes.add_touchpoint(
        journey_id,
        stage_id=touchpoint.stage,
        name=touchpoint.name,
        channel=touchpoint.channel,
        rule=touchpoint.rule,
        position=touchpoint.position,
        acting_user=request.actor,
    )
    return Status(201, _touchpoint(made))


@router.patch(_TOUCHPOINT, response={200: TouchpointHeadOut, **_WRITE})
@needs("canvas.edit")
def change_touchpoint(
    request: ApiRequest, journey_id: uuid.UUID, touchpoint_id: uuid.UUID, change: TouchpointChange
) -> dict[str, Any]:
    """Changes its words or its rule, moves it to another stage, or tries it earlier or later."""
    with transaction.atomic():
        changed = writes.edit_touchpoint(
            journey_id,
            touchpoint_id,
            name=change.name,
            channel=change.channel,
            rule=change.rule,
            stage_id=change.stage,
            acting_user=request.actor,
        )
        if change.position is not None:
            changed = writes.move_touchpoint(
                journey_id,
                touchpoint_id,
                change.position,
                stage_id=changed.stage_id,
                acting_user=request.actor,
            )
    return _touchpoint(changed)


@router.delete(_TOUCHPOINT, response={204: None, **_WRITE})
@needs("canvas.edit")
def remove_touchpoint(request: ApiRequest, journey_id: uuid.UUID, touchpoint_id: uuid.UUID) -> Status[None]:
    """Takes it off the canvas; it can be restored."""
    writes.remove_touchpoint(journey_id, touchpoint_id, acting_user=request.actor)
    return Status(204, None)


@router.post(f"{_TOUCHPOINT}/restore", response={200: TouchpointHeadOut, **_WRITE})
@needs("canvas.edit")
def restore_touchpoint(
    request: ApiRequest, journey_id: uuid.UUID, touchpoint_id: uuid.UUID
) -> dict[str, Any]:
    writes.restore_touchpoint(journey_id, touchpoint_id, acting_user=request.actor)
    return _touchpoint(reads.touchpoint(request.brand.pk, journey_id, touchpoint_id))


@router.post(f"{_JOURNEY}/cards/copy", response={201: CardOut, **_CARD_WRITE})
@needs("canvas.edit")
def copy_card(
    request: ApiRequest,
    response: HttpResponse,
    journey_id: uuid.UUID,
    wanted: CopyIn,
    key: IdempotencyKey = "",
) -> Status[dict[str, Any]]:
    """A card with all that another one says, on this journey."""
    made = writes.copy_card(
        journey_id,
        wanted.source,
        stage_id=wanted.stage,
        lane_id=wanted.lane,
        before=wanted.before,
        after=wanted.after,
        card_id=uuid.uuid5(journey_id, f"{request.actor.id} {key}") if key else None,
        acting_user=request.actor,
    )
    response.headers["Location"] = f"/api/v1/journeys/{journey_id}/cards/{made.id}"
    return Status(201, _card(response, made))


@router.post(_PICTURE, response={200: CardOut, **_CARD_WRITE})
@needs("canvas.edit")
def give_picture(
    request: ApiRequest,
    response: HttpResponse,
    *,
    journey_id: uuid.UUID,
    card_id: uuid.UUID,
    picture: Annotated[UploadedFile, File()],
    alt: Annotated[str, Form()] = "",
    caption: Annotated[str, Form()] = "",
    if_match: IfMatch = "",
) -> dict[str, Any]:
    """Gives a card a picture in place of the one it has: `alt` says what it shows."""
    revision = read_revision(if_match)
    reads.card(request.brand.pk, journey_id, card_id)
    with transaction.atomic():
        kept = writes.add_picture(picture, acting_user=request.actor)
        changed = writes.edit_card(
            journey_id,
            card_id,
            expected_revision=revision,
            picture_id=kept.id,
            picture_alt=alt,
            picture_caption=caption,
            acting_user=request.actor,
        )
    return _card(response, changed)


@router.delete(_PICTURE, response={200: CardOut, **_CARD_WRITE})
@needs("canvas.edit")
def take_picture(
    request: ApiRequest,
    response: HttpResponse,
    journey_id: uuid.UUID,
    card_id: uuid.UUID,
    if_match: IfMatch = "",
) -> dict[str, Any]:
    """Takes the picture off the card."""
    changed = writes.edit_card(
        journey_id,
        card_id,
        expected_revision=read_revision(if_match),
        without_picture=True,
        acting_user=request.actor,
    )
    return _card(response, changed)


def _stage(request: ApiRequest, journey_id: uuid.UUID, stage_id: uuid.UUID) -> dict[str, Any]:
    for at, stage in enumerate(reads.stages(request.brand.pk, journey_id)):
        if stage.id == stage_id:
            return {"id": stage.id, "name": stage.name, "description": stage.description, "position": at}
    raise NotFound(_("There is no such stage on this canvas."))


def _lane(request: ApiRequest, journey_id: uuid.UUID, lane_id: uuid.UUID) -> dict[str, Any]:
    for at, lane in enumerate(reads.board(request.brand.pk, journey_id).lanes):
        if lane.id == lane_id:
            return {"id": lane.id, "kind": lane.kind, "name": lane.name, "position": at}
    raise NotFound(_("There is no such row on this canvas."))


def _touchpoint(view: TouchpointView) -> dict[str, Any]:
    return {
        "id": view.id,
        "stage": view.stage_id,
        "name": view.name,
        "channel": view.channel,
        "rule": view.rule,
    }


def _card(response: HttpResponse, card: CardView) -> dict[str, Any]:
    response.headers["ETag"] = f'"{card.revision}"'
    return card_object(card)
