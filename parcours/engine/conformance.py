"""How closely customers follow a journey as it was drawn.

A drawn journey is a list of steps in order. A step is one activity, or several any of which makes it, or a
`Step` that may be left out (`optional`), or must not be repeated. Events of activities that are in no step
are not looked at, unless `strict`.

Each customer's events are aligned with the steps at the least cost: an event that enters the next step or
repeats the present one costs nothing, an event that fits nowhere costs 1, a step left out costs 1 (nothing if
it is optional). The fitness is 1 - cost / (events + steps that are not optional): 1 for a customer who does
as drawn, 0 for one with nothing in common with it. It is the fitness of alignments in process mining (with
standard costs).

With `whole=False` a journey may still be under way: steps behind the last event cost nothing, and the fitness
is 1 - cost / events.

Customers without any event that is looked at are left out.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from parcours.engine import threads
from parcours.engine.answers import told
from parcours.engine.arrays import Int64s
from parcours.engine.arrow import numbers, strings, table, take
from parcours.engine.errors import QuestionError, UnknownActivityError
from parcours.engine.kernels.conformance import align
from parcours.engine.spread import Ranks, in_order
from parcours.engine.words import gettext as _

if TYPE_CHECKING:
    import pyarrow as pa

    from parcours.engine.log import EventLog

BEGINNING = "(beginning)"


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a drawn journey: any of these activities."""

    activities: Collection[str]
    name: str = ""
    optional: bool = False
    repeats: bool = True

    def label(self) -> str:
        return self.name or " / ".join(self.activities)


@dataclass(frozen=True, slots=True)
class Sums:
    """What adds up over customers."""

    followed: Int64s
    skipped: Int64s
    extra: Int64s
    """(steps + 1, activities): events that fit nowhere, by how many steps had been entered."""
    extra_customers: Int64s


@dataclass(frozen=True, slots=True)
class Alignments:
    """One cost, and one number of events, for each customer of a log, and the sums over them."""

    costs: Int64s
    events: Int64s
    sums: Sums
    marks: npt.NDArray[np.uint8]
    """1 for the customers counted in the wanted one of the sums."""


@dataclass(frozen=True, slots=True, repr=False)
class Conformance:
    """The answer: `fitness` of all, `customers` one by one, `steps` and `extra` for where they deviate."""

    log: "EventLog"
    journey: tuple[Step, ...]
    whole: bool
    costs: Int64s
    """One entry a customer of the log; only where `events` is not 0."""
    events: Int64s
    sums: Sums
    strict: bool = False

    def __repr__(self) -> str:
        looked_at = f"{len(self.members):,} customers"
        if self.fitness is None:
            return f"Conformance({looked_at})"
        return f"Conformance({looked_at}, fitness {self.fitness:.1%}, as drawn {self.as_drawn:.1%})"

    @property
    def members(self) -> Int64s:
        """Positions of the customers who were looked at."""
        return np.flatnonzero(self.events)

    @property
    def fitnesses(self) -> npt.NDArray[np.float64]:
        """Of each of `members`."""
        worst = self.events[self.members] + (_least(self.journey) if self.whole else 0)
        return 1 - self.costs[self.members] / worst

    @property
    def fitness(self) -> float | None:
        """The mean over customers; None without any."""
        return float(self.fitnesses.mean()) if len(self.members) else None

    @property
    def as_drawn(self) -> float | None:
        """The share of customers without any deviation."""
        return float((self.costs[self.members] == 0).mean()) if len(self.members) else None

    @property
    def customers(self) -> "pa.Table":
        """customer, events, cost, fitness: in the order of the log."""
        members = self.members
        found = table(
            {
                "customer": take(self.log.customers, members),
                "events": numbers(self.events[members]),
                "cost": numbers(self.costs[members]),
                "fitness": numbers(self.fitnesses),
            }
        )
        return told("fitness", found)

    @property
    def steps(self) -> "pa.Table":
        """step (from 1), name, followed, skipped: customers who went through it, and who left it out.

        Who had not come so far, with `whole=False`, did neither.
        """
        found = table(
            {
                "step": numbers(np.arange(1, len(self.journey) + 1)),
                "name": strings([step.label() for step in self.journey]),
                "followed": numbers(self.sums.followed),
                "skipped": numbers(self.sums.skipped),
            }
        )
        return told("conformance", found)

    @property
    def extra(self) -> "pa.Table":
        """after, activity, customers, events: what was done that is not drawn there, the most customers
        first.

        `after` is the name of the step that had been entered.
        """
        places, codes = np.nonzero(self.sums.extra)
        customers = self.sums.extra_customers[places, codes]
        order = np.argsort(-customers, kind="stable")
        names = [BEGINNING, *(step.label() for step in self.journey)]
        found = table(
            {
                "after": strings([names[each] for each in places[order].tolist()]),
                "activity": strings([self.log.activities[each] for each in codes[order].tolist()]),
                "customers": numbers(customers[order]),
                "events": numbers(self.sums.extra[places, codes][order]),
            }
        )
        return told("extra", found)

    def followed_by(self, step: int) -> Int64s:
        """The positions of the customers whom `steps` counts as followed at a step, from 1."""
        return self._counted(step - 1)

    def skipped_by(self, step: int) -> Int64s:
        """The positions of the customers whom `steps` counts as having left a step out, from 1."""
        return self._counted(len(self.journey) + step - 1)

    def extra_by(self, after: str, activity: str) -> Int64s:
        """The positions of the customers of a row of `extra`. Raises UnknownActivityError."""
        names = [BEGINNING, *(step.label() for step in self.journey)]
        if after not in names:
            raise UnknownActivityError(after, names)
        cell = names.index(after) * self.log.activity.width + self.log.code_of(activity)
        return self._counted(2 * len(self.journey) + cell)

    def _counted(self, wanted: int) -> Int64s:
        found = alignments(self.log, self.journey, strict=self.strict, whole=self.whole, wanted=wanted)
        return np.flatnonzero(found.marks)


