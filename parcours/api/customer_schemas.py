"""The shapes of customers, segments and merges in the API."""

from datetime import datetime
from typing import Any
from uuid import UUID

from ninja import Field, Schema


class IdentityOut(Schema):
    kind: str = Field(description="user_id, anonymous_id, email or phone")
    value: str
    since: datetime | None
    reason: str


class GroupOut(Schema):
    key: str
    name: str
    traits: dict[str, Any]
    since: datetime


class CustomerOut(Schema):
    id: int
    name: str
    email: str
    birth_year: int | None
    generation: str | None
    country: str
    language: str
    traits: dict[str, Any]
    identities: list[IdentityOut]


class CustomerDetail(CustomerOut):
    groups: list[GroupOut]
    events: int
    first_seen: datetime | None
    last_seen: datetime | None


class CustomerPage(Schema):
    items: list[CustomerOut]
    total: int = Field(description="How many there are in all; of a search no more than 10,000 are counted.")
    next: int | None = Field(description="The cursor of the next page, null on the last.")


class CustomerChange(Schema):
    """What isn't given stays as it is; null or an empty text forgets it. A trait that is null goes."""

    name: str | None = None
    email: str | None = None
    birth_year: int | None = None
    country: str | None = None
    language: str | None = None
    traits: dict[str, Any] | None = None


class EventOut(Schema):
    id: UUID
    time: datetime
    name: str
    channel: str
    source: str
    properties: dict[str, Any]


class TimelineOut(Schema):
    items: list[EventOut]
    total: int
    next: str | None


class SegmentOut(Schema):
    key: str
    name: str
    builtin: bool
    rule: dict[str, Any]
    sentence: str
    customers: int


class SegmentList(Schema):
    items: list[SegmentOut]


class SegmentIn(Schema):
    name: str
    rule: dict[str, Any] = Field(description='{"all": [conditions]}, as the guide describes them')


class SegmentChange(Schema):
    name: str | None = None
    rule: dict[str, Any] | None = None


class MergeIn(Schema):
    loser: int = Field(description="The customer that becomes part of the other.")
    winner: int
    reason: str = Field("", max_length=200)


class MergeOut(Schema):
    id: UUID
    loser: int
    winner: int
    reason: str
    by: str
    at: datetime
    identities: list[list[str]]
    undone_at: datetime | None
    undone_by: str


class MergePage(Schema):
    items: list[MergeOut]
    next: UUID | None


class LikenessOut(Schema):
    id: int
    customers: list[int]
    keeps: int = Field(description="Whose profile stays when they are made one.")
    hints: list[str]
    speaks_for: list[str] = Field(description="What both have in common, by name.")
    speaks_against: list[str]
    found_at: datetime


class LikenessPage(Schema):
    items: list[LikenessOut]
    total: int
    next: int | None
