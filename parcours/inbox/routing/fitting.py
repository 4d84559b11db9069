"""Who can take what: plain values, no database."""

import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from parcours.inbox.routing.enums import LIVE_KINDS, Strategy

CAPACITY = 12
MOST = {"chat": 3, "whatsapp": 4, "messenger": 4, "instagram": 4, "telegram": 4, "sms": 4, "email": 10}
"""How many conversations somebody takes at a time of whom nothing else was said: in all, and of a channel."""

PATIENCE = {True: timedelta(minutes=2), False: timedelta(hours=1)}
"""By whether the customer sits and waits: how long a conversation waits for somebody with its skills. After
twice that its language doesn't matter either: an answer by anybody is better than none.
"""


@dataclass(slots=True)
class Able:
    """Somebody who is online, with what they can take and what they have (`load`, by kind of channel)."""

    person_id: uuid.UUID
    label: str
    queues: frozenset[uuid.UUID]
    languages: frozenset[str]  # empty: all
    skills: frozenset[uuid.UUID]
    kinds: frozenset[str]  # empty: all
    capacity: int
    most: Mapping[str, int]
    load: dict[str, int] = field(default_factory=dict)
    given_at: datetime | None = None

    @property
    def busy(self) -> int:
        return sum(self.load.values())

    @property
    def room(self) -> int:
        return max(self.capacity - self.busy, 0)

    def has_room_for(self, kind: str) -> bool:
        if self.kinds and kind not in self.kinds:
            return False
        return self.room > 0 and self.load.get(kind, 0) < self.most.get(kind, self.capacity)

    def takes(self, kind: str, at: datetime) -> None:
        self.load[kind] = self.load.get(kind, 0) + 1
        self.given_at = at


@dataclass(frozen=True, slots=True)
class Waiting:
    """A conversation that waits for somebody."""

    id: uuid.UUID
    kind: str
    queue_id: uuid.UUID
    language: str
    skills: frozenset[uuid.UUID]
    queued_at: datetime
    passed_by: frozenset[uuid.UUID] = frozenset()
    knows: uuid.UUID | None = None  # who answered this customer last


@dataclass(frozen=True, slots=True)
class Line:
    """A queue as far as choosing somebody goes. What none of its members can is asked of nobody; what waits
    since `*_patience` (by whether its customer sits and waits) is taken by others, too.
    """

    id: uuid.UUID
    strategy: str
    languages: frozenset[str] | None  # that its members speak; None: one speaks all
    skills: frozenset[uuid.UUID]
    skills_until: Mapping[bool, datetime] = field(hash=False)
    languages_until: Mapping[bool, datetime] = field(hash=False)


def fits(able: Able, waiting: Waiting, line: Line) -> bool:
    """Whether somebody who is in the queue can take it now."""
    live = waiting.kind in LIVE_KINDS
    if line.id not in able.queues or not able.has_room_for(waiting.kind):
        return False
    speaks = not able.languages or not waiting.language or waiting.language in able.languages
    if not speaks and line.languages is not None and waiting.language not in line.languages:
        speaks = True
    if not speaks and waiting.queued_at > line.languages_until[live]:
        return False
    wanted = waiting.skills & line.skills
    return wanted <= able.skills or waiting.queued_at <= line.skills_until[live]


def choose(
    waiting: Waiting, line: Line, agents: Iterable[Able], *, sticky: bool = True
) -> tuple[Able | None, str]:
    """Who gets it, and why: `knows` the customer, or `strategy`. Those who let it pass get it only when
    nobody else can take it.
    """
    able = [each for each in agents if fits(each, waiting, line)]
    fresh = [each for each in able if each.person_id not in waiting.passed_by] or able
    if not fresh:
        return None, ""
    if sticky and waiting.knows is not None:
        known = next((each for each in fresh if each.person_id == waiting.knows), None)
        if known is not None:
            return known, "knows"
    best = [each for each in fresh if _suits(each, waiting, line)] or fresh
    return min(best, key=lambda each: _turn(each, line.strategy)), line.strategy


def _suits(able: Able, waiting: Waiting, line: Line) -> bool:
    """Without having to wait for anything to matter less."""
    return waiting.skills & line.skills <= able.skills and (
        not able.languages or not waiting.language or waiting.language in able.languages
    )


def _turn(able: Able, strategy: str) -> tuple[object, ...]:
    """Whose turn comes first. Equal ones take turns: whoever was given none for longest."""
    idle = able.given_at or datetime.min.replace(tzinfo=UTC)
    if strategy == Strategy.LONGEST_IDLE:
        return idle, able.busy, str(able.person_id)
    return able.busy / max(able.capacity, 1), idle, str(able.person_id)


def spoken(members: Collection[Able]) -> frozenset[str] | None:
    """The languages of all of them; None when somebody speaks all."""
    if any(not each.languages for each in members):
        return None
    return frozenset(language for each in members for language in each.languages)
