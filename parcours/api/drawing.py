"""Journeys as wholes: templates, copies, two beside each other, and one by generations."""

import json
import uuid
from typing import Annotated, Any

from ninja import Body, Query, Router, Status

from parcours.api import journeys
from parcours.api.doors import ApiRequest, needs
from parcours.api.drawing_objects import beside_object, head_object, lens_object, template_object
from parcours.api.drawing_schemas import (
    BesideOut,
    DrawingIn,
    DuplicateIn,
    JourneyHeadChange,
    JourneyHeadOut,
    JourneyIn,
    LensOut,
    TakeIn,
    TemplateIn,
    TemplateOut,
    ToBeIn,
)
from parcours.api.objects import card_object
from parcours.api.schemas import CardOut, Problem
from parcours.canvas import reads, writes
from parcours.canvas.beside.comparing import beside
from parcours.canvas.exports.reading import read_drawing
from parcours.canvas.templates.catalogue import template, templates
from parcours.canvas.writes.taking import take_over
from parcours.core.errors import NotFound
from parcours.core.periods import read_period
from parcours.customers.segments.generations import GENERATIONS
from parcours.insights.lens import lens

router = Router(tags=["journeys"])
# Operations of one address belong to one router: those of /journeys stand in the other.

_JOURNEY = "/journeys/{uuid:journey_id}"
_PROBLEMS: dict[Any, Any] = {401: Problem, 403: Problem, 404: Problem}
_WRITE: dict[Any, Any] = {**_PROBLEMS, 422: Problem}


@router.get("/templates", response={200: list[TemplateOut], **_PROBLEMS})
@needs("canvas.view")
def list_templates(request: ApiRequest, language: str = "en") -> list[dict[str, Any]]:
    """What a new journey may begin with: those that come with Parcours, then the brand's own."""
    return [template_object(each) for each in templates(request.brand.pk, language)]


@journeys.router.post("/journeys", response={201: JourneyHeadOut, **_WRITE})
@needs("canvas.edit")
def create_journey(
    request: ApiRequest, journey: Annotated[DrawingIn | JourneyIn, Body(union_mode="left_to_right")]
) -> Status[dict[str, Any]]:
    """A journey from a template; or a whole one, from the JSON that `export?to=json` writes. It then says
    `"format": "parcours-journey"`; its schema is at /schema/journey.json.
    """
    if isinstance(journey, DrawingIn):
        drawing = read_drawing(json.loads(request.body))
        return Status(201, head_object(writes.draw_journey(drawing, acting_user=request.actor)))
    language = journey.language or request.actor.language
    title = journey.title or template(request.brand.pk, journey.template, language).plan.title
    made = writes.create_journey(
        title,
        summary=journey.summary,
        kind=journey.kind,
        template_key=journey.template,
        language=language,
        persona_id=journey.persona,
        segment_key=journey.segment,
        acting_user=request.actor,
    )
    return Status(201, head_object(made))


@journeys.router.patch(_JOURNEY, response={200: JourneyHeadOut, **_WRITE})
@needs("canvas.edit")
def change_journey(request: ApiRequest, journey_id: uuid.UUID, change: JourneyHeadChange) -> dict[str, Any]:
    changed = writes.edit_journey(
        journey_id,
        title=change.title,
        summary=change.summary,
        status=change.status,
        segment_key=change.segment,
        persona_id=change.persona,
        owner_id=change.owner,
        acting_user=request.actor,
    )
    return head_object(changed)


@router.post(f"{_JOURNEY}/duplicate", response={201: JourneyHeadOut, **_WRITE})
@needs("canvas.edit")
def duplicate_journey(
    request: ApiRequest, journey_id: uuid.UUID, wanted: DuplicateIn
) -> Status[dict[str, Any]]:
    """A copy of the journey; with a segment it is that segment's, tied to the whole."""
    drawn = writes.duplicate_journey(
        journey_id,
        title=wanted.title,
        segment_key=wanted.segment,
        persona_id=wanted.persona,
        acting_user=request.actor,
    )
    return Status(201, head_object(drawn))


@router.post(f"{_JOURNEY}/to-be", response={201: JourneyHeadOut, **_WRITE})
@needs("canvas.edit")
def draw_to_be(request: ApiRequest, journey_id: uuid.UUID, plan: ToBeIn) -> Status[dict[str, Any]]:
    """A copy that shows how the journey should be."""
    return Status(
        201, head_object(writes.draw_to_be(journey_id, title=plan.title, acting_user=request.actor))
    )


@router.post(f"{_JOURNEY}/now", response={200: JourneyHeadOut, **_WRITE})
@needs("canvas.edit")
def make_current(request: ApiRequest, journey_id: uuid.UUID) -> dict[str, Any]:
    """What should be is now how it is; the journey it was drawn from is archived."""
    return head_object(writes.make_current(journey_id, acting_user=request.actor))


@router.post(f"{_JOURNEY}/now/undo", response={200: JourneyHeadOut, **_WRITE})
@needs("canvas.edit")
def undo_make_current(request: ApiRequest, journey_id: uuid.UUID) -> dict[str, Any]:
    return head_object(writes.undo_make_current(journey_id, acting_user=request.actor))


@router.post(f"{_JOURNEY}/template", response={201: TemplateOut, **_WRITE})
@needs("canvas.edit")
def save_template(request: ApiRequest, journey_id: uuid.UUID, kept: TemplateIn) -> Status[dict[str, Any]]:
    """Keeps the journey for new ones to begin from."""
    saved = writes.save_as_template(
        journey_id, name=kept.name, about=kept.about, with_cards=kept.with_cards, acting_user=request.actor
    )
    return Status(201, template_object(saved))


@router.get(f"{_JOURNEY}/beside/{{uuid:other_id}}", response={200: BesideOut, **_PROBLEMS})
@needs("canvas.view")
def get_beside(request: ApiRequest, journey_id: uuid.UUID, other_id: uuid.UUID) -> dict[str, Any]:
    """What was added, changed, moved and removed between this journey and the other."""
    one = reads.board(request.brand.pk, journey_id)
    return beside_object(beside(one, reads.board(request.brand.pk, other_id)))


@router.post(f"{_JOURNEY}/cards/take", response={200: CardOut, **_WRITE})
@needs("canvas.edit")
def take_card(request: ApiRequest, journey_id: uuid.UUID, take: TakeIn) -> dict[str, Any]:
    """Copies a card of another journey into this one; where it is the same one, its words."""
    taken, _before = take_over(
        journey_id, from_journey_id=take.journey, card_id=take.card, acting_user=request.actor
    )
    return card_object(taken)


@router.get(f"{_JOURNEY}/generations", response={200: LensOut, **_WRITE})
@needs("canvas.view")
def get_generations(
    request: ApiRequest,
    *,
    journey_id: uuid.UUID,
    by: Annotated[list[str], Query(description="Keys of segments; the six generations without any.")] = [],  # noqa: B006
    period: str = "",
    first: Annotated[str, Query(alias="from")] = "",
    last: Annotated[str, Query(alias="to")] = "",
) -> dict[str, Any]:
    """The journey by generations or segments, each share held against all other customers."""
    asked = {"period": period, "from": first, "to": last}
    when = read_period(asked, request.brand.time_zone, default="all")
    keys = by or [each.key for each in GENERATIONS]
    found = lens(request.brand, reads.board(request.brand.pk, journey_id), keys, when)
    if found is None:
        raise NotFound("No event is stored yet.")
    return lens_object(found)
