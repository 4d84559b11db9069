"""Journeys and their cards."""

import uuid
from typing import Annotated, Any

from django.db import transaction
from django.http import HttpResponse
from ninja import Header, Query, Router, Status

from parcours.api.doors import ApiRequest, needs
from parcours.api.objects import board_object, card_object, journey_object
from parcours.api.schemas import (
    BoardOut,
    CardChange,
    CardConflictOut,
    CardIn,
    CardOut,
    JourneyPage,
    Problem,
)
from parcours.canvas import reads, writes
from parcours.canvas.revisions import read_revision
from parcours.canvas.shapes import CardView
from parcours.core.periods import read_period
from parcours.insights.reads import canvas_numbers
from parcours.measures.logs import segment_key

router = Router(tags=["journeys"])

MOST_A_PAGE = 200
_CONTENT = {"title", "text", "picture_alt", "picture_caption", "details", "leads_to"}
_CARD = "/journeys/{uuid:journey_id}/cards/{uuid:card_id}"
_PROBLEMS: dict[Any, Any] = {401: Problem, 403: Problem, 404: Problem}
_WRITE_PROBLEMS: dict[Any, Any] = {**_PROBLEMS, 409: CardConflictOut, 422: Problem, 428: Problem}

IfMatch = Annotated[str, Header(alias="If-Match", description='The card\'s revision in quotes: "3"')]
IdempotencyKey = Annotated[
    str, Header(alias="Idempotency-Key", description="The same key again adds no second card.")
]


@router.get("/journeys", response={200: JourneyPage, **_PROBLEMS})
@needs("canvas.view")
def list_journeys(
    request: ApiRequest,
    cursor: uuid.UUID | None = None,
    limit: Annotated[int, Query(ge=1, le=MOST_A_PAGE)] = 50,
) -> dict[str, Any]:
    """The journeys of the token's brand, the newest first."""
    found = sorted(reads.journeys(request.brand.pk), key=lambda each: each.journey.id, reverse=True)
    if cursor is not None:
        found = [each for each in found if each.journey.id < cursor]
    page = found[:limit]
    following = str(page[-1].journey.id) if len(found) > limit else None
    return {"items": [journey_object(each) for each in page], "next": following}


@router.get("/journeys/{uuid:journey_id}", response={200: BoardOut, 422: Problem, **_PROBLEMS})
@needs("canvas.view")
def get_journey(
    request: ApiRequest,
    *,
    journey_id: uuid.UUID,
    period: str = "",
    first: Annotated[str, Query(alias="from")] = "",
    last: Annotated[str, Query(alias="to")] = "",
    segment: str = "",
) -> dict[str, Any]:
    """A whole canvas with its numbers. The period is all time unless named as on the canvas page."""
    asked = {"period": period, "from": first, "to": last}
    when = read_period(asked, request.brand.time_zone, default="all")
    who = segment_key(request.brand, segment)
    board = reads.board(request.brand.pk, journey_id)
    numbers = canvas_numbers(request.brand, board, when, who)
    return board_object(board, numbers, period=when, segment=who)


@router.post("/journeys/{uuid:journey_id}/cards", response={201: CardOut, **_WRITE_PROBLEMS})
@needs("canvas.edit")
def add_card(
    request: ApiRequest,
    response: HttpResponse,
    journey_id: uuid.UUID,
    card: CardIn,
    key: IdempotencyKey = "",
) -> Status[dict[str, Any]]:
    """A new card, in front of or behind another, or last in its cell."""
    added = writes.add_card(
        journey_id,
        stage_id=card.stage,
        lane_id=card.lane,
        title=card.title,
        text=card.text,
        details=card.details,
        leads_to=card.leads_to,
        before=card.before,
        after=card.after,
        card_id=uuid.uuid5(journey_id, f"{request.actor.id} {key}") if key else None,
        acting_user=request.actor,
    )
    response.headers["Location"] = f"/api/v1/journeys/{journey_id}/cards/{added.id}"
    return Status(201, _with_revision(response, added))


@router.get(_CARD, response={200: CardOut, **_PROBLEMS})
@needs("canvas.view")
def get_card(
    request: ApiRequest, response: HttpResponse, journey_id: uuid.UUID, card_id: uuid.UUID
) -> dict[str, Any]:
    return _with_revision(response, reads.card(request.brand.pk, journey_id, card_id))


@router.patch(_CARD, response={200: CardOut, **_WRITE_PROBLEMS})
@needs("canvas.edit")
def change_card(
    request: ApiRequest,
    response: HttpResponse,
    *,
    journey_id: uuid.UUID,
    card_id: uuid.UUID,
    change: CardChange,
    if_match: IfMatch = "",
) -> dict[str, Any]:
    """Edits a card, moves it, or both at once."""
    revision = read_revision(if_match)
    with transaction.atomic():
        changed = _edited(request, journey_id, card_id, change, revision)
        if {change.stage, change.lane, change.before, change.after} != {None}:
            changed = _moved(request, changed, change, revision)
    return _with_revision(response, changed)


@router.delete(_CARD, response={204: None, **_WRITE_PROBLEMS})
@needs("canvas.edit")
def delete_card(
    request: ApiRequest, journey_id: uuid.UUID, card_id: uuid.UUID, if_match: IfMatch = ""
) -> Status[None]:
    """Takes a card off the canvas; it can be restored."""
    revision = read_revision(if_match)
    writes.delete_card(journey_id, card_id, expected_revision=revision, acting_user=request.actor)
    return Status(204, None)


@router.post(f"{_CARD}/restore", response={200: CardOut, **_WRITE_PROBLEMS})
@needs("canvas.edit")
def restore_card(
    request: ApiRequest, response: HttpResponse, journey_id: uuid.UUID, card_id: uuid.UUID
) -> dict[str, Any]:
    """Puts a deleted card back where it was."""
    restored = writes.restore_card(journey_id, card_id, acting_user=request.actor)
    return _with_revision(response, restored)


def _edited(
    request: ApiRequest, journey_id: uuid.UUID, card_id: uuid.UUID, change: CardChange, revision: int
) -> CardView:
    if not _CONTENT & change.model_fields_set:
        return reads.card(request.brand.pk, journey_id, card_id)
    return writes.edit_card(
        journey_id,
        card_id,
        expected_revision=revision,
        title=change.title,
        text=change.text,
        picture_alt=change.picture_alt,
        picture_caption=change.picture_caption,
        details=change.details,
        leads_to=change.leads_to,
        without_leads_to="leads_to" in change.model_fields_set and change.leads_to is None,
        acting_user=request.actor,
    )


def _moved(request: ApiRequest, card: CardView, change: CardChange, revision: int) -> CardView:
    return writes.move_card(
        card.journey_id,
        card.id,
        stage_id=change.stage or card.stage_id,
        lane_id=change.lane or card.lane_id,
        before=change.before,
        after=change.after,
        expected_revision=revision,
        acting_user=request.actor,
    )


def _with_revision(response: HttpResponse, card: CardView) -> dict[str, Any]:
    response.headers["ETag"] = f'"{card.revision}"'
    return card_object(card)
