"""What one group of customers, or one period, does more or less often than another."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from parcours.core.periods import Period, read_period
from parcours.measures.answering import askable, sequences, step_of
from parcours.measures.drawing import Drawing
from parcours.measures.kept import kept
from parcours.measures.members import taking
from parcours.measures.scope import Question
from parcours.measures.steps import Step

if TYPE_CHECKING:
    import pyarrow as pa

    from parcours.engine import EventLog

MOST = 40
TOP_PATHS = 200
"""So many of the most frequent whole paths of either side are looked at."""
LEVEL = 0.05


@dataclass(frozen=True, slots=True)
class Difference:
    """A way of steps: one that was done, two of which one directly follows the other, or a whole path.

    Shares are of customers who did it at least once. `activities` are the steps as the log names them.
    """

    activities: tuple[str, ...]
    steps: tuple[Step, ...]
    share: float
    other_share: float
    difference: float
    low: float
    high: float
    p_value: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """Steps, transitions and whole paths apart, the clearest difference first in each."""

    customers: int
    other_customers: int
    steps: tuple[Difference, ...]
    transitions: tuple[Difference, ...]
    paths: tuple[Difference, ...]
    table: "pa.Table"

    @property
    def clearest(self) -> Difference | None:
        """The difference of one step that chance explains least."""
        return self.steps[0] if self.steps else None


def compare(question: Question, other: Question, *, drawing: Drawing | None = None) -> Comparison:
    """Raises BadInput."""

    def compute() -> Comparison:
        with askable():
            ours, theirs = sequences(question, drawing), sequences(other, drawing)
            table = ours.compare(theirs)
            paths = _paths(ours, theirs, drawing)
        found = [_difference(_ways(row), row, drawing) for row in table.to_pylist()]
        return Comparison(
            customers=_size(ours),
            other_customers=_size(theirs),
            steps=tuple(each for each in found if len(each.activities) == 1)[:MOST],
            transitions=tuple(each for each in found if len(each.activities) == 2)[:MOST],
            paths=paths,
            table=table,
        )

    words = ("compare", other.period.start, other.period.end, other.segment, other.channel, other.where)
    return kept(question, drawing, words, compute)


def before(question: Question) -> Question | None:
    """The same question of as many days directly before; None when its period has no beginning or end."""
    start, end = question.period.start, question.period.end
    if start is None or end is None:
        return None
    zone = ZoneInfo(question.brand.time_zone)
    first, after = start.astimezone(zone).date(), end.astimezone(zone).date()
    days = {"from": first - (after - first), "to": first - timedelta(days=1)}
    return replace(question, period=_of_days({name: day.isoformat() for name, day in days.items()}, question))


def _of_days(days: dict[str, str], question: Question) -> Period:
    return read_period(days, question.brand.time_zone)


def _ways(row: dict[str, Any]) -> tuple[str, ...]:
    return (row["source"], row["activity"]) if row["source"] else (row["activity"],)


def _difference(activities: tuple[str, ...], row: dict[str, Any], drawing: Drawing | None) -> Difference:
    names = ("share", "other_share", "difference", "low", "high", "p_value")
    return Difference(
        activities=activities,
        steps=tuple(step_of(each, drawing) for each in activities),
        **{name: row[name] for name in names},
    )


def _size(log: "EventLog") -> int:
    """Customers with at least one activity, of whom shares are."""
    from parcours.engine.comparison import active

    return int(active(log)[0])


def _paths(ours: "EventLog", theirs: "EventLog", drawing: Drawing | None) -> tuple[Difference, ...]:
    """Whole paths whose shares differ more than chance would have it, all that were looked at considered."""
    import numpy as np

    from parcours.engine.comparison import LEAST_CUSTOMERS, newcombe, probabilities

    size, other_size = _size(ours), _size(theirs)
    if not size or not other_size:
        return ()
    left, right = _counts(ours), _counts(theirs)
    counts = {path: (_count(left, path, ours), _count(right, path, theirs)) for path in {**left, **right}}
    known = [path for path, both in counts.items() if sum(both) >= LEAST_CUSTOMERS]
    a = np.array([counts[path][0] for path in known], dtype=np.int64)
    b = np.array([counts[path][1] for path in known], dtype=np.int64)
    low, high = newcombe(a / size, size, b / other_size, other_size)
    chance = np.minimum(1.0, probabilities(a, size, b, other_size) * len(known))
    rows = [
        {
            "share": a[place] / size,
            "other_share": b[place] / other_size,
            "difference": a[place] / size - b[place] / other_size,
            "low": low[place],
            "high": high[place],
            "p_value": chance[place],
        }
        for place in range(len(known))
    ]
    told = [_difference(path, row, drawing) for path, row in zip(known, rows, strict=True)]
    told = [each for each in told if each.p_value <= LEVEL]
    return tuple(sorted(told, key=lambda each: (each.p_value, -abs(each.difference)))[:MOST])


def _count(top: dict[tuple[str, ...], int], path: tuple[str, ...], log: "EventLog") -> int:
    """How many take the path; one that isn't among the most frequent is looked for."""
    if path in top:
        return top[path]
    return len(taking(log, path)) if set(path) <= set(log.activities) else 0


def _counts(log: "EventLog") -> dict[tuple[str, ...], int]:
    return {tuple(row["variant"]): row["customers"] for row in log.variants(top=TOP_PATHS).to_pylist()}
