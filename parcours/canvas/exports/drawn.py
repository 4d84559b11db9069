"""A whole journey that isn't stored yet: what files are read into, and journeys drawn from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from parcours.canvas.enums import JourneyStatus
from parcours.canvas.evidence.shapes import Given


@dataclass(frozen=True, slots=True)
class NamedSegment:
    """A segment that a brand made itself, by what tells it elsewhere: its name and its rule."""

    name: str
    rule: Mapping[str, Any] = field(hash=False)


DrawnSegment = NamedSegment | str
"""A generation by its key, or a brand's own; an empty key means everybody."""


@dataclass(frozen=True, slots=True)
class DrawnConfirmation:
    at: datetime | None
    by: str
    note: str


@dataclass(frozen=True, slots=True)
class DrawnEvidence:
    """`given.segment` stays empty: `segment` says whose evidence it is."""

    given: Given
    segment: DrawnSegment = ""
    at: datetime | None = None
    by: str = ""
    confirmations: tuple[DrawnConfirmation, ...] = ()


@dataclass(frozen=True, slots=True)
class DrawnRating:
    level: int
    by: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class DrawnQuote:
    text: str
    source: str
    by: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class DrawnFit:
    """How one value of the brand, by its name, is wanted and felt at a touchpoint."""

    value: str
    wish: DrawnRating | None
    ratings: tuple[DrawnRating, ...]
    quotes: tuple[DrawnQuote, ...]


@dataclass(frozen=True, slots=True)
class DrawnValue:
    name: str
    sentence: str = ""
    looks_like: str = ""
    not_like: str = ""


@dataclass(frozen=True, slots=True)
class DrawnComment:
    text: str
    by: str
    at: datetime | None
    edited_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class DrawnThread:
    """A conversation about the card, stage (and lane) or touchpoint at these places from 0, else about all.

    Touchpoints are counted through all stages.
    """

    comments: tuple[DrawnComment, ...]
    card: int | None = None
    stage: int | None = None
    lane: int | None = None
    touchpoint: int | None = None
    at: datetime | None = None
    resolved_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class DrawnTouchpoint:
    name: str
    channel: str
    rule: dict[str, Any]
    id: str = ""
    fits: tuple[DrawnFit, ...] = ()


@dataclass(frozen=True, slots=True)
class DrawnStage:
    name: str
    description: str
    key: str
    touchpoints: tuple[DrawnTouchpoint, ...]
    id: str = ""


@dataclass(frozen=True, slots=True)
class DrawnLane:
    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class DrawnCard:
    """`stage` and `lane` are places in the drawing from 0; `picture` is a key of its pictures, or empty.

    Its `touchpoint` is the name or id of one, `leads_to` the title of a journey, `leads_to_id` its id where
    it was drawn, `drawn_from` the id of a card; all may be empty. `opens` is the place of another journey of
    the same file, from 0, if it leads to that one. `capture` says how its picture is taken.
    """

    stage: int
    lane: int
    title: str
    text: str
    picture: str
    picture_alt: str
    picture_caption: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)
    touchpoint: str = ""
    leads_to: str = ""
    leads_to_id: str = ""
    opens: int | None = None
    drawn_from: str = ""
    id: str = ""
    evidence: tuple[DrawnEvidence, ...] = ()
    capture: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class DrawnPersona:
    name: str
    birth_year: int | None
    sketch: str
    goals: str
    quote: str
    photo: str
    habits: str = ""
    channels: tuple[str, ...] = ()
    segment: DrawnSegment = ""


@dataclass(frozen=True, slots=True)
class Drawing:
    """`drawn_from` and `drawn_from_id` name the journey that it was copied from."""

    title: str
    summary: str
    kind: str
    persona: DrawnPersona | None
    stages: tuple[DrawnStage, ...]
    lanes: tuple[DrawnLane, ...]
    cards: tuple[DrawnCard, ...]
    pictures: Mapping[str, bytes]
    status: str = JourneyStatus.ACTIVE
    segment: DrawnSegment = ""
    review_every_days: int | None = None
    review_due: date | None = None
    id: str = ""
    drawn_from: str = ""
    drawn_from_id: str = ""
    values: tuple[DrawnValue, ...] = ()
    threads: tuple[DrawnThread, ...] = ()
