"""How often one activity directly follows another, and how many customers reach each."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from parcours.engine import threads
from parcours.engine.arrays import Int64s, Labelled
from parcours.engine.arrow import named, numbers, strings, table
from parcours.engine.kernels.counting import count_reach, count_transitions, deal_gaps
from parcours.engine.moments import SECOND_US
from parcours.engine.spread import adds_up, total

if TYPE_CHECKING:
    import pyarrow as pa

    from parcours.engine.log import EventLog

Counts = npt.NDArray[np.int64]

# Up to so many pairs of activities are counted in a table; of more only those that occur.
MOST_CELLS = 1 << 22


@dataclass(frozen=True, slots=True)
class Pairs:
    """The pairs of activities that occur, as source * width + target, in this order."""

    keys: Int64s
    counts: Int64s
    gaps: Int64s | None
    """The times between, in microseconds: those of the first pair, then those of the second, …"""


def merge(parts: Sequence[Pairs]) -> Pairs:
    keys, places = np.unique(np.concatenate([part.keys for part in parts]), return_inverse=True)
    counts = np.bincount(places, np.concatenate([part.counts for part in parts]), len(keys)).astype(np.int64)
    gaps = [part.gaps for part in parts if part.gaps is not None]
    if len(gaps) < len(parts):
        return Pairs(keys, counts, None)
    of_gap = np.concatenate([np.repeat(part.keys, part.counts) for part in parts])
    return Pairs(keys, counts, np.concatenate(gaps)[np.argsort(of_gap, kind="stable")])


@adds_up(merge)
def partial(log: "EventLog", durations: bool = False) -> Pairs:
    """The pairs of neighbours; those of several logs with the same activities merge."""
    if log.activity.width**2 > MOST_CELLS:
        return _sparse(log, durations)
    counts = threads.run(lambda first, last: _counted(log, first, last), threads.parts(log.offsets))
    whole: Counts = np.sum(counts, axis=0)
    keys = np.flatnonzero(whole)
    return Pairs(keys, whole[keys], _dealt(log, counts) if durations else None)


def _counted(log: "EventLog", first: int, last: int) -> Counts:
    counts = np.zeros(log.activity.width**2, dtype=np.int64)
    count_transitions(
        log.activity.codes, log.offsets, first, last, log.activity.none, log.activity.width, counts
    )  # fmt: skip
    return counts


def _dealt(log: "EventLog", counts: list[Counts]) -> Int64s:
    """The time between the events of each pair, each part's behind those of the parts before."""
    by_pair = np.stack(counts, axis=1)
    ends = np.cumsum(by_pair).reshape(by_pair.shape)
    cursors = (ends - by_pair).T.copy()
    gaps = np.empty(int(by_pair.sum()), dtype=np.int64)

    def deal(first: int, last: int, cursor: Int64s) -> None:
        deal_gaps(
            log.activity.codes, log.time, log.offsets, first, last,
            log.activity.none, log.activity.width, cursor, gaps,
        )  # fmt: skip

    parts = threads.parts(log.offsets)
    threads.run(deal, [(*part, cursor) for part, cursor in zip(parts, cursors, strict=True)])
    return gaps


def _sparse(log: "EventLog", durations: bool) -> Pairs:
    named = np.flatnonzero(log.activity.codes != log.activity.none)
    codes = log.activity.codes[named].astype(np.int64)
    owner = np.searchsorted(log.offsets, named, side="right")
    paired = np.flatnonzero(owner[1:] == owner[:-1])
    found = codes[paired] * log.activity.width + codes[paired + 1]
    keys, counts = np.unique(found, return_counts=True)
    if not durations:
        return Pairs(keys, counts, None)
    gaps = log.time[named[paired + 1]] - log.time[named[paired]]
    return Pairs(keys, counts, gaps[np.argsort(found, kind="stable")])


def finish(pairs: Pairs, labels: tuple[str, ...]) -> "pa.Table":
    """source, target, count (, median_seconds, p90_seconds): the most frequent first, equal counts in the
    order of the log's activities.
    """
    width = max(1, len(labels))
    order = np.argsort(-pairs.counts, kind="stable")
    columns = {
        "source": named(labels, pairs.keys[order] // width),
        "target": named(labels, pairs.keys[order] % width),
        "count": numbers(pairs.counts[order]),
    }
    if pairs.gaps is not None:
        median, ninth = _quantiles(pairs.gaps, pairs.counts, (0.5, 0.9))
        columns["median_seconds"] = numbers(median[order] / SECOND_US)
        columns["p90_seconds"] = numbers(ninth[order] / SECOND_US)
    return table(columns)


def _quantiles(values: Int64s, sizes: Counts, wanted: tuple[float, ...]) -> list[npt.NDArray[np.float64]]:
    """Quantiles of each group, the groups standing one behind the other, interpolated between two values."""
    ends = np.append(0, np.cumsum(sizes))
    ordered = values.copy()

    def sort(first: int, last: int) -> None:
        for begin, end in pairwise(ends[first : last + 1].tolist()):
            ordered[begin:end].sort()

    threads.run(sort, threads.parts(ends))
    found = []
    for share in wanted:
        place = (sizes - 1) * share
        below = np.floor(place).astype(np.int64)
        low = ordered[ends[:-1] + below]
        high = ordered[ends[:-1] + np.minimum(below + 1, sizes - 1)]
        found.append(low + (high - low) * (place - below))
    return found


@adds_up(total)
def reach_partial(log: "EventLog") -> Counts:
    """Two rows, customers and events, one entry an activity; those of several logs add up."""
    activity: Labelled = log.activity

    def part(first: int, last: int) -> Counts:
        seen = np.full(activity.width, -1, dtype=np.int64)
        counts = np.zeros((2, activity.width), dtype=np.int64)
        count_reach(activity.codes, log.offsets, first, last, activity.none, seen, counts[0], counts[1])
        return counts

    summed: Counts = np.sum(threads.run(part, threads.parts(log.offsets)), axis=0)
    return summed


def reach_finish(counts: Counts, labels: tuple[str, ...]) -> "pa.Table":
    """activity, customers, events: one row an activity, in the log's order, zeros included."""
    known = len(labels)
    return table(
        {
            "activity": strings(labels),
            "customers": numbers(counts[0][:known]),
            "events": numbers(counts[1][:known]),
        }
    )
