import uuid
from dataclasses import dataclass
from datetime import datetime

from django.utils.safestring import SafeString


@dataclass(frozen=True, slots=True)
class Anchor:
    """What a thread is about; `key` names it in addresses: `card:<id>`, `cell:<stage>:<lane>`, `stage:<id>`,
    `touchpoint:<id>`, or `journey`.
    """

    key: str
    kind: str
    label: str
    card_id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class CommentView:
    """`html` is safe; `words` is the text as it was typed. A deleted one keeps its place, not its words."""

    id: uuid.UUID
    author_id: uuid.UUID | None
    author: str
    html: SafeString
    words: str
    mentions: tuple[uuid.UUID, ...]
    created_at: datetime
    edited_at: datetime | None
    deleted: bool
    mine: bool


@dataclass(frozen=True, slots=True)
class ThreadView:
    """A conversation. `muted` says whether its reader wants to hear no more of it."""

    id: uuid.UUID
    journey_id: uuid.UUID
    about: Anchor
    comments: tuple[CommentView, ...]
    resolved_at: datetime | None
    resolved_by: str
    updated_at: datetime
    muted: bool
    takes_part: bool

    @property
    def resolved(self) -> bool:
        return self.resolved_at is not None

    @property
    def standing(self) -> int:
        """How many comments are there to be read."""
        return sum(not comment.deleted for comment in self.comments)
