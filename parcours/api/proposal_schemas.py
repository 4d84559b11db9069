"""What the API takes and gives about proposals and drafts."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from ninja import Field, Schema


class SampleOut(Schema):
    text: str = Field(description="What a customer said, without what names a person.")


class ProposalOut(Schema):
    """What the log or a colleague proposes. `title` and `why` are in the language of the token."""

    id: UUID
    kind: str
    state: str = Field(description="open, accepted, dismissed or lapsed (no longer true).")
    title: str
    why: str
    proposed_by: str
    by_the_log: bool
    stage: UUID | None
    lane: UUID | None
    card: UUID | None
    touchpoint: UUID | None
    facts: dict[str, Any] = Field(description="The numbers behind it.")
    change: dict[str, Any] | None = Field(description="What accepting does.")
    samples: list[SampleOut]
    created_at: datetime
    decided_by: str
    decided_at: datetime | None
    reason: str = Field(description="Why it was dismissed.")


class ProposalsOut(Schema):
    items: list[ProposalOut]


class SuggestionIn(Schema):
    """A card for a stage and lane, or, with `card`, other words for one that stands there."""

    stage: UUID | None = None
    lane: UUID | None = None
    card: UUID | None = None
    title: Annotated[str, Field(max_length=200)] | None = None
    text: Annotated[str, Field(max_length=10_000)] | None = None
    words: Annotated[str, Field(max_length=500)] = Field("", description="Why.")


class AcceptIn(Schema):
    """What to write in place of what is proposed; what isn't given stays as proposed."""

    title: Annotated[str, Field(max_length=200)] | None = None
    text: Annotated[str, Field(max_length=10_000)] | None = None
    name: Annotated[str, Field(max_length=120)] | None = None
    stage: UUID | None = None
    revision: int | None = Field(None, ge=1, description="Of the card, as you saw it.")
    deed: Annotated[str, Field(max_length=20)] | None = Field(
        None, description="keep a silent touchpoint under another name; delete a card with old evidence."
    )


class DismissIn(Schema):
    reason: Annotated[str, Field(max_length=500)] = ""


class AcceptManyIn(Schema):
    proposals: Annotated[list[UUID], Field(max_length=300)] | None = Field(
        None, description="Those to accept; all that wait when it isn't given."
    )


class LeftOut(Schema):
    id: UUID
    problem: str


class AcceptedOut(Schema):
    accepted: list[UUID]
    left: list[LeftOut] = Field(description="Those that wait on, and why.")
    version: UUID | None = Field(description="The version that holds what stood before.")


class LookOut(Schema):
    looked_at: datetime | None
    under_way: bool


class DraftIn(Schema):
    title: Annotated[str, Field(max_length=160)] = ""
    language: str = Field("en", description="en or fr")
    stages: Annotated[int, Field(ge=3, le=7)] | None = None


class DraftOut(Schema):
    """`plan` is the journey as `parcours canvas import` takes it, once the draft is ready."""

    id: UUID
    state: str = Field(description="waiting, working, ready, stored, dropped or failed.")
    step: int
    steps: int
    problem: str
    plan: dict[str, Any] | None
    journey: UUID | None
    created_at: datetime


class DraftStored(Schema):
    id: UUID
    title: str


class StoreIn(Schema):
    title: Annotated[str, Field(max_length=160)] = ""
