"""Where customers are lost between two steps, and what sets the lost apart."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from parcours.engine.features import BEFORE, CHANNEL, HOUR, PERIOD, PREVIOUS, REPEATED, WEEKDAY
from parcours.measures.answering import askable, step_of
from parcours.measures.drawing import Drawing
from parcours.measures.kept import kept
from parcours.measures.logs import rich_log
from parcours.measures.scope import Question
from parcours.measures.steps import Step

if TYPE_CHECKING:
    import pyarrow as pa

    from parcours.engine import EventLog

__all__ = ["BEFORE", "CHANNEL", "HOUR", "PERIOD", "PREVIOUS", "REPEATED", "WEEKDAY", "Loss", "Reason", "loss"]

OF_ACTIVITIES = frozenset({PREVIOUS, BEFORE, REPEATED})


@dataclass(frozen=True, slots=True)
class Reason:
    """What the lost have in common. `since` and `until` are its first and last day; None at any time.

    `value` is as the engine says it and `step` the activity it stands for, where it stands for one. Shares
    are of those who have it, and of all others; `low` and `high` bound the adjusted `difference`.
    """

    place: int
    kind: str
    name: str
    value: str
    step: Step | None
    since: date | None
    until: date | None
    customers: int
    lost: int
    lost_share: float
    others_share: float
    difference: float
    low: float
    high: float
    p_value: float


@dataclass(frozen=True, slots=True)
class Instead:
    """What some of the lost did first; `step` is None for nothing."""

    step: Step | None
    name: str
    customers: int
    share: float


@dataclass(frozen=True, slots=True)
class Loss:
    customers: int
    lost: int
    reasons: tuple[Reason, ...]
    instead: tuple[Instead, ...]
    table: "pa.Table"

    @property
    def share(self) -> float | None:
        return self.lost / self.customers if self.customers else None


def loss(question: Question, at: str, to: str, *, drawing: Drawing | None = None, within: str = "") -> Loss:
    """Between two events by name, or two steps of the drawing by id. Raises BadInput."""

    def compute() -> Loss:
        with askable():
            return _loss(question, at, to, drawing, within)

    return kept(question, drawing, ("loss", at, to, within), compute)


def _loss(question: Question, at: str, to: str, drawing: Drawing | None, within: str) -> Loss:
    from parcours.engine.dropoff import cases_of

    log = rich_log(question, drawing)
    known = cases_of(log, at, to, window_of(within))
    table = log.dropoff(at, to, within or None, timezone=question.brand.time_zone)
    whereto = log.instead(at, to, within or None).to_pylist()
    return Loss(
        customers=len(known.customers),
        lost=int(known.lost.sum()),
        reasons=tuple(_reason(place, row, drawing) for place, row in enumerate(table.to_pylist(), 1)),
        instead=tuple(
            Instead(
                step_of(row["activity"], drawing) if row["activity"] else None,
                row["activity"] or "",
                row["customers"],
                row["share"],
            )
            for row in whereto
        ),
        table=table,
    )


def _reason(place: int, row: dict[str, Any], drawing: Drawing | None) -> Reason:
    until = row["until"]
    words = {**row, "until": until - timedelta(days=1) if until else None}
    about = step_of(row["value"], drawing) if row["kind"] in OF_ACTIVITIES else None
    return Reason(place=place, step=about, **words)


def window_of(within: str) -> int:
    """In microseconds; for ever when nothing is said."""
    from parcours.engine.moments import FOREVER, microseconds

    return microseconds(within) if within else FOREVER


def lost_log(question: Question, drawing: Drawing | None) -> "EventLog":
    """The log that `loss` is about, for whoever asks who they are."""
    return rich_log(question, drawing)
