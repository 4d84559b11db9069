"""What the reads of captures return: plain and frozen."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from parcours.canvas.captures.comparing import Area
from parcours.canvas.captures.enums import Device, Outcome, Rhythm
from parcours.canvas.captures.problems import Problem
from parcours.canvas.shapes import CardView, PictureView


@dataclass(frozen=True, slots=True)
class CapturingView:
    """How a moment's picture is taken, and how the last look went.

    `asked_at` is set while a look is wanted or under way; `problem` says why the last one gave no picture.
    """

    card_id: uuid.UUID
    address: str
    device: str
    language: str
    rhythm: str
    element: str
    scroll: int
    wait_for: str
    dismiss: str
    ignored: tuple[Area, ...]
    asked_at: datetime | None
    checked_at: datetime | None
    next_at: datetime | None
    failures: int
    problem: Problem | None
    set_by: str

    @property
    def device_label(self) -> str:
        return str(Device(self.device).label)

    @property
    def rhythm_label(self) -> str:
        return str(Rhythm(self.rhythm).label)

    @property
    def is_by_hand(self) -> bool:
        return self.rhythm == Rhythm.BY_HAND


@dataclass(frozen=True, slots=True)
class CaptureView:
    """A picture that was taken because it differed from `before` (None for the first).

    `share` is of the pixels compared; None for the first and when the pictures are of different widths.
    """

    id: uuid.UUID
    card_id: uuid.UUID
    taken_at: datetime
    taken_by: str
    address: str
    device: str
    language: str
    picture: PictureView
    before: PictureView | None
    share: float | None
    areas: tuple[Area, ...]
    outcome: str
    reason: str = ""
    decided_by: str = ""
    proposal_id: uuid.UUID | None = None

    @property
    def device_label(self) -> str:
        return str(Device(self.device).label)

    @property
    def outcome_label(self) -> str:
        return str(Outcome(self.outcome).label)

    @property
    def is_proposed(self) -> bool:
        return self.outcome == Outcome.PROPOSED

    @property
    def is_same_size(self) -> bool:
        """Can one be laid over the other?"""
        return self.before is not None and self.before.width == self.picture.width


@dataclass(frozen=True, slots=True)
class Moment:
    """A key moment of a journey: its card, the name of its stage, and what is known about its picture."""

    card: CardView
    stage: str
    capturing: CapturingView | None
    captures: tuple[CaptureView, ...] = ()
    """The newest first."""

    @property
    def proposed(self) -> CaptureView | None:
        return next((capture for capture in self.captures if capture.is_proposed), None)

    @property
    def last_change(self) -> CaptureView | None:
        """What is to decide, else the last picture that took the place of another."""
        return self.proposed or next(
            (capture for capture in self.captures if capture.before and capture.outcome == Outcome.SHOWN),
            None,
        )
