"""The shapes of journeys as wholes, personas and generations, as `openapi.json` describes them."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from ninja import Field, Schema
from pydantic import ConfigDict


class TemplateOut(Schema):
    """`key` names it when a journey is made; `own` is one that the brand saved."""

    key: str
    name: str
    about: str
    own: bool
    stages: list[str]
    rows: list[str] = Field(description="The kinds of its rows.")
    touchpoints: int
    examples: int


class DrawingIn(Schema):
    """A whole journey, as /schema/journey.json describes it."""

    model_config = ConfigDict(extra="allow")

    format: Literal["parcours-journey"]


class JourneyIn(Schema):
    title: str = Field("", description="The template's own without one.")
    summary: str = ""
    kind: str = "as-is"
    template: str = "field"
    language: str = Field("", description="Of stages, rows and examples: en or fr.")
    persona: UUID | None = None
    segment: str = Field("", description="A segment's key; empty for everybody.")


class JourneyHeadOut(Schema):
    """A journey without what stands on it. `drawn_from` is the journey that it was copied from."""

    id: UUID
    title: str
    summary: str
    kind: str
    status: str
    segment: str
    persona: UUID | None
    owner: UUID | None
    drawn_from: UUID | None
    updated_at: datetime


class JourneyHeadChange(Schema):
    """What isn't given stays as it is."""

    title: str | None = None
    summary: str | None = None
    status: str | None = None
    segment: str | None = Field(None, description="Empty for everybody.")
    persona: UUID | None = None
    owner: UUID | None = None


class DuplicateIn(Schema):
    title: str = ""
    segment: str = Field("", description="With one, the copy stays tied to the whole.")
    persona: UUID | None = None


class ToBeIn(Schema):
    title: str = ""


class TemplateIn(Schema):
    name: str
    about: str = ""
    with_cards: bool = Field(False, description="Keep its cards as examples.")


class BesideEntryOut(Schema):
    """A card on either side: `same`, `changed`, `moved-away`, `moved-here`, `added` or `removed`."""

    stage: str
    row: str
    state: str
    changed: bool
    one: UUID | None
    other: UUID | None
    title: str
    title_before: str | None = Field(description="The first map's, where both have the card.")


class BesideOut(Schema):
    one: UUID
    other: UUID
    counts: dict[str, int]
    entries: list[BesideEntryOut]


class TakeIn(Schema):
    journey: UUID = Field(description="The journey that the card stands on now.")
    card: UUID


class PersonaIn(Schema):
    name: str
    birth_year: int | None = None
    sketch: str = ""
    goals: str = ""
    habits: str = ""
    quote: str = Field("", description="Several, each a line.")
    channels: list[str] = Field(default_factory=list, description="The dearest first.")
    segment: str = Field("", description="A segment's key; empty: the generation, by year of birth.")


class PersonaChange(Schema):
    """What isn't given stays as it is."""

    name: str | None = None
    birth_year: int | None = None
    sketch: str | None = None
    goals: str | None = None
    habits: str | None = None
    quote: str | None = None
    channels: list[str] | None = None
    segment: str | None = None


class PersonaOut(Schema):
    id: UUID
    name: str
    birth_year: int | None
    generation: str | None
    sketch: str
    goals: str
    habits: str
    quote: str
    channels: list[str]
    segment: str = Field(description="The customers whom the persona stands for.")
    photo: str | None


class ShareOut(Schema):
    name: str
    share: float


class KnownOut(Schema):
    """What is known of the persona's customers in the last year; little where there are too few of them."""

    segment: str
    customers: int
    active: int
    too_few: bool
    channels: list[ShareOut]
    generations: list[ShareOut]
    buyers: int
    orders: int
    again: int


class LensCellOut(Schema):
    """Held against all customers outside of the segment; null where there are too few of either."""

    segment: str
    customers: int
    of: int
    share: float | None
    others: float | None
    difference: float | None
    low: float | None
    high: float | None
    p_value: float | None = Field(description="Corrected by Holm's method for all that were tested.")
    certain: bool


class LensRowOut(Schema):
    """`kind`: reach, on, leave, touchpoint or channel."""

    stage: UUID | None
    stage_name: str
    kind: str
    name: str
    share: float | None
    cells: list[LensCellOut]


class LensColumnOut(Schema):
    segment: str
    name: str
    customers: int


class LensOut(Schema):
    customers: int
    tested: int
    columns: list[LensColumnOut]
    rows: list[LensRowOut]
    sentences: list[str] = Field(description="The largest certain differences.")
