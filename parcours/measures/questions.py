"""Whole paths and transitions of a brand's customers, as pages show them."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from parcours.events.catalogue import label_of
from parcours.events.lake import Lake
from parcours.measures.answering import sequences, step_of
from parcours.measures.drawing import Drawing
from parcours.measures.kept import kept
from parcours.measures.scope import Question, open_index
from parcours.measures.steps import Step

if TYPE_CHECKING:
    import pyarrow as pa

    from parcours.accounts.models import Brand
    from parcours.engine import EventLog

MOST_STEPS_SHOWN = 12
MOST_TRANSITIONS = 60
MOST_VALUES = 100


@dataclass(frozen=True, slots=True)
class Variant:
    """A whole sequence: the `activities`, and as shown. `more` steps past those shown."""

    activities: tuple[str, ...]
    steps: tuple[Step, ...]
    more: int
    customers: int
    share: float


@dataclass(frozen=True, slots=True)
class Variants:
    customers: int
    top: tuple[Variant, ...]
    table: "pa.Table"

    @property
    def others(self) -> int:
        """Customers whose sequence is too rare to be listed."""
        return self.customers - sum(variant.customers for variant in self.top)


@dataclass(frozen=True, slots=True)
class Transition:
    """`share` of everything that directly follows `source`; the times are those between both."""

    activities: tuple[str, str]
    source: Step
    target: Step
    count: int
    share: float
    median_seconds: float
    p90_seconds: float


@dataclass(frozen=True, slots=True)
class Transitions:
    top: tuple[Transition, ...]
    table: "pa.Table"


def event_names(question: Question) -> tuple[tuple[str, str], ...]:
    """The names of a brand's events with their labels, the most frequent first."""
    counts = open_index(question.brand.pk).name_counts()
    return tuple((each.name, label_of(each.name)) for each in counts)


def property_values(brand: "Brand", name: str) -> tuple[str, ...]:
    """The values a property of events has, the most frequent first; none for one that no event has."""
    import numpy as np

    if not name or not Lake(brand.pk).generation:
        return ()
    codes, labels = open_index(brand.pk).column(f"properties.{name}")
    counts = np.bincount(codes[codes >= 0], minlength=len(labels))
    return tuple(labels[code] for code in np.argsort(-counts, kind="stable")[:MOST_VALUES].tolist())


def variants(question: Question, *, drawing: Drawing | None = None, top: int = 20) -> Variants:
    """The most frequent whole sequences of events, or of stays in a drawing’s steps."""
    return kept(
        question, drawing, ("variants", top), lambda: variants_of(sequences(question, drawing), drawing, top)
    )


def variants_of(log: "EventLog", drawing: Drawing | None, top: int) -> Variants:
    """The most frequent whole sequences of a log."""
    table = log.variants(top=top)
    customers = _with_activity(log)
    found = [
        Variant(
            activities=tuple(row["variant"]),
            steps=tuple(step_of(name, drawing) for name in row["variant"][:MOST_STEPS_SHOWN]),
            more=max(0, len(row["variant"]) - MOST_STEPS_SHOWN),
            customers=row["customers"],
            share=row["customers"] / customers,
        )
        for row in table.to_pylist()
    ]
    return Variants(customers, tuple(found), table)


def transitions(question: Question, *, drawing: Drawing | None = None) -> Transitions:
    """What most often directly follows what: events, or stays in a drawing’s steps."""
    return kept(question, drawing, ("transitions",), lambda: _transitions(question, drawing))


def _transitions(question: Question, drawing: Drawing | None) -> Transitions:
    table = sequences(question, drawing).transitions(durations=True)
    rows = table.to_pylist()
    totals: dict[str, int] = {}
    for row in rows:
        totals[row["source"]] = totals.get(row["source"], 0) + row["count"]
    found = tuple(
        Transition(
            activities=(row["source"], row["target"]),
            source=step_of(row["source"], drawing),
            target=step_of(row["target"], drawing),
            count=row["count"],
            share=row["count"] / totals[row["source"]],
            median_seconds=row["median_seconds"],
            p90_seconds=row["p90_seconds"],
        )
        for row in rows[:MOST_TRANSITIONS]
    )
    return Transitions(found, table)


def _with_activity(log: "EventLog") -> int:
    """Customers with at least one event that has an activity: those who have a sequence."""
    import numpy as np

    positions = np.flatnonzero(log.activity.codes != log.activity.none)
    return int(np.count_nonzero(np.diff(np.searchsorted(positions, log.offsets))))
