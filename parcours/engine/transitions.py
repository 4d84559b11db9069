"""How often one activity directly follows another, and how many customers reach each."""

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from parcours.engine import threads
from parcours.engine.arrays import Labelled
from parcours.engine.arrow import numbers, strings, table, take
from parcours.engine.kernels.counting import count_reach, count_transitions
from parcours.engine.spread import adds_up, total

if TYPE_CHECKING:
    import pyarrow as pa

    from parcours.engine.log import EventLog

Counts = npt.NDArray[np.int64]


@adds_up(total)
def partial(log: "EventLog") -> Counts:
    """Counts as a square matrix (source, target); those of several logs with the same activities add up."""
    width = log.activity.width

    def part(first: int, last: int) -> Counts:
        counts = np.zeros(width * width, dtype=np.int64)
        count_transitions(log.activity.codes, log.offsets, first, last, log.activity.none, width, counts)
        return counts

    counts: Counts = np.sum(threads.run(part, threads.parts(log.offsets)), axis=0)
    return counts.reshape(width, width)


def finish(counts: Counts, labels: tuple[str, ...]) -> "pa.Table":
    """source, target, count: the most frequent first, equal counts in the order of the log's activities."""
    sources, targets = np.nonzero(counts)
    found = counts[sources, targets]
    order = np.argsort(-found, kind="stable")
    names = strings(labels)
    return table(
        {
            "source": take(names, sources[order]),
            "target": take(names, targets[order]),
            "count": numbers(found[order]),
        }
    )


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
