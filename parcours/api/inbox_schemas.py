"""The shapes of the inbox in the API."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from ninja import Field, Schema
from pydantic import ConfigDict


class ContactOut(Schema):
    id: UUID
    name: str
    handle: str = Field(description="What people would type: an address, a number, @name.")
    language: str
    customer: int | None
    blocked: bool


class ConversationOut(Schema):
    """`revision` is what `If-Match` names; `waiting_since` is when the customer began to wait."""

    id: UUID
    number: int
    channel: str
    account: UUID | None = None
    account_name: str
    contact: str
    subject: str
    preview: str
    status: Literal["open", "snoozed", "closed"]
    priority: int
    tags: list[str]
    assignee: UUID | None
    assignee_name: str
    last_message_at: datetime
    waiting_since: datetime | None
    due_at: datetime | None = Field(None, description="The earliest of what is due by its target.")
    first_reply_due: datetime | None = None
    next_reply_due: datetime | None = None
    resolution_due: datetime | None = None
    snoozed_until: datetime | None
    stage: UUID | None
    messages: int
    revision: int


class ConversationPage(Schema):
    items: list[ConversationOut]
    next: str = ""


class ConversationWhole(ConversationOut):
    contact_details: ContactOut
    customer: int | None
    language: str
    context: dict[str, Any]
    journey: UUID | None
    touchpoint: UUID | None
    placed_by: str
    topic: str
    topic_by: str
    created_at: datetime
    first_reply_at: datetime | None
    closed_at: datetime | None
    rating: int | None
    merged_into: UUID | None


class FileOut(Schema):
    id: UUID
    name: str
    media_type: str
    size: int
    refused: str = Field(description="Why the file isn't here; empty when it is.")


class MessageOut(Schema):
    id: UUID
    direction: Literal["in", "out", "note", "line"]
    author_kind: str
    author: str
    text: str
    at: datetime
    step: str = Field(description="received, stored, shown, queued, sent, delivered, read or failed.")
    fault: str
    files: list[FileOut]


class MessageList(Schema):
    items: list[MessageOut]
    before: str = Field("", description="Give it as `before` for older ones; empty when there are none.")


class MessageIn(Schema):
    text: str = Field(max_length=200_000)
    note: bool = Field(default=False, description="For colleagues only.")
    manner: Literal["", "public", "private"] = Field(
        default="",
        description="Of an answer to a comment: under it, or in private. Empty: as the account does it.",
    )


class ConversationChange(Schema):
    """What is given is changed, in this order. `assignee` empty: back to everybody. A touchpoint says its
    stage, a stage its journey.
    """

    model_config = ConfigDict(extra="forbid")

    status: Literal["open", "closed", "snoozed"] | None = None
    until: datetime | None = Field(None, description="Until when it is snoozed.")
    assignee: UUID | Literal[""] | None = None
    tags: list[str] | None = None
    priority: Literal[-1, 0, 1] | None = None
    journey: UUID | None = None
    stage: UUID | None = None
    touchpoint: UUID | None = None
    topic: str | None = None


class MergeIn(Schema):
    into: UUID


class AccountOut(Schema):
    """An account on a channel. Its secrets are never told."""

    id: UUID
    kind: str
    name: str
    address: str
    language: str
    enabled: bool
    hook: str = Field(description="Where the platform calls; empty when it doesn't.")
    received_at: datetime | None
    refused_at: datetime | None
    sent_at: datetime | None
    fault: str


class AccountList(Schema):
    items: list[AccountOut]


class ArrivalOut(Schema):
    id: UUID
    account: UUID
    received_at: datetime
    status: Literal["done", "ignored", "failed", "refused"]
    trouble: str
    tries: int
    size: int


class ArrivalPage(Schema):
    items: list[ArrivalOut]
    next: UUID | None = None


class DeadLetterOut(Schema):
    message: UUID
    conversation: UUID
    account: UUID
    fault: str
    tries: int
    given_up_at: datetime | None


class DeadLetterList(Schema):
    items: list[DeadLetterOut]
