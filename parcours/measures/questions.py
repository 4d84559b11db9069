"""Funnels, whole paths and transitions of a brand's customers, as pages show them."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from parcours.canvas.shapes import StageView
from parcours.core.errors import BadInput
from parcours.events.catalogue import label_of
from parcours.measures.drawing import Drawing
from parcours.measures.logs import brand_log, visits
from parcours.measures.scope import Question, open_index
from parcours.measures.steps import Step

if TYPE_CHECKING:
    from parcours.engine import EventLog

MOST_STEPS_SHOWN = 12
MOST_TRANSITIONS = 60
MOST_GROUPS = 12


@dataclass(frozen=True, slots=True)
class FunnelStep:
    """`conversion` is of the first step's customers, `from_before` of the step before's; None of nobody."""

    step: Step
    customers: int
    conversion: float | None
    from_before: float | None
    median_seconds: float | None


@dataclass(frozen=True, slots=True)
class Funnel:
    """The steps of one group of customers; `group` is None for everybody, empty where it isn't known."""

    group: str | None
    steps: tuple[FunnelStep, ...]

    @property
    def customers(self) -> int:
        return self.steps[0].customers

    @property
    def conversion(self) -> float | None:
        return self.steps[-1].conversion


@dataclass(frozen=True, slots=True)
class Variant:
    """A whole sequence. `more` steps past those shown."""

    steps: tuple[Step, ...]
    more: int
    customers: int
    share: float


@dataclass(frozen=True, slots=True)
class Variants:
    customers: int
    top: tuple[Variant, ...]

    @property
    def others(self) -> int:
        """Customers whose sequence is too rare to be listed."""
        return self.customers - sum(variant.customers for variant in self.top)


@dataclass(frozen=True, slots=True)
class Transition:
    """`share` of everything that directly follows `source`."""

    source: Step
    target: Step
    count: int
    share: float


def event_names(question: Question) -> tuple[tuple[str, str], ...]:
    """The names of a brand's events with their labels, the most frequent first."""
    counts = open_index(question.brand.pk).name_counts()
    return tuple((each.name, label_of(each.name)) for each in counts)


def funnel(
    question: Question,
    steps: Sequence[str],
    *,
    stages: Sequence[StageView] = (),
    within: str = "",
    by: str = "",
) -> tuple[Funnel, ...]:
    """One funnel for everybody, or one for each value of `by`, the largest first.

    `steps` are event names, or ids of `stages` when these are given. Raises BadInput.
    """
    with _askable():
        log = brand_log(question, by, _drawing(stages))
        rows = log.funnel(steps, within=within or None, by=by or None).to_pylist()
    groups: dict[str | None, list[dict[str, Any]]] = {}
    for row in rows:
        groups.setdefault(str(row["segment"] or "") if by else None, []).append(row)
    found = [Funnel(group, tuple(_funnel_steps(each, stages))) for group, each in groups.items()]
    return tuple(sorted(found, key=lambda each: -each.customers)[:MOST_GROUPS])


def _funnel_steps(rows: Sequence[dict[str, Any]], stages: Sequence[StageView]) -> Iterator[FunnelStep]:
    before: int | None = None
    for row in rows:
        customers: int = row["customers"]
        yield FunnelStep(
            step=_step(row["activity"], stages),
            customers=customers,
            conversion=row["conversion"],
            from_before=customers / before if before else None,
            median_seconds=row["median_seconds"],
        )
        before = customers


def variants(question: Question, *, stages: Sequence[StageView] = (), top: int = 20) -> Variants:
    """The most frequent whole sequences of events, or of stays in a journey's stages."""
    log = _sequences(question, stages)
    rows = log.variants(top=top).to_pylist()
    customers = _with_activity(log)
    found = [
        Variant(
            steps=tuple(_step(name, stages) for name in row["variant"][:MOST_STEPS_SHOWN]),
            more=max(0, len(row["variant"]) - MOST_STEPS_SHOWN),
            customers=row["customers"],
            share=row["customers"] / customers,
        )
        for row in rows
    ]
    return Variants(customers, tuple(found))


def transitions(question: Question, *, stages: Sequence[StageView] = ()) -> tuple[Transition, ...]:
    """What most often directly follows what: events, or stays in a journey's stages."""
    rows = _sequences(question, stages).transitions().to_pylist()
    totals: dict[str, int] = {}
    for row in rows:
        totals[row["source"]] = totals.get(row["source"], 0) + row["count"]
    return tuple(
        Transition(
            source=_step(row["source"], stages),
            target=_step(row["target"], stages),
            count=row["count"],
            share=row["count"] / totals[row["source"]],
        )
        for row in rows[:MOST_TRANSITIONS]
    )


def _sequences(question: Question, stages: Sequence[StageView]) -> "EventLog":
    log = brand_log(question, drawing=_drawing(stages))
    return visits(log) if stages else log


def _drawing(stages: Sequence[StageView]) -> Drawing | None:
    return Drawing(tuple(stages)) if stages else None


def _step(name: str, stages: Sequence[StageView]) -> Step:
    """An event by its name; a stage by its name and number where `name` is its id."""
    found = next((stage for stage in stages if str(stage.id) == name), None)
    return Step(found.name, found.number) if found else Step(label_of(name))


def _with_activity(log: "EventLog") -> int:
    """Customers with at least one event that has an activity: those who have a sequence."""
    import numpy as np

    positions = np.flatnonzero(log.activity.codes != log.activity.none)
    return int(np.count_nonzero(np.diff(np.searchsorted(positions, log.offsets))))


@contextmanager
def _askable() -> Iterator[None]:
    """What the engine can't answer is the asker's input."""
    from parcours.engine import EngineError

    try:
        yield
    except EngineError as error:
        raise BadInput(str(error)) from error
