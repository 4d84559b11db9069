"""Drawing what a template plans onto a journey that is empty, and taking its examples away again."""

import uuid
from collections import defaultdict

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from parcours.accounts.rights import Actor
from parcours.canvas.enums import LaneKind
from parcours.canvas.models import Card, Journey, Lane, Stage, Touchpoint
from parcours.canvas.order import first_keys
from parcours.canvas.reads import board as read_board
from parcours.canvas.rights import EDIT
from parcours.canvas.rules import touchpoint_rule
from parcours.canvas.shapes import Board, CardView
from parcours.canvas.templates.catalogue import TemplateView, template_view
from parcours.canvas.templates.models import JourneyTemplate
from parcours.canvas.templates.plans import Plan, PlannedCard, PlannedLane, PlannedStage, PlannedTouchpoint
from parcours.canvas.templates.reads import untouched_examples
from parcours.canvas.templates.said import EXAMPLE
from parcours.canvas.writes.common import clean, locked_journey, tell_structure, touch
from parcours.core.clock import now
from parcours.core.errors import NotFound
from parcours.journal.writes import record


def draw_plan(journey: Journey, plan: Plan, *, acting_user: Actor, language: str) -> None:
    """Stores the plan's stages, rows, touchpoints and cards; rows without a name are named in `language`."""
    stages = _draw_stages(journey, plan)
    with translation.override(language):
        lanes = Lane.objects.bulk_create(
            Lane(
                journey=journey,
                kind=lane.kind,
                name=lane.name or str(LaneKind(lane.kind).label),
                order_key=key,
            )
            for lane, key in zip(plan.lanes, first_keys(len(plan.lanes)), strict=True)
        )
    cells: dict[tuple[int, int], list[PlannedCard]] = defaultdict(list)
    for card in plan.cards:
        cells[card.stage, card.lane].append(card)
    Card.objects.bulk_create(
        Card(
            journey=journey,
            stage=stages[stage],
            lane=lanes[lane],
            title=card.title,
            text=card.text,
            details=dict(card.details),
            order_key=key,
            edited_by=acting_user.label,
        )
        for (stage, lane), cards in cells.items()
        for card, key in zip(cards, first_keys(len(cards)), strict=True)
    )


def _draw_stages(journey: Journey, plan: Plan) -> list[Stage]:
    stages = Stage.objects.bulk_create(
        Stage(
            journey=journey,
            key=stage.key,
            name=stage.name,
            description=stage.description,
            order_key=key,
        )
        for stage, key in zip(plan.stages, first_keys(len(plan.stages)), strict=True)
    )
    Touchpoint.objects.bulk_create(
        Touchpoint(
            journey=journey,
            stage=row,
            name=each.name,
            channel=each.channel,
            rule=touchpoint_rule(each.rule).as_json(),
            order_key=key,
        )
        for row, stage in zip(stages, plan.stages, strict=True)
        for each, key in zip(stage.touchpoints, first_keys(len(stage.touchpoints)), strict=True)
    )
    return stages


@transaction.atomic
def remove_examples(journey_id: uuid.UUID, *, acting_user: Actor) -> list[uuid.UUID]:
    """Takes every example of a template off the canvas that nobody has edited; returns their ids."""
    journey = locked_journey(journey_id, acting_user)
    rows = list(untouched_examples(journey_id))
    moment = now()
    for card in rows:
        card.deleted_at, card.updated_at = moment, moment
        card.revision += 1
        card.edited_by = acting_user.label
    Card.objects.bulk_update(rows, ["deleted_at", "updated_at", "revision", "edited_by"])
    touch(journey)
    data = {"cards": [str(card.pk) for card in rows]}
    tell_structure(acting_user, journey, "examples removed", ("journey", journey.pk), data)
    return [card.pk for card in rows]


@transaction.atomic
def restore_examples(journey_id: uuid.UUID, *, acting_user: Actor) -> int:
    """Puts back the examples that were taken away; returns how many."""
    journey = locked_journey(journey_id, acting_user)
    rows = list(untouched_examples(journey_id, deleted=True))
    for card in rows:
        card.deleted_at = None
        card.revision += 1
        card.place_revision = card.revision
    Card.objects.bulk_update(rows, ["deleted_at", "revision", "place_revision"])
    touch(journey)
    tell_structure(acting_user, journey, "examples restored", ("journey", journey.pk), {"cards": len(rows)})
    return len(rows)


@transaction.atomic
def save_as_template(
    journey_id: uuid.UUID, *, name: str, acting_user: Actor, about: str = "", with_cards: bool = False
) -> TemplateView:
    """Keeps a journey's stages, rows and touchpoints for new journeys; its cards too, as examples.

    Pictures stay with the journey: they show its own shop. Raises BadInput without a name.
    """
    acting_user.require(EDIT)
    board = read_board(acting_user.brand_id, journey_id)
    row = JourneyTemplate.objects.create(
        brand_id=acting_user.brand_id,
        name=clean(name, where="name", most=160, line=True, required=True),
        about=clean(about or board.journey.summary[:300], where="about", most=300, line=True),
        plan=_plan_of(board, with_cards=with_cards).as_json(),
        made_by=acting_user.label,
    )
    record(acting_user, "template saved", "template", row.pk, {"name": row.name, "journey": str(journey_id)})
    return template_view(row)


@transaction.atomic
def remove_template(template_id: uuid.UUID, *, acting_user: Actor) -> str:
    """Takes one of the brand's templates off the list; returns its name.

    `restore_template` brings it back.
    """
    return _switch_template(template_id, acting_user, removing=True)


@transaction.atomic
def restore_template(template_id: uuid.UUID, *, acting_user: Actor) -> str:
    return _switch_template(template_id, acting_user, removing=False)


def _switch_template(template_id: uuid.UUID, acting_user: Actor, *, removing: bool) -> str:
    acting_user.require(EDIT)
    row = JourneyTemplate.objects.filter(
        pk=template_id, brand_id=acting_user.brand_id, deleted_at__isnull=removing
    ).first()
    if row is None:
        raise NotFound(_("There is no such template."), where="template")
    row.deleted_at = now() if removing else None
    row.save(update_fields=["deleted_at"])
    verb = "template removed" if removing else "template restored"
    record(acting_user, verb, "template", row.pk, {"name": row.name})
    return row.name


def _plan_of(board: Board, *, with_cards: bool) -> Plan:
    stages = {stage.id: place for place, stage in enumerate(board.stages)}
    lanes = {lane.id: place for place, lane in enumerate(board.lanes)}
    cards = [card for card in board.cards if card.title or card.text] if with_cards else []
    return Plan(
        title=board.journey.title,
        stages=tuple(
            PlannedStage(
                stage.name,
                stage.description,
                stage.key,
                tuple(PlannedTouchpoint(each.name, each.channel, each.rule) for each in stage.touchpoints),
            )
            for stage in board.stages
        ),
        lanes=tuple(PlannedLane(lane.kind, lane.name) for lane in board.lanes),
        cards=tuple(_example(card, stages[card.stage_id], lanes[card.lane_id]) for card in cards),
        review_every_days=board.journey.review_every_days,
    )


_OF_ONE_JOURNEY = ("touchpoint", "address")
"""Details that mean something on their own journey only."""


def _example(card: CardView, stage: int, lane: int) -> PlannedCard:
    details = {name: value for name, value in card.details.items() if name not in _OF_ONE_JOURNEY}
    return PlannedCard(stage, lane, card.title, card.text, {**details, **EXAMPLE})
