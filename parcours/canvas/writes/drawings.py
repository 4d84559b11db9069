"""Drawing what a file holds: as a new journey, or onto one that is there."""

import io
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from parcours.accounts.rights import Actor
from parcours.canvas.exports.drawn import Drawing
from parcours.canvas.models import Card, Journey, Lane, Persona, Stage, Touchpoint
from parcours.canvas.order import first_keys
from parcours.canvas.reads import journey_view
from parcours.canvas.rights import EDIT
from parcours.canvas.shapes import JourneyView
from parcours.canvas.writes.brush import (
    CardMaker,
    Names,
    Pictures,
    Placed,
    name_of,
    stage_row,
    touchpoint_row,
)
from parcours.canvas.writes.cards import MOST_CARDS
from parcours.canvas.writes.common import clean, tell_structure
from parcours.canvas.writes.journeys import journey_kind, journey_title
from parcours.canvas.writes.personas import add_persona
from parcours.canvas.writes.pictures import add_picture
from parcours.core.clock import now
from parcours.core.errors import BadInput

if TYPE_CHECKING:
    from parcours.canvas.exports.segments import SegmentsFound


@transaction.atomic
def draw_journey(drawing: Drawing, *, acting_user: Actor, title: str = "") -> JourneyView:
    """Stores a whole journey at once, as a new map, under `title` or the drawing's own.

    A persona of the brand with the same name is taken, else made; so are segments and brand values. Raises
    BadInput; then nothing is stored.
    """
    from parcours.canvas.exports.segments import SegmentsFound
    from parcours.canvas.imports.hanging import hang

    acting_user.require(EDIT)
    if len(drawing.cards) > MOST_CARDS:
        raise BadInput(_("A canvas holds at most {n} cards.").format(n=MOST_CARDS), where="cards")
    pictures = stored_pictures(drawing, acting_user)
    segments = SegmentsFound(acting_user)
    journey = Journey.objects.create(
        brand_id=acting_user.brand_id,
        title=journey_title(title or drawing.title),
        summary=clean(drawing.summary, where="summary", most=2_000),
        kind=journey_kind(drawing.kind),
        status=drawing.status,
        segment_id=segments.id(drawing.segment),
        review_every_days=drawing.review_every_days,
        review_due=drawing.review_due or _due(drawing.review_every_days),
        persona=_persona(drawing, pictures, segments, acting_user),
    )
    placed = _Brush(journey, acting_user, pictures).draw(drawing)
    hang(journey, drawing, placed, segments, acting_user=acting_user)
    data = {"title": journey.title, "cards": len(drawing.cards)}
    tell_structure(acting_user, journey, "journey imported", ("journey", journey.pk), data)
    return journey_view(journey)


@transaction.atomic
def draw_journeys(
    drawings: Sequence[Drawing], *, acting_user: Actor, title: str = ""
) -> tuple[JourneyView, ...]:
    """Stores the journeys of one file, with the cards of one that open another; `title` is for a single one.

    Raises BadInput; then nothing is stored.
    """
    named = title if len(drawings) == 1 else ""
    made = tuple(draw_journey(each, acting_user=acting_user, title=named) for each in drawings)
    for drawing, journey in zip(drawings, made, strict=True):
        for card in drawing.cards:
            if card.opens is not None:
                rows = Card.objects.filter(pk=card.id, journey_id=journey.id)
                rows.update(leads_to_id=made[card.opens].id)
    return made


def stored_pictures(drawing: Drawing, acting_user: Actor) -> Pictures:
    return {
        key: add_picture(io.BytesIO(content), acting_user=acting_user).id
        for key, content in drawing.pictures.items()
    }


@dataclass(frozen=True, slots=True)
class _Brush:
    """Draws the parts of one new journey."""

    journey: Journey
    acting_user: Actor
    pictures: Pictures

    def draw(self, drawing: Drawing) -> Placed:
        stages, touchpoints = self._stages(drawing)
        lanes = Lane.objects.bulk_create(
            Lane(journey=self.journey, kind=lane.kind, name=name_of(lane.name, "lanes"), order_key=key)
            for lane, key in zip(drawing.lanes, first_keys(len(drawing.lanes)), strict=True)
        )
        names = Names.of(drawing, touchpoints, self.acting_user)
        make = CardMaker(self.journey, names, self.pictures, self.acting_user.label)
        self.journey.drawn_from_id = names.journey(drawing.drawn_from_id, drawing.drawn_from)
        self.journey.save(update_fields=["drawn_from"])
        cells: dict[tuple[int, int], list[int]] = defaultdict(list)
        for place, card in enumerate(drawing.cards):
            cells[card.stage, card.lane].append(place)
        rows: dict[int, Card] = {}
        for (stage, lane), places in cells.items():
            for place, key in zip(places, first_keys(len(places)), strict=True):
                rows[place] = make.row(drawing.cards[place], stages[stage], lanes[lane], key)
        cards = [rows[place] for place in range(len(drawing.cards))]
        Card.objects.bulk_create(cards)
        return Placed(stages, lanes, touchpoints, cards)

    def _stages(self, drawing: Drawing) -> tuple[list[Stage], list[Touchpoint]]:
        stages = Stage.objects.bulk_create(
            stage_row(stage, self.journey, key)
            for stage, key in zip(drawing.stages, first_keys(len(drawing.stages)), strict=True)
        )
        touchpoints = Touchpoint.objects.bulk_create(
            touchpoint_row(each, row, key)
            for row, stage in zip(stages, drawing.stages, strict=True)
            for each, key in zip(stage.touchpoints, first_keys(len(stage.touchpoints)), strict=True)
        )
        return stages, touchpoints


def _due(every_days: int | None) -> date | None:
    return now().date() + timedelta(days=every_days) if every_days else None


def _persona(
    drawing: Drawing, pictures: Pictures, segments: "SegmentsFound", acting_user: Actor
) -> Persona | None:
    wanted = drawing.persona
    if wanted is None:
        return None
    known = Persona.objects.filter(
        brand_id=acting_user.brand_id, name=wanted.name.strip(), deleted_at=None
    ).first()
    if known is not None:
        return known
    made = add_persona(
        wanted.name,
        birth_year=wanted.birth_year,
        sketch=wanted.sketch,
        goals=wanted.goals,
        quote=wanted.quote,
        habits=wanted.habits,
        channels=wanted.channels,
        segment_key=segments.key(wanted.segment),
        photo_id=pictures.get(wanted.photo),
        acting_user=acting_user,
    )
    return Persona.objects.get(pk=made.id)
