"""What one group of customers, or one period, does more or less often than another."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from parcours.core.periods import Period
from parcours.measures.answering import askable, sequences, step_of
from parcours.measures.drawing import Drawing
from parcours.measures.kept import kept
from parcours.measures.scope import Question
from parcours.measures.steps import Step

if TYPE_CHECKING:
    import pyarrow as pa

MOST = 40


@dataclass(frozen=True, slots=True)
class Difference:
    """An activity, or with `source` a transition to it. Shares are of customers who did it at least once."""

    activity: str
    source: Step | None
    step: Step
    share: float
    other_share: float
    difference: float
    low: float
    high: float
    p_value: float


@dataclass(frozen=True, slots=True)
class Comparison:
    customers: int
    other_customers: int
    differences: tuple[Difference, ...]
    table: "pa.Table"


def compare(question: Question, other: Question, *, drawing: Drawing | None = None) -> Comparison:
    """Raises BadInput."""

    def compute() -> Comparison:
        with askable():
            ours, theirs = sequences(question, drawing), sequences(other, drawing)
            table = ours.compare(theirs)
        return Comparison(
            customers=ours.n_customers,
            other_customers=theirs.n_customers,
            differences=tuple(
                Difference(
                    activity=row["activity"],
                    source=step_of(row["source"], drawing) if row["source"] else None,
                    step=step_of(row["activity"], drawing),
                    **{
                        name: row[name]
                        for name in ("share", "other_share", "difference", "low", "high", "p_value")
                    },
                )
                for row in table.slice(0, MOST).to_pylist()
            ),
            table=table,
        )

    words = ("compare", other.period.start, other.period.end, other.segment, other.channel)
    return kept(question, drawing, words, compute)


def before(question: Question, label: str) -> Question | None:
    """The same question of as long a time directly before; None when its period has no beginning or end."""
    start, end = question.period.start, question.period.end
    if start is None or end is None:
        return None
    return replace(question, period=Period("before", start - (end - start), start, label))
