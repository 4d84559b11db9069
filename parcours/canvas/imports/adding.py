"""Adding what a file holds to a journey that is there."""

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _

from parcours.accounts.rights import Actor
from parcours.canvas.exports.drawn import Drawing, DrawnCard, DrawnLane, DrawnStage
from parcours.canvas.exports.segments import SegmentsFound
from parcours.canvas.imports.hanging import hang
from parcours.canvas.models import Card, Journey, Lane, Stage, Touchpoint
from parcours.canvas.order import key_last
from parcours.canvas.versions.enums import Cause
from parcours.canvas.versions.writes import keep_version
from parcours.canvas.writes.brush import (
    CardMaker,
    Names,
    Placed,
    name_of,
    stage_row,
    touchpoint_row,
)
from parcours.canvas.writes.cards import MOST_CARDS
from parcours.canvas.writes.common import locked_journey, tell_structure, touch
from parcours.canvas.writes.drawings import stored_pictures
from parcours.core.errors import BadInput

MOST_AXES = 60


@dataclass(frozen=True, slots=True)
class Added:
    """What is new on the canvas; `known` cards stood there already, with the same title and text."""

    cards: int
    stages: int
    lanes: int
    touchpoints: int
    known: int


@transaction.atomic
def add_drawing(journey_id: uuid.UUID, drawing: Drawing, *, name: str, acting_user: Actor) -> Added:
    """Adds the cards of a drawing to the stages and rows of the same name, or of the same kind; those that
    aren't there are added at the end. What stands is never changed, and a version keeps it as it stood.

    `name` is that of the file. Raises BadInput; then nothing is stored.
    """
    reason = _("Before “{file}” was added").format(file=name)[:300]
    keep_version(journey_id, reason=reason, cause=Cause.BEFORE_IMPORT, acting_user=acting_user)
    journey = locked_journey(journey_id, acting_user)
    added = _Adding(journey, acting_user).add(drawing)
    touch(journey, rules=bool(added.stages or added.touchpoints))
    data = {"file": name, "cards": added.cards, "stages": added.stages, "lanes": added.lanes}
    tell_structure(acting_user, journey, "file added", ("journey", journey.pk), data)
    return added


@dataclass(slots=True)
class _Adding:
    journey: Journey
    acting_user: Actor
    new: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def add(self, drawing: Drawing) -> Added:
        stages = self._stages(drawing.stages)
        lanes = self._lanes(drawing.lanes)
        touchpoints = self._touchpoints(drawing, stages)
        cards = self._cards(drawing, stages, lanes, touchpoints)
        placed = Placed(stages, lanes, touchpoints, cards)
        hang(self.journey, drawing, placed, SegmentsFound(self.acting_user), acting_user=self.acting_user)
        known = sum(card is None for card in cards)
        return Added(
            len(cards) - known, self.new["stages"], self.new["lanes"], self.new["touchpoints"], known
        )

    def _stages(self, drawn: Sequence[DrawnStage]) -> list[Stage]:
        there = list(Stage.objects.filter(journey=self.journey, deleted_at=None).order_by("order_key"))
        found = []
        for stage in drawn:
            row = _same_stage(stage, there)
            if row is None:
                row = stage_row(stage, self.journey, key_last([each.order_key for each in there]))
                self._save(row, "stages", len(there))
                there.append(row)
            found.append(row)
        return found

    def _lanes(self, drawn: Sequence[DrawnLane]) -> list[Lane]:
        there = list(Lane.objects.filter(journey=self.journey, deleted_at=None).order_by("order_key"))
        found = []
        for lane in drawn:
            row = _same_lane(lane, there)
            if row is None:
                key = key_last([each.order_key for each in there])
                row = Lane(
                    journey=self.journey, kind=lane.kind, name=name_of(lane.name, "lanes"), order_key=key
                )
                self._save(row, "lanes", len(there))
                there.append(row)
            found.append(row)
        return found

    def _save(self, row: Stage | Lane, kind: str, count: int) -> None:
        if count >= MOST_AXES:
            raise BadInput(_("A canvas holds at most {n} stages and as many rows.").format(n=MOST_AXES))
        row.save(force_insert=True)
        self.new[kind] += 1

    def _touchpoints(self, drawing: Drawing, stages: Sequence[Stage]) -> list[Touchpoint]:
        """Those of a stage by their name; the others behind them."""
        there: dict[uuid.UUID, list[Touchpoint]] = defaultdict(list)
        for row in Touchpoint.objects.filter(journey=self.journey, deleted_at=None).order_by("order_key"):
            there[row.stage_id].append(row)
        found = []
        for drawn, stage in zip(drawing.stages, stages, strict=True):
            for each in drawn.touchpoints:
                here = there[stage.pk]
                same = [row for row in here if row.name.casefold() == each.name.strip().casefold()]
                row = (
                    same[0]
                    if same
                    else touchpoint_row(each, stage, key_last([one.order_key for one in here]))
                )
                if not same:
                    row.save(force_insert=True)
                    here.append(row)
                    self.new["touchpoints"] += 1
                found.append(row)
        return found

    def _cards(
        self,
        drawing: Drawing,
        stages: Sequence[Stage],
        lanes: Sequence[Lane],
        touchpoints: Sequence[Touchpoint],
    ) -> list[Card | None]:
        """The new rows at the places of the drawing; None for a card that stands in its cell already."""
        cells: dict[tuple[uuid.UUID, uuid.UUID], list[Card]] = defaultdict(list)
        standing = Card.objects.filter(journey=self.journey, deleted_at=None).order_by("order_key")
        for row in standing:
            cells[row.stage_id, row.lane_id].append(row)
        if sum(map(len, cells.values())) + len(drawing.cards) > MOST_CARDS:
            raise BadInput(_("A canvas holds at most {n} cards.").format(n=MOST_CARDS), where="cards")
        names = Names.of(drawing, touchpoints, self.acting_user)
        pictures = stored_pictures(drawing, self.acting_user)
        make = CardMaker(self.journey, names, pictures, self.acting_user.label)
        found: list[Card | None] = []
        for card in drawing.cards:
            stage, lane = stages[card.stage], lanes[card.lane]
            here = cells[stage.pk, lane.pk]
            if any(_is_same(card, row) for row in here):
                found.append(None)
                continue
            row = make.row(card, stage, lane, key_last([each.order_key for each in here]))
            here.append(row)
            found.append(row)
        Card.objects.bulk_create(row for row in found if row is not None)
        return found


def _same_stage(drawn: DrawnStage, there: Sequence[Stage]) -> Stage | None:
    """By its name, else by the stage of the field that both are."""
    name = drawn.name.strip().casefold()
    named = [row for row in there if row.name.casefold() == name]
    keyed = [row for row in there if drawn.key and row.key == drawn.key]
    return next(iter(named or keyed), None)


def _same_lane(drawn: DrawnLane, there: Sequence[Lane]) -> Lane | None:
    """By its name and kind, else the only row of its kind."""
    of_kind = [row for row in there if row.kind == drawn.kind]
    named = [row for row in of_kind if row.name.casefold() == drawn.name.strip().casefold()]
    return named[0] if named else of_kind[0] if len(of_kind) == 1 and drawn.kind != "free" else None


def _is_same(drawn: DrawnCard, row: Card) -> bool:
    has_words = bool(drawn.title.strip() or drawn.text.strip())
    return has_words and (drawn.title.strip(), drawn.text.strip()) == (row.title, row.text)
