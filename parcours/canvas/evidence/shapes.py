"""What the reads of evidence return: plain, frozen, the newest first."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from parcours.canvas.evidence.enums import EvidenceKind, Side, Source, Standing

FEWEST = 5
"""Below this many customers a share says more about chance than about customers."""


@dataclass(frozen=True, slots=True)
class Given:
    """A piece of evidence as somebody gives it; see `models.Evidence` for what the fields mean."""

    kind: str
    side: str = Side.FOR
    source: str = ""
    title: str = ""
    rule: Mapping[str, Any] | None = None
    asked: Mapping[str, str] | None = None
    words: str = ""
    period: Mapping[str, str] = field(default_factory=dict)
    segment: str = ""
    text: str = ""
    address: str = ""
    dated: date | None = None


@dataclass(frozen=True, slots=True)
class Sample:
    """Something a customer said, without what would tell who it was."""

    text: str
    at: datetime
    channel: str = ""


@dataclass(frozen=True, slots=True)
class CountView:
    """What a counted piece came to. `events` is None for the customers of a number; `share` is of all
    customers of the period, None without any; `weeks` are customers a week, the oldest first.
    """

    events: int | None
    customers: int
    share: float | None
    weeks: tuple[int, ...]
    samples: tuple[Sample, ...]
    last_at: datetime | None
    problem: str
    computed_at: datetime

    @property
    def too_few(self) -> bool:
        return self.customers < FEWEST


@dataclass(frozen=True, slots=True)
class ConfirmationView:
    at: datetime
    by: str
    note: str


@dataclass(frozen=True, slots=True)
class EvidenceView:
    """One piece. `sentence` says its rule in the reader's words; `confirmed` is the last time that a person
    found it still true; `standing` is how it stands by itself.
    """

    id: uuid.UUID
    journey_id: uuid.UUID
    card_id: uuid.UUID
    kind: str
    side: str
    source: str
    title: str
    sentence: str
    rule: Mapping[str, Any] | None = field(hash=False)
    asked: Mapping[str, str] | None = field(hash=False)
    words: str
    period: Mapping[str, str] = field(hash=False)
    period_label: str
    segment: str
    segment_name: str
    text: str
    address: str
    dated: date | None
    author_id: uuid.UUID | None
    author: str
    created_at: datetime
    count: CountView | None
    confirmed: ConfirmationView | None
    confirmed_at: datetime | None
    standing: str
    deleted: bool = False

    @property
    def is_note(self) -> bool:
        return self.kind == EvidenceKind.NOTE

    @property
    def source_label(self) -> str:
        return str(Source(self.source).label)

    @property
    def side_label(self) -> str:
        return str(Side(self.side).label)

    @property
    def standing_label(self) -> str:
        return standing_label(self.standing)

    @property
    def name(self) -> str:
        return self.title or self.sentence or self.text[:80] or self.source_label


@dataclass(frozen=True, slots=True)
class Proof:
    """How one card stands. `supporting` and `against` count pieces; `days` have passed since it was last
    confirmed, on the day `on`, both None when it never was; `for_customers` and `against_customers` are those
    of the strongest piece of each side. Hashable: it stands on the card (see `web.canvas.marks`).
    """

    standing: str = Standing.NONE
    supporting: int = 0
    against: int = 0
    days: int | None = None
    on: date | None = None
    for_customers: int = 0
    against_customers: int = 0

    @property
    def pieces(self) -> int:
        return self.supporting + self.against

    @property
    def standing_label(self) -> str:
        return standing_label(self.standing)


@dataclass(frozen=True, slots=True)
class CardProof:
    """A card in the list of all cards of a journey. `changed_from` says how it stood before it changed,
    within the last month; `added` are pieces given since.
    """

    card_id: uuid.UUID
    title: str
    kind: str
    kind_label: str
    stage_id: uuid.UUID
    stage: str
    stage_number: int
    proof: Proof
    confirmed_at: datetime | None = None
    changed_from: str = ""
    changed_at: datetime | None = None
    added: int = 0

    @property
    def changed_from_label(self) -> str:
        return standing_label(self.changed_from)


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of a journey, or of all, stands on evidence."""

    cards: int = 0
    founded: int = 0
    by_standing: Mapping[str, int] = field(default_factory=dict, hash=False)

    @property
    def share(self) -> float | None:
        return self.founded / self.cards if self.cards else None


@dataclass(frozen=True, slots=True)
class Days:
    """From how many days on a brand calls evidence ageing, and old."""

    ageing: int = 30
    old: int = 90


@dataclass(frozen=True, slots=True)
class ToCount:
    """A piece that is counted, as far as counting cares; `digest` and `computed_at` of its last count."""

    id: uuid.UUID
    kind: str
    rule: Mapping[str, Any] | None
    asked: Mapping[str, str] | None
    words: str
    period: Mapping[str, str]
    segment: str
    digest: str


@dataclass(frozen=True, slots=True)
class Counted:
    """What counting found out. `samples` are (text, moment, channel, customer)."""

    digest: str
    events: int | None
    customers: int
    share: float | None
    weeks: tuple[int, ...]
    samples: tuple[tuple[str, datetime, str, int], ...]
    last_at: datetime | None
    problem: str = ""


def standing_label(standing: str) -> str:
    return str(Standing(standing).label) if standing else _("new")
