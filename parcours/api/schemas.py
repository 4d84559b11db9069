"""The shapes of the API: what `openapi.json` describes."""

from datetime import datetime
from typing import Any
from uuid import UUID

from ninja import Field, Schema


class Problem(Schema):
    """What went wrong (RFC 9457): `title` says what, `where` names the place, `detail` what to do."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str = ""
    where: str = ""


class CardOut(Schema):
    id: UUID
    stage: UUID
    lane: UUID
    kind: str
    title: str
    text: str
    picture: str | None
    picture_alt: str | None
    picture_caption: str | None = None
    details: dict[str, Any] = Field(
        default_factory=dict,
        description="What cards of this kind have beyond words, for example severity, level, target.",
    )
    leads_to: UUID | None = Field(None, description="The journey that the card opens.")
    revision: int = Field(description="Send it back in If-Match with every change.")
    edited_by: str
    updated_at: datetime


class CardConflictOut(Problem):
    """Somebody was faster: `card` is how it stands now, null when it was deleted."""

    card: CardOut | None = None


class CardIn(Schema):
    stage: UUID
    lane: UUID
    title: str = ""
    text: str = Field(
        "", description="With light formatting: **bold**, *italic*, [words](https://…), lists with - or 1."
    )
    details: dict[str, Any] = Field(default_factory=dict, description="Those that fit the kind of its row.")
    leads_to: UUID | None = None
    before: UUID | None = Field(None, description="The card that it goes in front of; last without any.")
    after: UUID | None = Field(None, description="The card that it goes behind.")


class CardChange(Schema):
    """What isn't given stays as it is. A stage or lane moves the card, to the end or beside a neighbour."""

    title: str | None = None
    text: str | None = None
    picture_alt: str | None = None
    picture_caption: str | None = None
    details: dict[str, Any] | None = Field(
        None, description="Those named change, null takes one away; the others stay."
    )
    leads_to: UUID | None = Field(None, description="A journey; null given on purpose takes it away.")
    stage: UUID | None = None
    lane: UUID | None = None
    before: UUID | None = None
    after: UUID | None = None


class JourneyOut(Schema):
    id: UUID
    title: str
    kind: str
    persona: str | None
    stages: int
    cards: int
    touchpoints: int
    updated_at: datetime


class JourneyPage(Schema):
    items: list[JourneyOut]
    next: str | None = Field(None, description="The cursor of the next page; null on the last.")


class DestinationOut(Schema):
    """Where customers went who didn't go on: `ahead` or `back` to a stage, `off_map`, or `ended`."""

    kind: str
    stage: str | None
    customers: int
    share: float


class TouchpointOut(Schema):
    id: UUID
    name: str
    channel: str
    rule: dict[str, Any]
    customers: int
    events: int
    share: float | None


class StageOut(Schema):
    """`share` of the customers who went on to the next stage, `median_seconds` until they did."""

    id: UUID
    name: str
    description: str
    customers: int
    events: int
    went_on: int
    returned: int
    share: float | None
    median_seconds: float | None
    others: list[DestinationOut]
    touchpoints: list[TouchpointOut]


class LaneOut(Schema):
    id: UUID
    kind: str
    name: str


class PeriodOut(Schema):
    key: str
    start: datetime | None
    end: datetime | None


class BoardOut(Schema):
    id: UUID
    title: str
    summary: str
    kind: str
    persona: str | None
    period: PeriodOut
    segment: str | None
    customers: int
    customers_on_the_map: int
    events: int
    events_on_the_map: int
    computed_at: datetime | None
    stages: list[StageOut]
    lanes: list[LaneOut]
    cards: list[CardOut]
    updated_at: datetime
