"""What the reads of routing return: plain, frozen, in the order in which they are shown."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class SettingsView:
    """`assigns`: conversations are given to people by themselves. Off until a brand switches it on."""

    assigns: bool = False
    sticky: bool = True
    revision: int = 0


@dataclass(frozen=True, slots=True)
class QueueView:
    """`deserted`: it is its members', and none of them answers customers. What comes in waits."""

    id: uuid.UUID
    name: str
    order: int
    hours_id: uuid.UUID | None
    is_default: bool
    strategy: str
    answer_within: int | None
    overflow_id: uuid.UUID | None
    after_minutes: int | None
    archived: bool
    members: tuple[uuid.UUID, ...]
    revision: int
    for_everybody: bool = True
    deserted: bool = False

    @property
    def answered_by(self) -> str:
        """As `enums.AnsweredBy` says it."""
        return "everybody" if self.for_everybody else "members" if self.members else "nobody"


@dataclass(frozen=True, slots=True)
class SkillView:
    id: uuid.UUID
    name: str


@dataclass(frozen=True, slots=True)
class ProfileView:
    """What somebody can take; of whom nothing was said `revision` is 0 and the usual numbers stand there."""

    person_id: uuid.UUID
    label: str
    languages: tuple[str, ...]
    skills: tuple[uuid.UUID, ...]
    kinds: tuple[str, ...]
    capacity: int
    most: Mapping[str, int] = field(hash=False)
    queues: tuple[uuid.UUID, ...] = ()
    revision: int = 0


@dataclass(frozen=True, slots=True)
class PresenceView:
    person_id: uuid.UUID
    state: str = "offline"
    reason: str = ""
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class AgentNow:
    """A colleague as they are now. `load` counts what keeps them busy, by kind of channel; `room` is for how
    many more there is room in all.
    """

    person_id: uuid.UUID
    label: str
    state: str
    reason: str
    since: datetime | None
    languages: tuple[str, ...]
    skills: tuple[str, ...]
    load: Mapping[str, int] = field(hash=False)
    capacity: int
    room: int
    queues: tuple[uuid.UUID, ...]

    @property
    def busy(self) -> int:
        return sum(self.load.values())


@dataclass(frozen=True, slots=True)
class QueueNow:
    """A queue as it is now. `waiting` have nobody yet; `longest_wait` is since when the first of them waits,
    `oldest_due` the earliest moment that something of it is due; `assigned` are with somebody.
    """

    queue: QueueView
    waiting: int
    longest_wait: datetime | None
    oldest_due: datetime | None
    assigned: int
    agents_online: int


@dataclass(frozen=True, slots=True)
class RuleView:
    id: uuid.UUID
    name: str
    order: int
    enabled: bool
    conditions: Mapping[str, list[str]] = field(hash=False)
    queue_id: uuid.UUID | None
    skills: tuple[uuid.UUID, ...]
    priority: int | None
    language: str
    revision: int
