"""The shapes of webhooks in the API, and of what webhooks send."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from ninja import Field, Schema
from pydantic import ConfigDict


class WebhookIn(Schema):
    """No kinds or channels: all of them, also those that come later."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field("", max_length=200)
    url: str = Field(max_length=1_000)
    kinds: list[str] = Field(default_factory=list, max_length=100)
    channels: list[str] = Field(default_factory=list, max_length=50)
    with_text: bool = Field(False, description="Send the words of messages, too.")
    enabled: bool = True


class WebhookOut(Schema):
    """`waiting` is now; `delivered` and `given_up` are of the last day."""

    id: UUID
    name: str
    url: str
    kinds: list[str]
    channels: list[str]
    with_text: bool
    enabled: bool
    off_since: datetime | None
    off_why: Literal["", "person", "gone", "failing"]
    failing_since: datetime | None
    delivered_at: datetime | None
    both_secrets_until: datetime | None
    waiting: int
    delivered: int
    given_up: int
    revision: int


class WebhookList(Schema):
    items: list[WebhookOut]


class WebhookSecret(WebhookOut):
    secret: str = Field(description="With which receivers check signatures. Told in this answer only.")


class WebhookKindOut(Schema):
    kind: str
    about: str


class WebhookKindList(Schema):
    items: list[WebhookKindOut]


class TryOut(Schema):
    at: datetime
    seconds: float
    answered: int | None = Field(description="The status; null without an answer.")
    answer: str = Field(description="Its beginning.")
    fault: str


class DeliveryOut(Schema):
    id: UUID
    event: str = Field(description="What the receiver knows as webhook-id.")
    kind: str
    at: datetime
    status: Literal["waiting", "sent", "dead"]
    tries: int
    next_try_at: datetime | None
    answered: int | None
    fault: str


class DeliveryWholeOut(DeliveryOut):
    body: str
    attempts: list[TryOut]


class DeliveryPage(Schema):
    items: list[DeliveryOut]
    next: UUID | None = None


class ReplayIn(Schema):
    since: datetime
    also_delivered: bool = Field(False, description="Also what it took already.")


class ReplayOut(Schema):
    events: int


class ToldConversation(Schema):
    id: UUID
    number: int
    channel: str
    account: UUID
    contact: UUID
    customer: int | None
    status: Literal["open", "snoozed", "closed"]
    assignee: UUID | None
    queue: UUID | None
    priority: int
    tags: list[str]
    journey: UUID | None
    stage: UUID | None
    touchpoint: UUID | None
    topic: str
    rating: int | None
    merged_into: UUID | None
    messages: int
    created_at: datetime
    waiting_since: datetime | None
    snoozed_until: datetime | None
    closed_at: datetime | None
    revision: int


class ToldMessage(Schema):
    """`text` and `fault` only where the webhook is sent the words of messages."""

    id: UUID
    direction: Literal["in", "out"]
    author_kind: str
    author: UUID | None
    at: datetime
    step: str
    files: int
    text: str | None = None
    fault: str | None = None


class ToldContact(Schema):
    id: UUID
    account: UUID
    channel: str
    customer: int | None = None
    language: str = ""
    blocked: bool = False


class ToldData(Schema):
    """Events about a conversation carry it; about a message, both. Other areas add what is theirs."""

    model_config = {"extra": "allow"}

    conversation: ToldConversation | None = None
    message: ToldMessage | None = None
    contact: ToldContact | None = None


class ToldEvent(Schema):
    """The body of every call, version 1. New fields may come; those here stay."""

    id: str = Field(description="The same in every try and repetition: the header webhook-id.")
    type: str
    version: Literal[1]
    timestamp: datetime = Field(description="When it happened.")
    brand: UUID
    data: ToldData


def schema_of_events() -> dict[str, Any]:
    """As JSON Schema."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **ToldEvent.model_json_schema()}
