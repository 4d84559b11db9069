"""What the API takes and gives about brand values."""

import datetime as dt
from typing import Annotated
from uuid import UUID

from ninja import Schema
from pydantic import Field

Level = Annotated[int, Field(ge=0, le=4)]
_LEVEL = "0 not at all, 1 a little, 2 somewhat, 3 clearly, 4 strongly; null takes it back."


class ValueOut(Schema):
    id: UUID
    name: str
    sentence: str
    looks_like: str
    not_like: str


class ValuesOut(Schema):
    items: list[ValueOut]


class ValueIn(Schema):
    name: Annotated[str, Field(min_length=1, max_length=80)]
    sentence: Annotated[str, Field(max_length=300)] = ""
    looks_like: Annotated[str, Field(max_length=1_000)] = ""
    not_like: Annotated[str, Field(max_length=1_000)] = ""


class ValueChange(Schema):
    """What isn't given stays as it is; `position` counts from 0."""

    name: Annotated[str, Field(min_length=1, max_length=80)] | None = None
    sentence: Annotated[str, Field(max_length=300)] | None = None
    looks_like: Annotated[str, Field(max_length=1_000)] | None = None
    not_like: Annotated[str, Field(max_length=1_000)] | None = None
    position: Annotated[int, Field(ge=0, le=100)] | None = None


class LevelIn(Schema):
    level: Level | None = Field(description=_LEVEL)


class QuoteIn(Schema):
    text: Annotated[str, Field(min_length=1, max_length=500)]
    source: Annotated[str, Field(max_length=120)] = ""


class QuoteOut(Schema):
    id: UUID
    text: str
    source: str
    by: str
    at: dt.datetime


class RatingOut(Schema):
    by: str
    level: int
    at: dt.datetime


class FitOut(Schema):
    """`felt` is the mean of the ratings; `gap` is `wanted` less `felt`, null without both."""

    stage: UUID
    touchpoint: UUID
    value: UUID
    wanted: int | None
    wanted_by: str
    felt: float | None
    raters: int
    lowest: int | None
    highest: int | None
    gap: float | None
    ratings: list[RatingOut]
    quotes: list[QuoteOut]


class BrandFitOut(Schema):
    values: list[ValueOut]
    fits: list[FitOut] = Field(description="Those with anything said, by stage, touchpoint and value.")