def conformance(
    log: "EventLog", journey: Sequence[str | Collection[str] | Step], *, strict: bool, whole: bool
) -> Conformance:
    steps = drawn(journey)
    found = alignments(log, steps, strict=strict, whole=whole)
    return Conformance(log, steps, whole, found.costs, found.events, found.sums, strict)


def _joined(parts: list[tuple[Alignments, Ranks]]) -> Alignments:
    order = np.argsort(np.concatenate([ranks for _, ranks in parts]))
    found = [part for part, _ in parts]
    return Alignments(
        np.concatenate([part.costs for part in found])[order],
        np.concatenate([part.events for part in found])[order],
        _total([part.sums for part in found]),
        np.concatenate([part.marks for part in found])[order],
    )


@in_order(_joined)
def alignments(
    log: "EventLog", steps: tuple[Step, ...], *, strict: bool, whole: bool, wanted: int = -1
) -> Alignments:
    """`wanted` marks the customers counted in one of the sums; see the kernel."""
    width, size = log.activity.width, len(steps)
    fits = np.zeros((width, size), dtype=np.uint8)
    for place, step in enumerate(steps):
        for activity in step.activities:
            fits[log.code_of(activity), place] = 1
    counted = np.ones(width, dtype=np.uint8) if strict else fits.any(axis=1).astype(np.uint8)
    costs, lengths = np.zeros(log.n_customers, dtype=np.int64), np.zeros(log.n_customers, dtype=np.int64)
    marks = np.zeros(log.n_customers, dtype=np.uint8)

    def part(first: int, last: int) -> Sums:
        longest = int(np.diff(log.offsets[first : last + 1]).max(initial=0))
        sums = Sums(*(np.zeros(shape, dtype=np.int64) for shape in _shapes(size, width)))
        align(
            log.activity.codes, log.offsets, first, last, log.activity.none, width,
            counted, fits.reshape(-1),
            np.array([step.optional for step in steps], dtype=np.uint8),
            np.array([step.repeats for step in steps], dtype=np.uint8),
            int(whole),
            np.empty(longest, dtype=np.int64), np.empty((longest + 1) * (size + 1), dtype=np.int32),
            costs, lengths, sums.followed, sums.skipped, sums.extra.reshape(-1),
            sums.extra_customers.reshape(-1), np.full((size + 1) * width, -1, dtype=np.int64),
            wanted, marks,
        )  # fmt: skip
        return sums

    parts = threads.run(part, threads.parts(log.offsets))
    return Alignments(costs, lengths, _total(parts), marks)


def _total(parts: list[Sums]) -> Sums:
    return Sums(
        *(
            np.sum([getattr(each, name) for each in parts], axis=0)
            for name in ("followed", "skipped", "extra", "extra_customers")
        )
    )


def _shapes(steps: int, width: int) -> tuple[tuple[int, ...], ...]:
    return (steps,), (steps,), (steps + 1, width), (steps + 1, width)


def drawn(journey: Sequence[str | Collection[str] | Step]) -> tuple[Step, ...]:
    """A journey's steps. Raises QuestionError for one that has none, or a step without activities."""
    if isinstance(journey, str) or not journey:
        raise QuestionError(_("A drawn journey is a list of steps, for instance [“Awareness”, “Decision”]."))
    steps = tuple(_step(each) for each in journey)
    if any(isinstance(step.activities, str) or not step.activities for step in steps):
        raise QuestionError(_("Each step of a drawn journey needs its activities, as a list."))
    return steps


def _step(drawn: str | Collection[str] | Step) -> Step:
    if isinstance(drawn, Step):
        return drawn
    return Step([drawn] if isinstance(drawn, str) else list(drawn))


def _least(journey: Sequence[Step]) -> int:
    return sum(not step.optional for step in journey)
