"""What customers met before they bought, and whether they send it back: a size guide that saves returns."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from parcours.insights.drift.compared import (
    FEWEST,
    FEWEST_OTHERS,
    Column,
    Columns,
    Compared,
    Flags,
    groups_of,
    told_once,
    unlike,
)
from parcours.insights.drift.groups import first_of_each
from parcours.insights.drift.marked import DAY, Int64s, Marked
from parcours.insights.significance import differ, holm

BOUGHT = "Order Completed"
TAKEN_BACK = ("Order Refunded", "Order Returned", "Order Cancelled")
WINDOW = 168
BEFORE, AFTER = 60, 60
"""Days in which something met still counts, and in which an order comes back."""
LEVEL = 0.01
LEAST = 0.03
"""Few orders come back at all: three points are many."""
MOST_FOUND = 2
MOST_REASONS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending(Compared):
    """Of the `n` customers who met an event `name` with this value in the sixty days before they bought,
    `hits` had an event `outcome` within the sixty days after; of the `other_n` other buyers, `other_hits`.

    `why_field` and `why` narrow the outcome to one of its reasons. Of those who met another value of that
    field, `near_hits` of `near_n`: they show that it isn't only the sort of buyers who look such things up.
    """

    outcome: str
    why_field: str
    why: str
    near_hits: int
    near_n: int
    days: int = WINDOW


@dataclass(frozen=True, slots=True)
class _Outcome:
    name: str
    field: str
    value: str
    came: Flags
    """Of each buyer."""


def endings(log: Marked, fields: Sequence[str], column: Columns) -> list[Ending]:
    """What goes with fewer, or more, orders that come back than with all other buyers: surely (two-proportion
    test, Holm over all questions) and by three points and a third at least. Those who met another value of
    the same thing must differ too, or it is the sort of customers who look such things up.
    """
    if BOUGHT not in log.names:
        return []
    columns = {field: column(field) for field in fields}
    until, since = log.end - AFTER * DAY, log.end - (AFTER + WINDOW) * DAY
    bought = (log.name == log.names.index(BOUGHT)) & (log.time > since) & (log.time <= until)
    orders = first_of_each(log, np.flatnonzero(bought))
    outcomes = list(_outcomes(log, orders, columns))
    asked = [each for met in _met(log, orders, columns) for each in _compared(log, orders, met, outcomes)]
    chances = [differ(each.hits, each.n, each.other_hits, each.other_n) for each, _who in asked]
    sure = [pair for pair, so in zip(asked, holm(chances, LEVEL), strict=True) if so and _matters(pair[0])]
    return told_once(sure)[:MOST_FOUND]


def _matters(each: Ending) -> bool:
    near = each.near_hits / each.near_n
    return (
        each.n <= each.other_n
        and unlike(each.share, each.other_share, least=LEAST)
        and unlike(each.share, near, least=LEAST)
        and (each.difference < 0) == (each.share < near)
        and differ(each.hits, each.n, each.near_hits, each.near_n) <= LEVEL
    )


def _outcomes(log: Marked, orders: Int64s, columns: dict[str, Column]) -> Iterator[_Outcome]:
    """Each way in which orders come back, for any reason and for each of its reasons."""
    buyers, times = log.owner[orders], log.time[orders]
    for name in TAKEN_BACK:
        if name not in log.names:
            continue
        rows = np.flatnonzero(log.name == log.names.index(name))
        place = np.minimum(np.searchsorted(buyers, log.owner[rows]), len(buyers) - 1)
        late = log.time[rows] - times[place]
        mine = (buyers[place] == log.owner[rows]) & (late > 0) & (late <= AFTER * DAY)
        rows, place = rows[mine], place[mine]
        yield _Outcome(name, "", "", _marks(place, len(orders)))
        for field, (codes, labels) in columns.items():
            values = np.asarray(codes)[rows].astype(np.int32)
            reasons = np.unique(values[values >= 0]).tolist()
            if 1 < len(reasons) <= MOST_REASONS:
                for code in reasons:
                    yield _Outcome(name, field, labels[code], _marks(place[values == code], len(orders)))


def _marks(places: Int64s, size: int) -> Flags:
    marks = np.zeros(size, np.bool_)
    marks[places] = True
    return marks


@dataclass(frozen=True, slots=True)
class _Met:
    """What buyers met: of each, the codes of all values seen by some of them."""

    stage: int
    name: str
    field: str
    value: str
    having: Flags
    near: Flags


def _met(log: Marked, orders: Int64s, columns: dict[str, Column]) -> Iterator[_Met]:
    """Each value of what enough buyers met in an earlier stage, or in the same, before they bought."""
    last = np.zeros(len(log.offsets) - 1, np.int64)
    last[log.owner[orders]] = log.time[orders]
    ahead = last[log.owner] - log.time
    before = np.flatnonzero((ahead > 0) & (ahead <= BEFORE * DAY) & (log.stage >= 0) & (log.name >= 0))
    buyers = log.owner[orders]
    for name in np.unique(log.name[before]).tolist():
        rows = before[log.name[before] == name]
        place = np.searchsorted(buyers, log.owner[rows])
        for field, (codes, labels) in columns.items():
            values = np.asarray(codes)[rows].astype(np.int32)
            for value, having in groups_of(values, labels, others=FEWEST):
                own = _marks(place[having], len(orders))
                near = _marks(place[(values >= 0) & ~having], len(orders)) & ~own
                if own.sum() >= FEWEST and near.sum() >= FEWEST and (~own).sum() >= FEWEST_OTHERS:
                    stage = int(np.bincount(log.stage[rows[having]]).argmax())
                    yield _Met(stage, log.names[name], field, value, own, near)


def _compared(
    log: Marked, orders: Int64s, met: _Met, outcomes: Sequence[_Outcome]
) -> Iterator[tuple[Ending, Int64s]]:
    for outcome in outcomes:
        hits, n = int((outcome.came & met.having).sum()), int(met.having.sum())
        each = Ending(
            stage=met.stage, name=met.name, field=met.field, value=met.value,
            hits=hits, n=n, other_hits=int(outcome.came.sum()) - hits, other_n=len(orders) - n,
            outcome=outcome.name, why_field=outcome.field, why=outcome.value,
            near_hits=int((outcome.came & met.near).sum()), near_n=int(met.near.sum()),
        )  # fmt: skip
        yield each, log.owner[orders[met.having]]
