import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.functional import Promise

from parcours.notices.kinds import NoticeKind, kind_named


@dataclass(frozen=True, slots=True)
class NoticeView:
    """A notice as one person reads it. `url` is a path of this installation."""

    id: uuid.UUID
    kind: str
    facts: Mapping[str, Any]
    url: str
    actor_label: str
    at: datetime
    read_at: datetime | None

    @property
    def unread(self) -> bool:
        return self.read_at is None

    @property
    def about(self) -> NoticeKind:
        return kind_named(self.kind)

    @property
    def sentence(self) -> str:
        """In the language of the moment."""
        return self.about.sentence({"who": self.actor_label, **self.facts})

    @property
    def quote(self) -> str:
        return self.about.quote(self.facts)

    @property
    def icon(self) -> str:
        return self.about.icon


@dataclass(frozen=True, slots=True)
class NoticeDay:
    """The notices of one day of the brand, the newest first."""

    day: date
    notices: tuple[NoticeView, ...]


@dataclass(frozen=True, slots=True)
class NoticePage:
    """`kinds` are those the person has any of, with their labels; `older` is what to ask for next."""

    days: tuple[NoticeDay, ...]
    kinds: tuple[tuple[str, str | Promise], ...]
    unread: int
    older: uuid.UUID | None


@dataclass(frozen=True, slots=True)
class KindChoice:
    """When a person gets mails of a kind."""

    kind: str
    label: str | Promise
    choice: str


@dataclass(frozen=True, slots=True)
class FailedMail:
    """A mail that was given up. `problem` is what the server of mails said last."""

    id: uuid.UUID
    label: str
    notices: int
    tries: int
    problem: str
    created_at: datetime
