"""How far customers get through a series of steps.

For each customer the funnel finds the longest chain of steps in order, over all possible first steps, whose
last event comes at most the window after its first (inclusive). Events between the steps do not matter, one
event never serves two steps, and events at the same moment count in the order of arrival. It is what
ClickHouse's `windowFunnel` gives in its default mode.

Where several chains are equally long, the times are those of one of them: it ends at the earliest event that
completes the deepest step, and each step before it is the latest event that could stand there.

A strict funnel wants the steps directly one after the other, with no other activity in between; of chains
that are equally long the earliest counts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from parcours.engine import threads
from parcours.engine.arrays import Int64s, Mask
from parcours.engine.arrow import arrow, floats, numbers, strings, table
from parcours.engine.errors import QuestionError
from parcours.engine.kernels.funnel import follow_neighbours, follow_steps
from parcours.engine.moments import SECOND_US
from parcours.engine.spread import adds_up
from parcours.engine.words import gettext as _

if TYPE_CHECKING:
    import pyarrow as pa

    from parcours.engine.log import EventLog

MOST_STEPS = 254  # a depth is kept in one byte


@dataclass(frozen=True, slots=True)
class Chains:
    """The chain of each customer of a log."""

    reached: npt.NDArray[np.uint8]
    """The deepest step of each customer, counted from 1; 0 without a first step."""
    started: Int64s
    """The position of the event each chain starts at; only where `reached` is not 0."""
    gaps: npt.NDArray[np.int64]
    """(steps - 1, customers): microseconds from each step to the next; only where the next is reached."""


@dataclass(frozen=True, slots=True)
class Partial:
    """What adds up over logs: by segment how many customers reached each step, and the times between."""

    customers: dict[object, npt.NDArray[np.int64]]
    gaps: dict[object, list[Int64s]]


ALL = "all"
_COLUMNS = ("step", "activity", "customers", "conversion", "median_seconds")


def follow(log: "EventLog", steps: Sequence[str], within: int, strict: bool = False) -> Chains:
    """The chain of each customer. `within` in microseconds."""
    codes = _codes_of(log, steps)
    highest, lower = _steps_of_code(codes, log.activity.none)
    customers = log.n_customers
    chains = Chains(
        reached=np.zeros(customers, dtype=np.uint8),
        started=np.empty(customers, dtype=np.int64),
        gaps=np.empty((len(steps) - 1, customers), dtype=np.int64),
    )
    flat = chains.gaps.reshape(-1)

    def part(first: int, last: int) -> None:
        if strict:
            follow_neighbours(
                log.activity.codes, log.time, log.offsets, first, last, log.activity.none,
                codes, within, chains.reached, chains.started, flat,
            )  # fmt: skip
            return
        scratch = np.zeros(len(steps) * (len(steps) + 1), dtype=np.int64)
        follow_steps(
            log.activity.codes, log.time, log.offsets, first, last,
            highest, lower, within, scratch, chains.reached, chains.started, flat,
        )  # fmt: skip

    threads.run(part, threads.parts(log.offsets))
    return chains


def _codes_of(log: "EventLog", steps: Sequence[str]) -> Int64s:
    if isinstance(steps, str) or not steps:
        raise QuestionError(
            _("A funnel needs a list of steps, for instance [“Cart Viewed”, “Order Completed”].")
        )
    if len(steps) > MOST_STEPS:
        raise QuestionError(
            _("A funnel has at most {most} steps, not {n}.").format(most=MOST_STEPS, n=len(steps))
        )
    return np.array([log.code_of(step) for step in steps], dtype=np.int64)


def _steps_of_code(codes: Int64s, none: int) -> tuple[Int64s, Int64s]:
    """The last step that each code is (-1: none), and for each step the one before of the same code."""
    highest = np.full(none + 1, -1, dtype=np.int64)
    lower = np.empty(len(codes), dtype=np.int64)
    for place, code in enumerate(codes.tolist()):
        lower[place] = highest[code]
        highest[code] = place
    return highest, lower


def merge(partials: Sequence[Partial]) -> Partial:
    customers: dict[object, npt.NDArray[np.int64]] = {}
    gaps: dict[object, list[list[Int64s]]] = {}
    for each in partials:
        for segment, counts in each.customers.items():
            customers[segment] = customers[segment] + counts if segment in customers else counts
            gaps.setdefault(segment, []).append(each.gaps[segment])
    joined = {
        segment: [np.concatenate(step) for step in zip(*parts, strict=True)]
        for segment, parts in gaps.items()
    }
    return Partial(customers, joined)


@adds_up(merge)
def partial(
    log: "EventLog", steps: Sequence[str], within: int, by: str | None, strict: bool = False
) -> Partial:
    chains = follow(log, steps, within, strict)
    if by is None:
        return _summed(chains, len(steps), {ALL: None})
    codes, labels = log.column(by).encoded
    started = chains.reached > 0
    segment = np.full(log.n_customers, -1, dtype=np.int32)
    per_customer = log.column(by).per == "customer"
    segment[started] = codes[started] if per_customer else codes[chains.started[started]]
    present = np.unique(segment[started])
    return _summed(
        chains, len(steps), {labels[code] if code >= 0 else None: segment == code for code in present}
    )


def _summed(chains: Chains, steps: int, segments: dict[object, Mask | None]) -> Partial:
    customers, gaps = {}, {}
    for segment, members in segments.items():
        reached = chains.reached if members is None else chains.reached[members]
        exactly = np.bincount(reached, minlength=steps + 1)
        customers[segment] = np.cumsum(exactly[::-1])[::-1][1:]

        def between(
            place: int, members: Mask | None = members, reached: npt.NDArray[np.uint8] = reached
        ) -> Int64s:
            row: Int64s = chains.gaps[place] if members is None else chains.gaps[place][members]
            return row[reached > place + 1]

        gaps[segment] = threads.run(between, [(place,) for place in range(steps - 1)]) if steps > 1 else []
    return Partial(customers, gaps)


def finish(partial: Partial, steps: Sequence[str], by: str | None) -> "pa.Table":
    """step, activity, customers, conversion, median_seconds (, segment): the segments sorted, “no value”
    last.
    """
    segments = list(partial.customers) if by is not None else [ALL]
    segments.sort(key=lambda each: (each is None, isinstance(each, str), each if each is not None else 0))
    columns: dict[str, list[Any]] = {name: [] for name in _COLUMNS}
    for segment in segments:
        counts = partial.customers[segment]
        columns["step"] += range(1, len(steps) + 1)
        columns["activity"] += list(steps)
        columns["customers"] += counts.tolist()
        columns["conversion"] += (counts / counts[0]).tolist() if counts[0] else [None] * len(steps)
        between = [(gap,) for gap in partial.gaps[segment]]
        columns["median_seconds"] += [None, *(threads.run(median_seconds, between) if between else ())]
    answer = {
        "step": numbers(np.array(columns["step"], dtype=np.int64)),
        "activity": strings(columns["activity"]),
        "customers": numbers(np.array(columns["customers"], dtype=np.int64)),
        "conversion": floats(columns["conversion"]),
        "median_seconds": floats(columns["median_seconds"]),
    }
    if by is not None:
        answer["segment"] = arrow().array([segment for segment in segments for _ in steps])
    return table(answer)


def median_seconds(gaps: Int64s) -> float | None:
    """The median in seconds; the mean of the two middle values of an even number; None of none."""
    if not len(gaps):
        return None
    middle = len(gaps) // 2
    if len(gaps) % 2:
        return float(np.partition(gaps, middle)[middle]) / SECOND_US
    pair = np.partition(gaps, (middle - 1, middle))[middle - 1 : middle + 1]
    return (int(pair[0]) + int(pair[1])) / 2 / SECOND_US
