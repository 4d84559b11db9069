"""What the API takes and gives about evidence."""

import datetime as dt
from typing import Any, Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

Kind = Literal["query", "number", "note"]
Side = Literal["for", "against"]


class SampleOut(Schema):
    text: str
    at: dt.datetime
    channel: str


class CountOut(Schema):
    """`share` of all customers of the period; null below five customers. `weeks` are customers a week, the
    oldest first. `problem` is `gone` when the query names something that is no longer there.
    """

    events: int | None
    customers: int
    share: float | None
    weeks: list[int]
    last_at: dt.datetime | None
    computed_at: dt.datetime
    problem: str
    samples: list[SampleOut]


class ConfirmationOut(Schema):
    at: dt.datetime
    by: str
    note: str


class EvidenceOut(Schema):
    """`count` is null until it was counted, and for notes. `standing` is fresh, ageing or old."""

    id: UUID
    card: UUID
    kind: Kind
    side: Side
    source: str
    title: str
    rule: dict[str, Any] | None
    asked: dict[str, str] | None
    words: str
    period: dict[str, str]
    segment: str
    text: str
    address: str
    dated: dt.date | None
    author: str
    created_at: dt.datetime
    standing: str
    confirmed_at: dt.datetime | None
    confirmed: ConfirmationOut | None
    count: CountOut | None


class ProofOut(Schema):
    """How a card stands: contested, old, none, ageing or fresh; `days` since it was last confirmed."""

    standing: str
    supporting: int
    against: int
    days: int | None
    for_customers: int
    against_customers: int


class CardEvidenceOut(Schema):
    card: UUID
    proof: ProofOut
    evidence: list[EvidenceOut]


class CardProofOut(Schema):
    card: UUID
    title: str
    kind: str
    stage: UUID
    proof: ProofOut
    confirmed_at: dt.datetime | None


class JourneyEvidenceOut(Schema):
    """Every card of a journey; `founded` of the `cards` have evidence for them."""

    cards: int
    founded: int
    share: float | None
    items: list[CardProofOut]


class EvidenceIn(Schema):
    """A query needs a `rule` over events, a number what is `asked`, a note a `text`, an `address` or a title.

    `period` is `{"period": "90d"}`, `{"period": "all"}` or `{"from": "2026-01-01", "to": "2026-03-31"}`.
    """

    kind: Kind = "query"
    side: Side = "for"
    source: str = Field("", max_length=16)
    title: str = Field("", max_length=200)
    rule: dict[str, Any] | None = None
    asked: dict[str, str] | None = None
    words: str = Field("", max_length=120)
    period: dict[str, str] = Field(default_factory=dict)
    segment: str = Field("", max_length=80)
    text: str = Field("", max_length=4_000)
    address: str = Field("", max_length=1_000)
    dated: dt.date | None = None


class EvidenceChange(Schema):
    """What isn't given stays as it is."""

    side: Side | None = None
    source: str | None = Field(None, max_length=16)
    title: str | None = Field(None, max_length=200)
    rule: dict[str, Any] | None = None
    words: str | None = Field(None, max_length=120)
    period: dict[str, str] | None = None
    segment: str | None = Field(None, max_length=80)
    text: str | None = Field(None, max_length=4_000)
    address: str | None = Field(None, max_length=1_000)
    dated: dt.date | None = None


class ConfirmIn(Schema):
    note: str = Field("", max_length=300)
