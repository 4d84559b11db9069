"""What the reads of the inbox return: plain, frozen, in the order in which they are shown."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class AccountView:
    """An account on a channel; `hook_path` is where its platform calls, empty when it doesn't."""

    id: uuid.UUID
    kind: str
    kind_label: str
    icon: str
    name: str
    address: str
    language: str
    settings: Mapping[str, Any]
    secrets_set: frozenset[str]
    enabled: bool
    hook_path: str
    received_at: datetime | None
    refused_at: datetime | None
    sent_at: datetime | None
    failed_at: datetime | None
    fault: str


@dataclass(frozen=True, slots=True)
class ContactView:
    id: uuid.UUID
    name: str
    handle: str
    language: str
    customer_id: int | None
    blocked: bool
    blocked_at: datetime | None = None
    blocked_by: str = ""
    blocked_because: str = ""
    profile: Mapping[str, Any] = field(default_factory=dict, hash=False)

    @property
    def label(self) -> str:
        return self.name or self.handle


@dataclass(frozen=True, slots=True)
class ConversationRow:
    """A conversation in a list."""

    id: uuid.UUID
    number: int
    kind: str
    icon: str
    account_name: str
    contact: str
    subject: str
    preview: str
    preview_direction: str
    status: str
    priority: int
    tags: tuple[str, ...]
    assignee_id: uuid.UUID | None
    assignee: str
    last_message_at: datetime
    waiting_since: datetime | None
    first_reply_due: datetime | None
    resolution_due: datetime | None
    snoozed_until: datetime | None
    stage_id: uuid.UUID | None
    message_count: int
    revision: int
    next_reply_due: datetime | None = None
    due_at: datetime | None = None  # the earliest of what is due
    warned_from: datetime | None = None


@dataclass(frozen=True, slots=True)
class FileView:
    """`url` is behind the same door as the conversation; empty while it isn't here."""

    id: uuid.UUID
    name: str
    media_type: str
    size: int
    url: str
    content_id: str = ""
    refused: str = ""

    @property
    def is_picture(self) -> bool:
        return self.media_type in {"image/png", "image/jpeg", "image/webp", "image/gif"}


@dataclass(frozen=True, slots=True)
class MessageView:
    id: uuid.UUID
    direction: str
    author_kind: str
    author_id: uuid.UUID | None
    author: str
    text: str
    html: str
    at: datetime
    step: str
    step_label: str
    fault: str
    payload: Mapping[str, Any] = field(hash=False)
    files: tuple[FileView, ...] = ()


@dataclass(frozen=True, slots=True)
class ConversationView:
    """A conversation with everything about it but its messages."""

    row: ConversationRow
    account: AccountView
    contact: ContactView
    customer_id: int | None
    language: str
    context: Mapping[str, Any] = field(hash=False)
    journey_id: uuid.UUID | None
    stage_id: uuid.UUID | None
    touchpoint_id: uuid.UUID | None
    placed_by: str
    topic: str
    topic_by: str
    queue_id: uuid.UUID | None
    created_at: datetime
    first_reply_at: datetime | None
    closed_at: datetime | None
    rating: int | None
    rating_words: str
    merged_into: uuid.UUID | None

    @property
    def id(self) -> uuid.UUID:
        return self.row.id

    @property
    def topic_name(self) -> str:
        """What to follow to see it change."""
        return f"conversation:{self.row.id}"
