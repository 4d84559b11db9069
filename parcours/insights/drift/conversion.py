"""Stages from which fewer, or more, customers go on than in the same length of time before."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from parcours.insights.drift.marked import DAY, Int64s, Marked
from parcours.insights.significance import differ, holm

LENGTHS = (28, 84)
"""Days; whole weeks, so that each weekday counts as often now as before."""
TIME_TO_GO_ON = 14
"""Days that everybody has, whenever they entered."""
LEVEL = 0.01
FEWEST = 100
LEAST = 0.02
LEAST_RELATIVE = 0.1


@dataclass(frozen=True, slots=True)
class Changed:
    """Of `n` customers who were in `stage` in the last `days` (and had two weeks since), `hits` came to `to`
    within two weeks; of `old_n` in as many days before, `old_hits`.
    """

    stage: int
    to: int
    days: int
    hits: int
    n: int
    old_hits: int
    old_n: int

    @property
    def share(self) -> float:
        return self.hits / self.n

    @property
    def old_share(self) -> float:
        return self.old_hits / self.old_n


def changed(log: Marked) -> list[Changed]:
    """Changes that are surely no chance (two-proportion test, Holm over all stages and lengths, 1 %) and that
    matter: two points at least and a tenth of what it was. Of a stage the length with the larger change.
    """
    shown = np.flatnonzero(log.seen).tolist()
    questions = [
        each
        for stage, to in pairwise(shown)
        for days in LENGTHS
        if (each := _compared(log, stage, to, days)) is not None
    ]
    chances = [differ(each.hits, each.n, each.old_hits, each.old_n) for each in questions]
    sure = [each for each, so in zip(questions, holm(chances, LEVEL), strict=True) if so and _matters(each)]
    largest: dict[int, Changed] = {}
    for each in sorted(sure, key=lambda one: -abs(one.share - one.old_share)):
        largest.setdefault(each.stage, each)
    return [largest[stage] for stage in sorted(largest)]


def _matters(each: Changed) -> bool:
    difference = abs(each.share - each.old_share)
    return difference >= LEAST and difference >= LEAST_RELATIVE * each.old_share


def _compared(log: Marked, stage: int, to: int, days: int) -> Changed | None:
    until = log.end - TIME_TO_GO_ON * DAY
    middle, begin = until - days * DAY, until - 2 * days * DAY
    if begin < log.start:
        return None
    now, before = _going_on(log, stage, to, middle, until), _going_on(log, stage, to, begin, middle)
    if now[1] < FEWEST or before[1] < FEWEST:
        return None
    return Changed(stage, to, days, *now, *before)


def _going_on(log: Marked, stage: int, to: int, begin: int, end: int) -> tuple[int, int]:
    """Of the customers with an event in the stage between the two times, how many were in `to` within two
    weeks after the first of these; and how many they are.
    """
    within = (log.time > begin) & (log.time <= end) & (log.stage == stage)
    rows = np.flatnonzero(within)
    owners, places = np.unique(log.owner[rows], return_index=True)
    entered = rows[places]
    targets = np.flatnonzero(log.stage == to)
    following = _first_after(targets, entered, len(log))
    there = np.minimum(following, len(log) - 1)
    went = (following < len(log)) & (log.owner[there] == owners)
    went &= log.time[there] - log.time[entered] <= TIME_TO_GO_ON * DAY
    return int(went.sum()), len(owners)


def _first_after(positions: Int64s, after: Int64s, none: int) -> Int64s:
    return np.append(positions, none)[np.searchsorted(positions, after, side="right")]
