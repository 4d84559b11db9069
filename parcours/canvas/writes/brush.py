"""Drawing what a file holds onto a canvas: the rows behind `draw_journey` and `add_drawing`."""

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from parcours.accounts.rights import Actor
from parcours.canvas.exports.drawn import Drawing, DrawnCard, DrawnStage, DrawnTouchpoint
from parcours.canvas.models import Card, Journey, Lane, Stage, Touchpoint
from parcours.canvas.writes.cards import card_texts
from parcours.canvas.writes.common import clean
from parcours.core.errors import BadInput

Pictures = dict[str, uuid.UUID]


@dataclass(frozen=True, slots=True)
class Placed:
    """The rows that a drawing became, at the places that its parts have; None for what was there already."""

    stages: Sequence[Stage]
    lanes: Sequence[Lane]
    touchpoints: Sequence[Touchpoint]
    cards: Sequence[Card | None]


@dataclass(frozen=True, slots=True)
class Names:
    """What cards of a drawing name: touchpoints of it, and journeys and cards of the brand.

    A journey or card that isn't there, or a title that is there twice, is left out: the card then opens none.
    """

    touchpoints: dict[tuple[uuid.UUID, str], uuid.UUID]
    by_file_id: dict[str, uuid.UUID]
    titles: dict[str, uuid.UUID]
    journeys: frozenset[uuid.UUID]
    cards: frozenset[uuid.UUID]
    taken: frozenset[uuid.UUID]

    @classmethod
    def of(cls, drawing: Drawing, touchpoints: Sequence[Touchpoint], acting_user: Actor) -> "Names":
        drawn = [each for stage in drawing.stages for each in stage.touchpoints]
        known: dict[tuple[uuid.UUID, str], uuid.UUID] = {}
        for row in touchpoints:
            known.setdefault((row.stage_id, row.name.casefold()), row.pk)
        titles: dict[str, list[uuid.UUID]] = defaultdict(list)
        if drawing.drawn_from or any(card.leads_to for card in drawing.cards):
            rows = Journey.objects.filter(brand_id=acting_user.brand_id, deleted_at=None)
            for pk, title in rows.values_list("pk", "title"):
                titles[title.casefold()].append(pk)
        origins = [found for card in drawing.cards if (found := as_id(card.drawn_from))]
        cards = Card.objects.filter(pk__in=origins, journey__brand_id=acting_user.brand_id)
        given = [found for card in drawing.cards if (found := as_id(card.id))]
        return cls(
            touchpoints=known,
            by_file_id={each.id: row.pk for each, row in zip(drawn, touchpoints, strict=True) if each.id},
            titles={title: found[0] for title, found in titles.items() if len(found) == 1},
            journeys=frozenset(pk for found in titles.values() for pk in found),
            cards=frozenset(cards.values_list("pk", flat=True)) if origins else frozenset(),
            taken=frozenset(Card.objects.filter(pk__in=given).values_list("pk", flat=True)),
        )

    def journey(self, file_id: str, title: str) -> uuid.UUID | None:
        """By its id where it was drawn, else by its title."""
        found = as_id(file_id)
        return found if found in self.journeys else self.titles.get(title.casefold())

    def card(self, file_id: str) -> uuid.UUID | None:
        found = as_id(file_id)
        return found if found in self.cards else None

    def details(self, card: DrawnCard, stage: Stage) -> dict[str, Any]:
        """With the touchpoint that it names: of its own stage, else of any. Raises BadInput."""
        if not card.touchpoint:
            return dict(card.details)
        name = card.touchpoint.casefold()
        fitting = [pk for (_stage, known), pk in self.touchpoints.items() if known == name]
        found = self.by_file_id.get(card.touchpoint) or self.touchpoints.get((stage.pk, name))
        found = found or (fitting[0] if fitting else None)
        if found is None:
            raise BadInput(
                _("There is no touchpoint “{name}” in the file.").format(name=card.touchpoint), where="cards"
            )
        return {**card.details, "touchpoint": str(found)}


@dataclass(frozen=True, slots=True)
class CardMaker:
    """Makes the rows of cards of one canvas."""

    journey: Journey
    names: Names
    pictures: Pictures
    by: str

    def row(self, card: DrawnCard, stage: Stage, lane: Lane, key: str) -> Card:
        """It keeps the id it had where that is free, so that journeys that were copied from each other find
        each other's cards again. Raises BadInput.
        """
        details = self.names.details(card, stage)
        if not (card.title.strip() or card.text.strip() or card.picture or details):
            raise BadInput(
                _("A card needs a title, a text or a picture."), where=f"{stage.name}, {lane.name}"
            )
        row = Card(
            journey=self.journey,
            stage=stage,
            lane=lane,
            order_key=key,
            picture_id=self.pictures.get(card.picture),
            edited_by=self.by,
            details=details,
            leads_to_id=self.names.journey(card.leads_to_id, card.leads_to),
            drawn_from_id=self.names.card(card.drawn_from),
            **card_texts(card.title, card.text, card.picture_alt, card.picture_caption),
        )
        kept = as_id(card.id)
        if kept is not None and kept not in self.names.taken:
            row.pk = kept
        return row


def stage_row(stage: DrawnStage, journey: Journey, key: str) -> Stage:
    return Stage(
        journey=journey,
        name=name_of(stage.name, "stages"),
        description=clean(stage.description, where="stages", most=300, line=True),
        key=stage.key,
        order_key=key,
    )


def touchpoint_row(each: DrawnTouchpoint, stage: Stage, key: str) -> Touchpoint:
    return Touchpoint(
        journey_id=stage.journey_id,
        stage=stage,
        name=clean(each.name, where="touchpoints", most=120, line=True, required=True),
        channel=clean(each.channel, where="touchpoints", most=60, line=True),
        rule=each.rule,
        order_key=key,
    )


def name_of(name: str, where: str) -> str:
    return clean(name, where=where, most=80, line=True, required=True)


def as_id(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text) if text else None
    except ValueError:
        return None
