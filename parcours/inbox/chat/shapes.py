"""What a visitor may see: never notes, lines, colleagues' addresses or anybody else's words."""

import uuid
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class VisitorFile:
    """`digest` is for the server only: empty when the file isn't here."""

    id: uuid.UUID
    name: str
    media_type: str
    size: int
    digest: str


@dataclass(frozen=True, slots=True)
class VisitorMessage:
    """`client_id` is the id that this session's page chose; empty for everybody else's. `author` is `me`,
    `agent` or `bot`; `name` the colleague's first name, as far as it is known.
    """

    id: uuid.UUID
    client_id: str
    author: str
    name: str
    text: str
    at: datetime
    is_seen: bool
    is_deleted: bool
    files: tuple[VisitorFile, ...] = ()


@dataclass(frozen=True, slots=True)
class VisitorPage:
    """Messages in the order in which they are read; `has_more` when there are older ones."""

    messages: tuple[VisitorMessage, ...]
    has_more: bool


@dataclass(frozen=True, slots=True)
class VisitorState:
    """The newest conversation as its customer sees it. `status` is empty before the first message; `unread`
    are messages from the team that nobody has opened.
    """

    conversation_id: uuid.UUID | None
    status: str
    agent: str
    rating: int | None
    unread: int
    asks_rating: bool
