"""Stages that customers skip, go back from, or take in another order than they are drawn."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from parcours.insights.drift.marked import DAY, Int64s, Marked
from parcours.insights.significance import above, holm

WINDOW = 90
LEVEL = 0.05
FEWEST = 100
MUCH = 1 / 3
"""From this share on it is no exception any more: more customers than one in three do otherwise."""
SOON = 7


@dataclass(frozen=True, slots=True)
class Skipped:
    """`customers` of `of` who came from an earlier stage to a later one never were in `stage`."""

    stage: int
    customers: int
    of: int


@dataclass(frozen=True, slots=True)
class WentBack:
    """Of the `of` customers who were in `stage`, `customers` went back to `to` next, within a week."""

    stage: int
    to: int
    customers: int
    of: int


@dataclass(frozen=True, slots=True)
class OtherOrder:
    """Of the `of` customers who were in both, `customers` came to `stage` before `earlier`, which is drawn
    just before it.
    """

    stage: int
    earlier: int
    customers: int
    of: int


Deviation = Skipped | WentBack | OtherOrder


def deviations(log: Marked) -> list[Deviation]:
    """What differs from the drawn order for surely more than one customer in three, or, for the order of two
    stages, surely for more than one in two. Asked of all stages at once, so corrected after Holm.
    """
    shown = np.flatnonzero(log.seen)
    if len(shown) < 2:
        return []
    first = _first_visits(log)
    exceptions: list[Skipped | WentBack] = [*_skips(log, first, shown), *_returns(log, shown)]
    orders = _orders(log, first, shown)
    chances = [above(each.customers, each.of, MUCH) for each in exceptions]
    chances += [above(each.customers, each.of, 1 / 2) for each in orders]
    answered = holm(chances, LEVEL)
    asked: list[Deviation] = [*exceptions, *orders]
    found = [each for each, sure in zip(asked, answered, strict=True) if sure]
    turned = {each.stage for each in found if isinstance(each, OtherOrder)}
    return [each for each in found if not (isinstance(each, Skipped) and each.stage in turned)]


def _first_visits(log: Marked) -> Int64s:
    """int64[customers, stages]: when each customer was first in each stage; the highest number for never."""
    never = np.iinfo(np.int64).max
    first = np.full((len(log.offsets) - 1, log.n_stages), never, dtype=np.int64)
    rows = np.flatnonzero(log.stage >= 0)
    np.minimum.at(first, (log.owner[rows], log.stage[rows]), log.time[rows])
    return first


def _recent(log: Marked, first: Int64s, stage: int) -> npt.NDArray[np.bool_]:
    """Customers who were in a stage for the first time in the last 90 days."""
    never = np.iinfo(np.int64).max
    recent: npt.NDArray[np.bool_] = (first[:, stage] != never) & (first[:, stage] > log.end - WINDOW * DAY)
    return recent


def _skips(log: Marked, first: Int64s, shown: Int64s) -> list[Skipped]:
    """Each stage between others, of those who lately came from before it to behind it for the first time."""
    never = np.iinfo(np.int64).max
    found = []
    for place in range(1, len(shown) - 1):
        stage = int(shown[place])
        before = first[:, shown[:place]].min(axis=1)
        behind = first[:, shown[place + 1 :]].min(axis=1)
        passing = (behind != never) & (before < behind) & (behind > log.end - WINDOW * DAY)
        of = int(passing.sum())
        if of >= FEWEST:
            found.append(Skipped(stage, int((passing & (first[:, stage] > behind)).sum()), of))
    return found


def _returns(log: Marked, shown: Int64s) -> list[WentBack]:
    """From each stage between others, the earlier stage to which most went back next. From the last there is
    nowhere else to go: whoever buys again after a review goes no way back.
    """
    rows = np.flatnonzero((log.stage >= 0) & log.since(WINDOW))
    stage, owner, time = log.stage[rows], log.owner[rows], log.time[rows]
    change = np.flatnonzero(
        (owner[1:] == owner[:-1]) & (stage[1:] < stage[:-1]) & (time[1:] - time[:-1] <= SOON * DAY)
    )
    size = log.n_stages
    key = (owner[change] * size + stage[change]) * size + stage[change + 1]
    moves = np.unique(key) % (size * size)
    counts = np.bincount(moves, minlength=size * size).reshape(size, size)
    there = np.bincount(np.unique(owner * size + stage) % size, minlength=size)
    found = []
    for place in shown[1:-1].tolist():
        to = int(counts[place].argmax())
        if there[place] >= FEWEST and counts[place, to]:
            found.append(WentBack(place, to, int(counts[place, to]), int(there[place])))
    return found


def _orders(log: Marked, first: Int64s, shown: Int64s) -> list[OtherOrder]:
    never = np.iinfo(np.int64).max
    found = []
    for earlier, stage in zip(shown[:-1].tolist(), shown[1:].tolist(), strict=True):
        both = (first[:, earlier] != never) & (first[:, stage] != never)
        both &= _recent(log, first, stage) | _recent(log, first, earlier)
        of = int(both.sum())
        if of >= FEWEST:
            turned = int((both & (first[:, stage] < first[:, earlier])).sum())
            found.append(OtherOrder(stage, earlier, turned, of))
    return found
