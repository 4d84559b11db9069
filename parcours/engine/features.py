"""What can be said of a case, a customer at an event, at that moment: one value of each feature, or none."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from parcours.engine import calendar
from parcours.engine.arrays import Int64s
from parcours.engine.arrow import arrow, as_numpy
from parcours.engine.columns import Column
from parcours.engine.kernels.before import count_before

if TYPE_CHECKING:
    from parcours.engine.log import EventLog

PROPERTY, CHANNEL, PREVIOUS = "property", "channel", "previous activity"
BEFORE, REPEATED = "activity before", "repeated before"
WEEKDAY, HOUR, PERIOD = "weekday", "hour", "period"

NOTHING = "(nothing)"
MOST_VALUES = 200
MOST_CELLS = 200_000_000
QUARTERS = (0.25, 0.5, 0.75)
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True, slots=True)
class Feature:
    kind: str
    name: str
    codes: npt.NDArray[np.int32]
    """One entry a case; -1 for no value."""
    labels: list[str]
    by_period: bool
    """Whether its values may matter in some weeks only."""


@dataclass(frozen=True, slots=True)
class Past:
    """What came before each case."""

    counts: npt.NDArray[np.uint8]
    """(cases, activities), up to 2; without columns when there would be too many."""
    latest: Int64s
    sizes: Int64s


def past_of(log: "EventLog", customers: Int64s, events: Int64s) -> Past:
    width = log.activity.width if len(events) * log.activity.width <= MOST_CELLS else 0
    counts = np.zeros((len(events), width), dtype=np.uint8)
    latest = np.full(len(events), -1, dtype=np.int64)
    sizes = np.zeros(len(events), dtype=np.int64)
    count_before(
        log.activity.codes, log.offsets, customers, events, log.activity.none,
        width, counts.reshape(-1), latest, sizes,
    )  # fmt: skip
    return Past(counts, latest, sizes)


def features(
    log: "EventLog", customers: Int64s, events: Int64s, *, past: Past, at: str, timezone: str | None
) -> Iterator[Feature]:
    for name, column in log.columns.items():
        yield _of_column(PROPERTY, name, column.take(customers if column.per == "customer" else events))
    if log.channel:
        codes = log.channel.codes[events].astype(np.int32)
        codes[codes >= len(log.channels)] = -1
        yield Feature(CHANNEL, CHANNEL, *_most_frequent(codes, log.channels), by_period=True)
    latest = np.where(past.latest < 0, len(log.activities), past.latest).astype(np.int32)
    before = _most_frequent(latest, [*log.activities, NOTHING])
    yield Feature(PREVIOUS, PREVIOUS, *before, by_period=True)
    own = log.code_of(at)
    # Of many activities most come before few cases, and some before none.
    for kind, least in ((BEFORE, 1), (REPEATED, 2)):
        for code in np.flatnonzero((past.counts >= least).any(axis=0)).tolist():
            if code != own:
                label = [log.activities[code]]
                yield Feature(kind, kind, _truth(past.counts[:, code] >= least), label, by_period=False)
    local = calendar.local_microseconds(log.time[events], timezone)
    days = calendar.number_of(local, "day")
    weekday = ((days + 3) % 7).astype(np.int32)
    yield Feature(WEEKDAY, WEEKDAY, weekday, list(_WEEKDAYS), by_period=False)
    hour = ((local // 3_600_000_000) % 24).astype(np.int32)
    yield Feature(HOUR, HOUR, hour, [f"{each:02}:00" for each in range(24)], by_period=False)
    yield Feature(PERIOD, PERIOD, np.zeros(len(events), dtype=np.int32), [""], by_period=True)


def _truth(values: npt.NDArray[np.bool_]) -> npt.NDArray[np.int32]:
    return values.astype(np.int32) - 1


def _of_column(kind: str, name: str, column: Column) -> Feature:
    """Numbers of many values as quarters; of other columns the most frequent values."""
    types, values = arrow().types, column.arrow
    numeric = types.is_floating(values.type) or types.is_integer(values.type) or types.is_decimal(values.type)
    codes, labels = column.encoded
    if numeric and len(labels) > 2 * len(QUARTERS):
        return _in_quarters(kind, name, values)
    return Feature(kind, name, *_most_frequent(codes, [str(label) for label in labels]), by_period=True)


def _most_frequent(
    codes: npt.NDArray[np.int32], labels: Sequence[str]
) -> tuple[npt.NDArray[np.int32], list[str]]:
    """Codes (-1 for no value) into those labels that most cases have."""
    if len(labels) <= MOST_VALUES:
        return codes, list(labels)
    counts = np.bincount(codes[codes >= 0], minlength=len(labels))
    kept = np.sort(np.argsort(-counts, kind="stable")[:MOST_VALUES])
    renamed = np.full(len(labels) + 1, -1, dtype=np.int32)
    renamed[kept] = np.arange(len(kept), dtype=np.int32)
    return renamed[codes], [labels[each] for each in kept]


def _in_quarters(kind: str, name: str, values: Any) -> Feature:
    known = as_numpy(values.is_valid())
    numbers = as_numpy(values.cast("float64").fill_null(0.0))
    edges = np.unique(np.quantile(numbers[known], QUARTERS))
    codes = np.where(known, np.searchsorted(edges, numbers, side="right"), -1).astype(np.int32)
    written = [f"{edge:g}" for edge in edges]
    labels = [f"below {written[0]}"]
    labels += [f"{low} to below {high}" for low, high in pairwise(written)]
    return Feature(kind, name, codes, [*labels, f"{written[-1]} or more"], by_period=True)
