"""What differs between two logs: two segments, or two periods.

Of every activity, and of every activity directly following another, the share of customers in each log who
did it at least once. The interval of the difference is Newcombe's (from two Wilson intervals) at 95 %. The
probability is that of the test of two proportions with continuity correction, times the number of shares
looked at (Bonferroni).

The logs should be of different customers. Of the same ones, before and after, the test is too careful.
"""

from math import erfc, sqrt
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from parcours.engine import threads, transitions
from parcours.engine.arrays import Int64s
from parcours.engine.arrow import arrow, numbers, strings, table
from parcours.engine.excess import Z_95
from parcours.engine.kernels.habits import count_pair_customers
from parcours.engine.spread import adds_up, total

if TYPE_CHECKING:
    import pyarrow as pa

    from parcours.engine.log import EventLog

Floats = npt.NDArray[np.float64]
# Below so many customers in both logs together a habit says nothing.
LEAST_CUSTOMERS = 20


def compare(log: "EventLog", other: "EventLog", level: float | None) -> "pa.Table":
    """See `EventLog.compare`."""
    labels = sorted({*log.activities, *other.activities})
    keys, ours, theirs = _side_by_side(_habits(log, labels), _habits(other, labels))
    size, other_size = _size(log), _size(other)
    if not len(keys) or not size or not other_size:
        return _told(keys[:0], labels, *(np.zeros(0) for _ in range(5)))
    a, b = ours / size, theirs / other_size
    low, high = newcombe(a, size, b, other_size)
    p_values = np.minimum(1.0, probabilities(ours, size, theirs, other_size) * len(keys))
    order = np.lexsort([keys, -np.abs(a - b), p_values])
    order = order if level is None else order[p_values[order] <= level]
    return _told(keys[order], labels, *(each[order] for each in (a, b, low, high, p_values)))


def _size(log: "EventLog") -> int:
    """Customers with at least one activity."""
    return int(active(log)[0])


@adds_up(total)
def active(log: "EventLog") -> Int64s:
    named = log.activity.codes != log.activity.none
    before = np.append(0, np.cumsum(named))
    return np.array([np.count_nonzero(np.diff(before[log.offsets]))])


def _habits(log: "EventLog", labels: list[str]) -> tuple[Int64s, Int64s]:
    """What customers did, and how many did: an activity as its place in `labels`, a pair of neighbours as
    (place of the first + 1) * labels + place of the second.
    """
    places = {label: place for place, label in enumerate(labels)}
    place = np.array([places[each] for each in log.activities], dtype=np.int64)
    keys, counts = place, transitions.reach_partial(log)[0][: len(place)]
    if log.activity.width**2 <= transitions.MOST_CELLS:
        pairs = pair_customers(log)
        source, target = np.nonzero(pairs)
        keys = np.append(keys, (place[source] + 1) * len(labels) + place[target])
        counts = np.append(counts, pairs[source, target])
    return keys, counts


def _side_by_side(one: tuple[Int64s, Int64s], other: tuple[Int64s, Int64s]) -> tuple[Int64s, Int64s, Int64s]:
    """The habits that enough customers have, and how many have each in either log."""
    keys = np.union1d(one[0], other[0])
    found = np.zeros((2, len(keys)), dtype=np.int64)
    for row, (habits, counts) in zip(found, (one, other), strict=True):
        row[np.searchsorted(keys, habits)] = counts
    enough = found.sum(axis=0) >= LEAST_CUSTOMERS
    return keys[enough], found[0, enough], found[1, enough]


@adds_up(total)
def pair_customers(log: "EventLog") -> Int64s:
    """(source, target): customers with this pair of neighbours."""
    width = log.activity.width

    def part(first: int, last: int) -> Int64s:
        customers = np.zeros(width * width, dtype=np.int64)
        seen = np.full(width * width, -1, dtype=np.int64)
        count_pair_customers(
            log.activity.codes, log.offsets, first, last, log.activity.none, width, seen, customers
        )  # fmt: skip
        return customers

    summed: Int64s = np.sum(threads.run(part, threads.parts(log.offsets)), axis=0)
    return summed.reshape(width, width)


def probabilities(a: Int64s, n: int, b: Int64s, m: int) -> Floats:
    """Of so large a difference by chance, two-sided, of a in n and b in m; not yet corrected."""
    pooled = (a + b) / (n + m)
    gap = np.maximum(0.0, np.abs(a / n - b / m) - (1 / n + 1 / m) / 2)
    spread = np.sqrt(pooled * (1 - pooled) * (1 / n + 1 / m))
    z = np.divide(gap, spread, out=np.zeros(len(a)), where=spread > 0)
    return np.array([erfc(each / sqrt(2)) for each in z.tolist()])


def newcombe(a: Floats, n: int, b: Floats, m: int) -> tuple[Floats, Floats]:
    """The interval of a - b, shares of n and of m."""
    (low_a, high_a), (low_b, high_b) = wilson(a, n), wilson(b, m)
    low = a - b - np.sqrt((a - low_a) ** 2 + (high_b - b) ** 2)
    high = a - b + np.sqrt((high_a - a) ** 2 + (b - low_b) ** 2)
    return low, high


def wilson(share: Floats, n: int) -> tuple[Floats, Floats]:
    """Wilson's interval of a share of n at 95 %."""
    middle = (share + Z_95**2 / (2 * n)) / (1 + Z_95**2 / n)
    width = Z_95 * np.sqrt(share * (1 - share) / n + Z_95**2 / (4 * n**2)) / (1 + Z_95**2 / n)
    return middle - width, middle + width


def _told(keys: Int64s, labels: list[str], *columns: Floats) -> "pa.Table":
    a, b, low, high, p_values = columns
    width = max(1, len(labels))
    source, target = keys // width - 1, keys % width
    befores = [labels[each] if each >= 0 else None for each in source.tolist()]
    return table(
        {
            "kind": strings(["activity" if each is None else "transition" for each in befores]),
            "source": arrow().array(befores, "string"),
            "activity": strings([labels[each] for each in target.tolist()]),
            "share": numbers(a),
            "other_share": numbers(b),
            "difference": numbers(a - b),
            "low": numbers(low),
            "high": numbers(high),
            "p_value": numbers(p_values),
        }
    )
