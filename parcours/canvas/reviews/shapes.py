import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from parcours.canvas.reviews.enums import WHOLE


@dataclass(frozen=True, slots=True)
class ReviewView:
    """A review, open or closed. `sentence` says why it was opened, in the reader's language.

    `steps` are those somebody has settled: key → `{"state": "done" | "skipped", "by": …, "at": …}`.
    """

    id: uuid.UUID
    journey_id: uuid.UUID
    card_id: uuid.UUID | None
    card_title: str
    reason: str
    sentence: str
    facts: Mapping[str, Any]
    opened_by: str
    opened_at: datetime
    closed_by: str = ""
    closed_at: datetime | None = None
    words: str = ""
    version_id: uuid.UUID | None = None
    steps: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def is_whole(self) -> bool:
        """Of the whole journey, rather than of a card or for a single reason?"""
        return self.reason == WHOLE


@dataclass(frozen=True, slots=True)
class Standing:
    """How a journey stands with its reviews. `days_left` is negative when the review is overdue."""

    owner_id: uuid.UUID | None
    owner: str
    every_days: int | None
    due: date | None
    days_left: int | None
    last_at: datetime | None = None
    last_by: str = ""
    open_cards: int = 0

    @property
    def is_overdue(self) -> bool:
        return self.days_left is not None and self.days_left < 0
