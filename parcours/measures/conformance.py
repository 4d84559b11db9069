"""How closely customers follow a journey as it is drawn, and where they leave it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from parcours.measures.answering import askable, step_of
from parcours.measures.drawing import Drawing
from parcours.measures.kept import kept
from parcours.measures.logs import brand_log
from parcours.measures.members import Members, members
from parcours.measures.scope import Question
from parcours.measures.steps import Step

if TYPE_CHECKING:
    import pyarrow as pa

    from parcours.engine import EventLog
    from parcours.engine import Step as DrawnStep
    from parcours.engine.conformance import Conformance

BUCKETS = 10
MOST_DEVIATIONS = 24
FEWEST = 5
"""Fewer customers than that deviate by chance."""

Kind = Literal["skipped", "back", "early", "off_map"]


@dataclass(frozen=True, slots=True)
class Deviation:
    """What customers do otherwise than drawn; `after` is the step entered before, None for the beginning.

    `share` is of all customers looked at. Of `skipped` the step is the one left out; of `back` and `early`
    one that is drawn before or behind; of `off_map` an event that isn't drawn.
    """

    kind: Kind
    activity: str
    step: Step
    after: Step | None
    after_id: str
    customers: int
    share: float


@dataclass(frozen=True, slots=True)
class Bucket:
    """Customers whose fitness is from `low` on and below `high`; the last one holds those of 1, too."""

    low: float
    high: float
    customers: int


@dataclass(frozen=True, slots=True)
class StepTaken:
    """Customers who went through a step, and who left it out; who hasn't come so far did neither."""

    id: str
    step: Step
    followed: int
    skipped: int

    @property
    def share(self) -> float | None:
        both = self.followed + self.skipped
        return self.followed / both if both else None


@dataclass(frozen=True, slots=True)
class Followed:
    """`as_drawn` customers deviate nowhere; `fitness` is the mean over all, None of nobody."""

    customers: int
    as_drawn: int
    fitness: float | None
    buckets: tuple[Bucket, ...]
    steps: tuple[StepTaken, ...]
    deviations: tuple[Deviation, ...]
    table: "pa.Table"

    @property
    def share(self) -> float | None:
        return self.as_drawn / self.customers if self.customers else None


def followed(question: Question, drawing: Drawing, *, whole: bool = False) -> Followed:
    """`whole` wants every step gone through; otherwise a journey may still be under way. Raises BadInput."""

    def compute() -> Followed:
        with askable():
            found = _conformance(question, drawing, whole=whole)
            off_map = _off_map(question, drawing, whole=whole)
        return _told(found, off_map, drawing)

    return kept(question, drawing, ("followed", whole), compute)


def deviating(
    question: Question, drawing: Drawing, *, kind: str, activity: str, after: str, whole: bool
) -> Members:
    """Who is counted in a deviation; with an empty kind who went through the step `activity`."""
    with askable():
        asked = _off_map if kind == "off_map" else _conformance
        found = asked(question, drawing, whole=whole)
        places = {step.label(): place for place, step in enumerate(found.journey, 1)}
        if kind in {"back", "early", "off_map"}:
            return members(question, found.extra_by(after, activity))
        by = found.skipped_by if kind == "skipped" else found.followed_by
        place = places.get(activity)
        return members(question, by(place) if place else np.zeros(0, dtype=np.int64))


def fitting(question: Question, drawing: Drawing, low: float, high: float, *, whole: bool) -> Members:
    """Whose fitness is from `low` on and below `high`, or up to 1 where that is 1."""
    with askable():
        found = _conformance(question, drawing, whole=whole)
    fitness = found.fitnesses
    chosen = (fitness >= low) & ((fitness < high) | (high >= 1))
    return members(question, found.members[chosen])


def _conformance(question: Question, drawing: Drawing, *, whole: bool) -> "Conformance":
    return brand_log(question, drawing=drawing).conformance(_journey(drawing), whole=whole)


def _off_map(question: Question, drawing: Drawing, *, whole: bool) -> "Conformance":
    """The same with events that aren't drawn as deviations."""
    steps, events = brand_log(question, drawing=drawing), brand_log(question)
    return _mixed(steps, events).conformance(_journey(drawing), whole=whole, strict=True)


def _mixed(steps: "EventLog", events: "EventLog") -> "EventLog":
    """Steps where they are drawn, events by their names elsewhere; both logs hold the same events."""
    drawn = steps.activity.codes
    named = events.activity.codes.astype(np.int32) + len(steps.activities)
    named[events.activity.codes == events.activity.none] = -1
    codes = np.where(drawn != steps.activity.none, drawn.astype(np.int32), named)
    return steps.relabel(codes, [*steps.activities, *events.activities])


def _journey(drawing: Drawing) -> "list[DrawnStep]":
    from parcours.engine import Step as DrawnStep

    return [DrawnStep([each], name=each) for each in drawing.shown]


def _told(found: "Conformance", off_map: "Conformance", drawing: Drawing) -> Followed:
    fitness = found.fitnesses
    size = len(fitness)
    lows = np.arange(BUCKETS) / BUCKETS
    counts = np.bincount(np.searchsorted(lows, fitness, side="right") - 1, minlength=BUCKETS).tolist()
    steps = [
        StepTaken(row["name"], step_of(row["name"], drawing), row["followed"], row["skipped"])
        for row in found.steps.to_pylist()
    ]
    return Followed(
        customers=size,
        as_drawn=int(np.count_nonzero(found.costs[found.members] == 0)),
        fitness=found.fitness,
        buckets=tuple(
            Bucket(place / BUCKETS, (place + 1) / BUCKETS, count) for place, count in enumerate(counts)
        ),
        steps=tuple(steps),
        deviations=tuple(_deviations(found, off_map, steps, drawing)),
        table=found.steps,
    )


def _deviations(
    found: "Conformance", off_map: "Conformance", steps: list[StepTaken], drawing: Drawing
) -> list[Deviation]:
    size = max(1, len(found.members))
    places = {each.id: place for place, each in enumerate(steps)}
    told = [
        Deviation("skipped", each.id, each.step, None, "", each.skipped, each.skipped / size)
        for each in steps
    ]
    extra = found.extra.to_pylist()
    extra += [row for row in off_map.extra.to_pylist() if row["activity"] not in places]
    for row in extra:
        activity, after = row["activity"], row["after"]
        before = places.get(after, -1)
        kind: Kind = "off_map"
        if activity in places:
            kind = "back" if places[activity] <= before else "early"
        step, customers = step_of(activity, drawing), row["customers"]
        entered = step_of(after, drawing) if before >= 0 else None
        told.append(Deviation(kind, activity, step, entered, after, customers, customers / size))
    told = [each for each in told if each.customers >= FEWEST]
    told.sort(key=lambda each: -each.customers)
    off = [each for each in told if each.kind == "off_map"][: MOST_DEVIATIONS // 3]
    return [each for each in told if each.kind != "off_map"][:MOST_DEVIATIONS] + off
