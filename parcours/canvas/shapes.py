"""What the reads of the canvas return: plain, frozen, in the order in which they are shown."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

from parcours.canvas.enums import JourneyKind, JourneyStatus, LaneKind
from parcours.canvas.rules import touchpoint_rule
from parcours.customers.segments.generations import Generation, generation_of
from parcours.customers.segments.keys import key_of_segment


@dataclass(frozen=True, slots=True)
class PictureView:
    """`url` is an address of this installation, behind the same door as the canvas. `alt` tells those who
    can't see it what is seen; `caption` stands below it for everybody.
    """

    id: uuid.UUID
    url: str
    width: int
    height: int
    alt: str = ""
    caption: str = ""


@dataclass(frozen=True, slots=True)
class PersonaView:
    id: uuid.UUID
    name: str
    birth_year: int | None = None
    sketch: str = ""
    goals: str = ""
    habits: str = ""
    quote: str = ""
    channels: tuple[str, ...] = ()
    segment_id: uuid.UUID | None = None
    photo: PictureView | None = None

    @property
    def generation(self) -> Generation | None:
        return generation_of(self.birth_year)

    @property
    def quotes(self) -> tuple[str, ...]:
        """What they say, each a line of `quote`."""
        return tuple(line.strip() for line in self.quote.splitlines() if line.strip())

    @property
    def segment_key(self) -> str:
        """The customers whom the persona stands for: its segment, else its generation; empty for nobody."""
        if self.segment_id is not None:
            return key_of_segment(self.segment_id)
        return self.generation.key if self.generation else ""


@dataclass(frozen=True, slots=True)
class JourneyView:
    id: uuid.UUID
    brand_id: uuid.UUID
    title: str
    summary: str
    kind: str
    rules_revision: int
    created_at: datetime
    updated_at: datetime
    persona: PersonaView | None = None
    status: str = JourneyStatus.ACTIVE
    segment_id: uuid.UUID | None = None
    owner_id: uuid.UUID | None = None
    owner_label: str = ""
    drawn_from_id: uuid.UUID | None = None
    """The journey it was copied from: as it is, for one as it should be; the whole, for that of a segment."""
    review_every_days: int | None = None
    review_due: date | None = None

    @property
    def kind_label(self) -> str:
        return str(JourneyKind(self.kind).label)

    @property
    def status_label(self) -> str:
        return str(JourneyStatus(self.status).label)

    @property
    def segment_key(self) -> str:
        """How filters name the segment that it is drawn for; empty for everybody."""
        return key_of_segment(self.segment_id)

    @property
    def topic(self) -> str:
        """What to follow to see it change."""
        return f"journey:{self.id}"


@dataclass(frozen=True, slots=True)
class JourneySummary:
    """A journey in a list. `stages` are the names, `cards_by_stage` the cards standing in each of them."""

    journey: JourneyView
    stages: tuple[str, ...]
    cards_by_stage: tuple[int, ...]
    touchpoints: int

    @property
    def cards(self) -> int:
        return sum(self.cards_by_stage)


@dataclass(frozen=True, slots=True)
class TouchpointView:
    """`rule` is the JSON of `core.rules`."""

    id: uuid.UUID
    stage_id: uuid.UUID
    name: str
    channel: str
    rule: dict[str, Any] = field(hash=False)
    order_key: str

    @property
    def sentence(self) -> str:
        """The rule in the reader's words."""
        return touchpoint_rule(self.rule).sentence()


@dataclass(frozen=True, slots=True)
class CardView:
    """A card as it stands. `kind` is its lane's; `leased_by` names somebody who is editing it right now.

    `details` are what cards of its kind have beyond words (see `kinds`); `leads_to` is the journey that it
    opens.
    """

    id: uuid.UUID
    journey_id: uuid.UUID
    stage_id: uuid.UUID
    lane_id: uuid.UUID
    kind: str
    title: str
    text: str
    picture: PictureView | None
    revision: int
    order_key: str
    edited_by: str
    updated_at: datetime
    leased_by: str | None = None
    leased_by_id: uuid.UUID | None = None
    deleted: bool = False
    details: Mapping[str, Any] = field(default_factory=dict, hash=False)
    leads_to: uuid.UUID | None = None
    leads_to_title: str = ""
    drawn_from_id: uuid.UUID | None = None
    created_at: datetime | None = None

    def __hash__(self) -> int:
        """By a part that tells nearly all apart: some hundred cards are looked up for a page."""
        return hash((self.id, self.revision))

    @property
    def kind_label(self) -> str:
        return str(LaneKind(self.kind).label)


@dataclass(frozen=True, slots=True)
class StageView:
    id: uuid.UUID
    name: str
    description: str
    key: str
    order_key: str
    number: int
    touchpoints: tuple[TouchpointView, ...] = ()


@dataclass(frozen=True, slots=True)
class Cell:
    """Where a stage and a lane cross; `hint` says in one line what belongs here."""

    stage: StageView
    lane_id: uuid.UUID
    lane_kind: str
    lane_name: str
    cards: tuple[CardView, ...]
    hint: str = ""


@dataclass(frozen=True, slots=True)
class LaneView:
    id: uuid.UUID
    kind: str
    name: str
    order_key: str
    cells: tuple[Cell, ...] = ()

    @property
    def kind_label(self) -> str:
        return str(LaneKind(self.kind).label)


@dataclass(frozen=True)
class Board:
    """A whole canvas. Rows are `lanes`, each with one cell a stage, in the order of `stages`."""

    journey: JourneyView
    stages: tuple[StageView, ...]
    lanes: tuple[LaneView, ...]

    @property
    def persona(self) -> PersonaView | None:
        return self.journey.persona

    @cached_property
    def touchpoints(self) -> tuple[TouchpointView, ...]:
        """In the order in which their rules are tried: by stage, then as arranged within it."""
        return tuple(touchpoint for stage in self.stages for touchpoint in stage.touchpoints)

    @cached_property
    def cards(self) -> tuple[CardView, ...]:
        return tuple(card for lane in self.lanes for cell in lane.cells for card in cell.cards)


@dataclass(frozen=True, slots=True)
class Removed:
    """Something taken off the canvas that can be put back."""

    kind: str
    id: uuid.UUID
    name: str
    at: datetime
    cards: int = 0
