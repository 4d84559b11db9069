from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from ninja import Field, Schema


class EntryOut(Schema):
    id: UUID
    form: str = Field(description="card or touchpoint")
    kind: str = Field(description="Of the row that a card belongs in; empty for a touchpoint.")
    title: str
    text: str
    picture: str | None
    details: dict[str, Any]
    channel: str
    rule: dict[str, Any] | None
    revision: int
    uses: int = Field(description="Copies that stand on a canvas.")
    edited_by: str
    updated_at: datetime


class EntryPage(Schema):
    items: list[EntryOut]
    next: str | None = Field(None, description="The cursor of the next page; null on the last.")


class UseOut(Schema):
    journey: UUID
    journey_title: str
    stage: str
    card: UUID | None
    touchpoint: UUID | None
    title: str
    outdated: bool = Field(description="The entry changed since this copy was taken.")


class UsesOut(Schema):
    items: list[UseOut]


class EntryIn(Schema):
    form: Literal["card", "touchpoint"] = "card"
    kind: str = ""
    title: str
    text: str = ""
    details: dict[str, Any] = Field(default_factory=dict)
    channel: str = ""
    rule: dict[str, Any] | None = None


class EntryChange(Schema):
    """What isn't given stays as it is."""

    title: str | None = None
    text: str | None = None
    details: dict[str, Any] | None = None
    channel: str | None = None
    rule: dict[str, Any] | None = None


class Insertion(Schema):
    entry: UUID
    stage: UUID
    lane: UUID | None = Field(None, description="The row of a card; none for a touchpoint.")
    before: UUID | None = None
    after: UUID | None = None
