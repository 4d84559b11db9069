import io
import uuid
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from parcours.accounts.rights import Actor
from parcours.canvas.exports.reading import Drawing, DrawnCard
from parcours.canvas.models import Card, Journey, Lane, Persona, Stage, Touchpoint
from parcours.canvas.order import first_keys
from parcours.canvas.reads import journey_view
from parcours.canvas.rights import EDIT
from parcours.canvas.shapes import JourneyView
from parcours.canvas.writes.cards import MOST_CARDS, card_texts
from parcours.canvas.writes.common import clean, tell_structure
from parcours.canvas.writes.journeys import journey_kind, journey_title, segment_id_of
from parcours.canvas.writes.personas import add_persona
from parcours.canvas.writes.pictures import add_picture
from parcours.core.clock import now
from parcours.core.errors import BadInput

Pictures = dict[str, uuid.UUID]


@transaction.atomic
def draw_journey(drawing: Drawing, *, acting_user: Actor, title: str = "") -> JourneyView:
    """Stores a whole journey at once, as a new map, under `title` or the drawing's own.

    A persona of the brand with the same name is taken, else made. Raises BadInput; then nothing is stored.
    """
    acting_user.require(EDIT)
    if len(drawing.cards) > MOST_CARDS:
        raise BadInput(_("A canvas holds at most {n} cards.").format(n=MOST_CARDS), where="cards")
    pictures = {
        key: add_picture(io.BytesIO(content), acting_user=acting_user).id
        for key, content in drawing.pictures.items()
    }
    journey = Journey.objects.create(
        brand_id=acting_user.brand_id,
        title=journey_title(title or drawing.title),
        summary=clean(drawing.summary, where="summary", most=2_000),
        kind=journey_kind(drawing.kind),
        status=drawing.status,
        segment_id=segment_id_of(drawing.segment, acting_user),
        review_every_days=drawing.review_every_days,
        review_due=_due(drawing.review_every_days),
        persona=_persona(drawing, pictures, acting_user),
    )
    _Brush(journey, acting_user, pictures).draw(drawing)
    data = {"title": journey.title, "cards": len(drawing.cards)}
    tell_structure(acting_user, journey, "journey imported", ("journey", journey.pk), data)
    return journey_view(journey)


@dataclass(frozen=True, slots=True)
class _Brush:
    """Draws the parts of one new journey."""

    journey: Journey
    acting_user: Actor
    pictures: Pictures

    def draw(self, drawing: Drawing) -> None:
        stages = self._stages(drawing)
        lanes = Lane.objects.bulk_create(
            Lane(journey=self.journey, kind=lane.kind, name=_name(lane.name, "lanes"), order_key=key)
            for lane, key in zip(drawing.lanes, first_keys(len(drawing.lanes)), strict=True)
        )
        names = _Names.of(stages, drawing, self.acting_user)
        cells: dict[tuple[int, int], list[DrawnCard]] = defaultdict(list)
        for card in drawing.cards:
            cells[card.stage, card.lane].append(card)
        Card.objects.bulk_create(
            self._card(card, stages[stage], lanes[lane], key, names)
            for (stage, lane), cards in cells.items()
            for card, key in zip(cards, first_keys(len(cards)), strict=True)
        )

    def _stages(self, drawing: Drawing) -> list[Stage]:
        stages = Stage.objects.bulk_create(
            Stage(
                journey=self.journey,
                name=_name(stage.name, "stages"),
                description=clean(stage.description, where="stages", most=300, line=True),
                key=stage.key,
                order_key=key,
            )
            for stage, key in zip(drawing.stages, first_keys(len(drawing.stages)), strict=True)
        )
        Touchpoint.objects.bulk_create(
            Touchpoint(
                journey=self.journey,
                stage=row,
                name=clean(each.name, where="touchpoints", most=120, line=True, required=True),
                channel=clean(each.channel, where="touchpoints", most=60, line=True),
                rule=each.rule,
                order_key=key,
            )
            for row, stage in zip(stages, drawing.stages, strict=True)
            for each, key in zip(stage.touchpoints, first_keys(len(stage.touchpoints)), strict=True)
        )
        return stages

    def _card(self, card: DrawnCard, stage: Stage, lane: Lane, key: str, names: "_Names") -> Card:
        details = names.details(card, stage)
        if not (card.title.strip() or card.text.strip() or card.picture or details):
            raise BadInput(
                _("A card needs a title, a text or a picture."), where=f"{stage.name}, {lane.name}"
            )
        return Card(
            journey=self.journey,
            stage=stage,
            lane=lane,
            order_key=key,
            picture_id=self.pictures.get(card.picture),
            edited_by=self.acting_user.label,
            details=details,
            leads_to_id=names.journeys.get(card.leads_to.casefold()),
            **card_texts(card.title, card.text, card.picture_alt, card.picture_caption),
        )


@dataclass(frozen=True, slots=True)
class _Names:
    """What cards of a drawing name: touchpoints of it, by stage and name, and journeys of the brand by title.

    A journey that isn't there, or is there twice, is left out: the card then opens none.
    """

    touchpoints: dict[tuple[uuid.UUID, str], uuid.UUID]
    journeys: dict[str, uuid.UUID]

    @classmethod
    def of(cls, stages: list[Stage], drawing: Drawing, acting_user: Actor) -> "_Names":
        touchpoints: dict[tuple[uuid.UUID, str], uuid.UUID] = {}
        if any(card.touchpoint for card in drawing.cards):
            for row in Touchpoint.objects.filter(stage__in=stages).order_by("-order_key"):
                touchpoints[row.stage_id, row.name.casefold()] = row.pk
        titles: dict[str, list[uuid.UUID]] = defaultdict(list)
        if any(card.leads_to for card in drawing.cards):
            rows = Journey.objects.filter(brand_id=acting_user.brand_id, deleted_at=None)
            for pk, title in rows.values_list("pk", "title"):
                titles[title.casefold()].append(pk)
        return cls(touchpoints, {title: found[0] for title, found in titles.items() if len(found) == 1})

    def details(self, card: DrawnCard, stage: Stage) -> dict[str, Any]:
        """With the touchpoint that it names: of its own stage, else of any. Raises BadInput."""
        if not card.touchpoint:
            return dict(card.details)
        name = card.touchpoint.casefold()
        fitting = [pk for (_stage, known), pk in self.touchpoints.items() if known == name]
        found = self.touchpoints.get((stage.pk, name), fitting[0] if fitting else None)
        if found is None:
            raise BadInput(
                _("There is no touchpoint “{name}” in the file.").format(name=card.touchpoint), where="cards"
            )
        return {**card.details, "touchpoint": str(found)}


def _due(every_days: int | None) -> date | None:
    return now().date() + timedelta(days=every_days) if every_days else None


def _persona(drawing: Drawing, pictures: Pictures, acting_user: Actor) -> Persona | None:
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
        segment_key=wanted.segment,
        photo_id=pictures.get(wanted.photo),
        acting_user=acting_user,
    )
    return Persona.objects.get(pk=made.id)


def _name(name: str, where: str) -> str:
    return clean(name, where=where, most=80, line=True, required=True)
