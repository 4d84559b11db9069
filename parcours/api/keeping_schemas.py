"""The shapes of versions, reviews and links in the API."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from ninja import Field, Schema


class ApprovalOut(Schema):
    approver: str
    asked_at: datetime
    answer: str = Field(description="`approved`, `declined`, or empty while nobody answered.")
    words: str
    answered_at: datetime | None


class VersionOut(Schema):
    id: UUID
    number: int
    cause: str = Field(
        description="`kept`, `signed-off`, `before-restore`, `before-import` or `before-proposals`."
    )
    reason: str
    author: str
    at: datetime
    approval: ApprovalOut | None


class VersionPage(Schema):
    items: list[VersionOut]
    next: int | None = Field(None, description="The cursor of the next page; null on the last.")


class VersionContentOut(VersionOut):
    content: dict[str, Any] = Field(description="What stood on the canvas, with the ids of things.")


class VersionIn(Schema):
    reason: str
    approver: UUID | None = Field(None, description="The id of a person of the brand.")


class ChangeOut(Schema):
    sentence: str
    names: list[str]
    more: list[str]


class ChangeGroupOut(Schema):
    """The changes of one stage; `stage` is null for the journey itself."""

    title: str
    stage: UUID | None
    changes: list[ChangeOut]


class RestoreIn(Schema):
    """The whole version, or one stage or card of it."""

    stage: UUID | None = None
    card: UUID | None = None


class RestoredOut(Schema):
    """`before` is the version that holds what stood before: bringing it back undoes this."""

    before: VersionOut
    changes: int


class ReviewOut(Schema):
    id: UUID
    card: UUID | None
    reason: str
    sentence: str
    opened_by: str
    opened_at: datetime
    closed_by: str
    closed_at: datetime | None
    words: str
    version: UUID | None


class ReviewsOut(Schema):
    owner: str
    every_days: int | None
    due: date | None
    last_at: datetime | None
    last_by: str
    open: list[ReviewOut]
    signed: list[ReviewOut]


class ReviewIn(Schema):
    card: UUID
    words: str = Field(description="What should be looked at.")


class RhythmIn(Schema):
    every_days: int | None = Field(description="From 7 to 1,096; null for no rhythm.")
    due: date | None = None


class ShareIn(Schema):
    name: str
    password: str = ""
    expires_at: datetime | None = None
    with_numbers: bool = False
    period: str = "90d"
    segment: str = ""
    journeys: list[UUID] = Field(default=[], description="Journeys that cards lead to.")
    origins: list[str] = Field(default=[], description="Sites that may show it inside their pages.")


class ShareOut(Schema):
    id: UUID
    name: str
    has_password: bool
    with_numbers: bool
    period: str
    segment: str
    journeys: list[UUID]
    origins: list[str]
    made_by: str
    made_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    opened: int
    last_opened_at: datetime | None
    is_over: bool


class NewShareOut(ShareOut):
    path: str = Field(description="Its address on this installation: told this once.")
