"""Customers who fare otherwise than the others of their stage: by region, device, channel, group…

It says that they differ, not why: who asks on Instagram may be another sort of customer. People decide.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from parcours.core.conditions import as_number
from parcours.insights.drift.marked import DAY, Codes, Int64s, Marked
from parcours.insights.significance import differ, holm

WINDOW = 168
"""Days; 24 weeks, for one region or one browser is a small part of all customers."""
TIME_TO_GO_ON = 14
LEVEL = 0.01
FEWEST, FEWEST_OTHERS = 40, 100
LEAST = 0.1
LEAST_RELATIVE = 2 / 3
MOST_VALUES = 60
MOST_FOUND = 4
SAME = 0.7
"""From this overlap of customers on, two values mean one thing, and the plainer is told."""
PLAIN = ("channel", *(f"properties.{key}" for key in ("region", "country", "language", "device", "browser")))

Column = tuple[npt.NDArray[np.integer], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Apart:
    """Of the `n` customers with an event `name` in a stage and this value of `field`, `hits` came to a later
    stage within two weeks; of the `other_n` with another value, `other_hits`. `also` are other fields and
    values that nearly the same customers have.
    """

    stage: int
    name: str
    field: str
    value: str
    hits: int
    n: int
    other_hits: int
    other_n: int
    also: tuple[tuple[str, str], ...] = ()
    days: int = WINDOW

    @property
    def share(self) -> float:
        return self.hits / self.n

    @property
    def other_share(self) -> float:
        return self.other_hits / self.other_n

    @property
    def difference(self) -> float:
        return self.share - self.other_share


@dataclass(frozen=True, slots=True)
class _Met:
    """Customers' first event of one name in one stage: its row, and whether they went on."""

    stage: int
    name: str
    rows: Int64s
    went_on: npt.NDArray[np.bool_]


def apart(log: Marked, fields: Sequence[str], column: Callable[[str], Column]) -> list[Apart]:
    """Differences that are surely no chance (two-proportion test, Holm over all questions) and large: ten
    points at least, and one share less than two thirds of the other. The largest first.
    """
    columns = {field: column(field) for field in fields}
    asked: list[tuple[Apart, Int64s]] = []
    for met in _meetings(log):
        for field, (codes, labels) in columns.items():
            asked += _compared(log, met, field, np.asarray(codes)[met.rows].astype(np.int32), labels)
    chances = [differ(each.hits, each.n, each.other_hits, each.other_n) for each, _who in asked]
    sure = [pair for pair, so in zip(asked, holm(chances, LEVEL), strict=True) if so and _matters(pair[0])]
    return _told_once(sure)[:MOST_FOUND]


def _matters(each: Apart) -> bool:
    """Told of the smaller part; the others are what is usual."""
    low, high = sorted((each.share, each.other_share))
    return each.n <= each.other_n and high - low >= LEAST and low <= LEAST_RELATIVE * high


def _meetings(log: Marked) -> list[_Met]:
    """Each stage that has another behind it which events can show, by the names of its events."""
    shown = np.flatnonzero(log.seen)
    until, since = log.end - TIME_TO_GO_ON * DAY, log.end - (TIME_TO_GO_ON + WINDOW) * DAY
    within = (log.time > since) & (log.time <= until) & (log.name >= 0)
    found = []
    for stage in shown[:-1].tolist():
        here = np.flatnonzero(within & (log.stage == stage))
        for name in np.unique(log.name[here]).tolist():
            rows = here[log.name[here] == name]
            _owners, places = np.unique(log.owner[rows], return_index=True)
            if len(places) >= FEWEST + FEWEST_OTHERS:
                first = rows[places]
                found.append(_Met(stage, log.names[name], first, _went_on(log, stage, first)))
    return found


def _went_on(log: Marked, stage: int, rows: Int64s) -> npt.NDArray[np.bool_]:
    later = np.append(np.flatnonzero(log.stage > stage), len(log))
    following = later[np.searchsorted(later, rows)]
    there = np.minimum(following, len(log) - 1)
    same = (following < len(log)) & (log.owner[there] == log.owner[rows])
    soon: npt.NDArray[np.bool_] = same & (log.time[there] - log.time[rows] <= TIME_TO_GO_ON * DAY)
    return soon


def _compared(
    log: Marked, met: _Met, field: str, values: Codes, labels: Sequence[str]
) -> list[tuple[Apart, Int64s]]:
    """Each value that enough customers have, against all other values of the same field. Numbers are no
    groups: a score of 4 is between 3 and 5.
    """
    known = values >= 0
    n_known = int(known.sum())
    counts = np.bincount(values[known], minlength=1)
    if n_known < FEWEST + FEWEST_OTHERS or np.count_nonzero(counts) > MOST_VALUES:
        return []
    hits = np.bincount(values[known & met.went_on], minlength=len(counts))
    found = []
    for code in np.flatnonzero((counts >= FEWEST) & (n_known - counts >= FEWEST_OTHERS)).tolist():
        if as_number(labels[code]) is not None:
            continue
        inside = int(hits[code]), int(counts[code])
        outside = int(hits.sum()) - inside[0], n_known - inside[1]
        each = Apart(met.stage, met.name, field, labels[code], *inside, *outside)
        found.append((each, log.owner[met.rows[values == code]]))
    return found


def _told_once(found: list[tuple[Apart, Int64s]]) -> list[Apart]:
    """One value of a field in a stage, the one farthest from the others. Nearly the same customers count
    once, by the plainest field; what else they have in common stands beside it.
    """
    ranked = sorted(found, key=lambda pair: (_plainness(pair[0].field), -abs(pair[0].difference)))
    told: list[tuple[Apart, Int64s]] = []
    for each, who in ranked:
        place = next((at for at, (one, they) in enumerate(told) if _same(one, they, each, who)), None)
        if place is None:
            told.append((each, who))
        elif each.field != (one := told[place][0]).field and (each.field, each.value) not in one.also:
            told[place] = (replace(one, also=(*one.also, (each.field, each.value))), told[place][1])
    return sorted((each for each, _who in told), key=lambda each: -abs(each.difference))


def _plainness(field: str) -> int:
    return PLAIN.index(field) if field in PLAIN else len(PLAIN)


def _same(one: Apart, they: Int64s, other: Apart, who: Int64s) -> bool:
    if one.stage != other.stage:
        return False
    return one.field == other.field or len(np.intersect1d(they, who)) >= SAME * min(len(they), len(who))
