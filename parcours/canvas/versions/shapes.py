import uuid
from dataclasses import dataclass
from datetime import datetime

from parcours.canvas.versions.enums import Answer, Cause


@dataclass(frozen=True, slots=True)
class ApprovalView:
    """`answer` is empty while the approver hasn't answered."""

    approver_id: uuid.UUID | None
    approver: str
    asked_at: datetime
    answer: str = ""
    words: str = ""
    answered_at: datetime | None = None

    @property
    def answer_label(self) -> str:
        return str(Answer(self.answer).label) if self.answer else ""


@dataclass(frozen=True, slots=True)
class VersionView:
    """A kept version without its content (see `reads.snapshot_of`)."""

    id: uuid.UUID
    journey_id: uuid.UUID
    number: int
    cause: str
    reason: str
    digest: str
    author_id: uuid.UUID | None
    author: str
    at: datetime
    approval: ApprovalView | None = None

    @property
    def cause_label(self) -> str:
        return str(Cause(self.cause).label)

    @property
    def by_itself(self) -> bool:
        """Was it made because something was about to happen, rather than by a person who wanted it?"""
        return self.cause not in {Cause.KEPT, Cause.SIGNED_OFF}


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words of a text that was changed: `same` in both, `gone`, `new`, or `skipped` between them."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """One more thing to say about a change, with the words that changed where it is a text."""

    sentence: str
    pieces: tuple[Piece, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """One sentence about what changed. `about` names each thing and aspect it speaks of, e.g. a card's id and
    `place`; `names` are the things it counts, `lines` what else there is to say.
    """

    sentence: str
    about: tuple[tuple[str, str], ...]
    names: tuple[str, ...] = ()
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class ChangeGroup:
    """The changes of one stage, or of the journey itself. `stage` is empty for the latter."""

    title: str
    stage: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """What changed from one canvas to another; no group at all when nothing did."""

    groups: tuple[ChangeGroup, ...]

    def __bool__(self) -> bool:
        return bool(self.groups)

    @property
    def changes(self) -> tuple[Change, ...]:
        return tuple(change for group in self.groups for change in group.changes)
