"""Customers who fared otherwise for a while: a code that one browser refused for two weeks."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

from parcours.core.conditions import as_number
from parcours.insights.drift.compared import (
    MOST_VALUES,
    Column,
    Columns,
    Compared,
    Flags,
    groups_of,
    told_once,
    unlike,
)
from parcours.insights.drift.groups import TIME_TO_GO_ON, WINDOW, Met, meetings, went_on
from parcours.insights.drift.marked import DAY, Int64s, Marked
from parcours.insights.significance import differ, differ_more, holm

LENGTH, STEP = 14, 3
"""Days; a period begins every third day, so that each fortnight of trouble is nearly whole in one."""
LEVEL = 0.05
FEWEST, FEWEST_OTHERS = 30, 60
MOST_FOUND = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode(Compared):
    """`hits` are those who went on, of customers of these `days` from `begin` (microseconds since 1970); at
    all other times of the last 24 weeks `usual_hits` of the `usual_n` with the same value did.
    """

    begin: int
    usual_hits: int
    usual_n: int
    days: int = LENGTH

    @property
    def usual_share(self) -> float:
        return self.usual_hits / self.usual_n


@dataclass(frozen=True, slots=True)
class _Counts:
    hits: int
    n: int
    other_hits: int
    other_n: int


@dataclass(frozen=True, slots=True)
class _Asked:
    """How likely an episode of these events would be by chance."""

    chance: float
    each: Episode
    met: Met


def episodes(log: Marked, fields: Sequence[str], column: Columns) -> list[Episode]:
    """Fortnights in which customers with one value fared unlike the others and unlike themselves at other
    times, more than the others did: both tests must say so, and both differences be large. The largest first.

    Of each group only its least likely period is asked about, and its chance is multiplied by the number of
    periods that could be told apart, twice that of those which don't overlap; then Holm over all groups.
    """
    columns = {field: column(field) for field in fields}
    asked: list[_Asked] = []
    for met in meetings(log):
        if log.seen[met.stage + 1 :].any():
            asked += _asked(log, met, columns)
    least: dict[tuple[int, str, str, str], _Asked] = {}
    for one in sorted(asked, key=lambda one: one.chance):
        least.setdefault((one.each.stage, one.each.name, one.each.field, one.each.value), one)
    told_apart = 2 * WINDOW // LENGTH
    answered = holm([min(1.0, one.chance * told_apart) for one in least.values()], LEVEL)
    sure = [one for one, so in zip(least.values(), answered, strict=True) if so and _matters(one.each)]
    return told_once([(one.each, _customers(log, one, columns)) for one in sure])[:MOST_FOUND]


def _matters(each: Episode) -> bool:
    return (
        each.n <= each.other_n
        and unlike(each.share, each.other_share)
        and unlike(each.share, each.usual_share)
        and (each.difference < 0) == (each.share < each.usual_share)
    )


def _asked(log: Marked, met: Met, columns: dict[str, Column]) -> Iterator[_Asked]:
    telling = {}
    on = went_on(log, met.stage, met.rows)
    for field, (codes, labels) in columns.items():
        values = np.asarray(codes)[met.rows].astype(np.int32)
        if next(groups_of(values, labels, fewest=FEWEST, others=FEWEST_OTHERS), None):
            telling[field] = _keys(values, on), labels
    owner, time = log.owner[met.rows], log.time[met.rows]
    for begin in _beginnings(log) if telling else ():
        during = _during(time, begin)
        inside, outside = _first(owner, during), _first(owner, ~during)
        if len(inside) < FEWEST + FEWEST_OTHERS:
            continue
        for field, (keys, labels) in telling.items():
            during_it = _Tally.of(keys[inside], len(labels))
            groups = during_it.groups(labels)
            otherwise = _Tally.of(keys[outside], len(labels)) if groups else during_it
            for code in groups:
                now, then = during_it.counts(code), otherwise.counts(code)
                if then.n < FEWEST or then.other_n < FEWEST_OTHERS:
                    continue
                each = Episode(
                    stage=met.stage, name=met.name, field=field, value=labels[code], hits=now.hits, n=now.n,
                    other_hits=now.other_hits, other_n=now.other_n,
                    begin=begin, usual_hits=then.hits, usual_n=then.n,
                )  # fmt: skip
                yield _Asked(_chance(now, then), each, met)


def _customers(log: Marked, asked: _Asked, columns: dict[str, Column]) -> Int64s:
    """Whom an episode is about."""
    codes, labels = columns[asked.each.field]
    rows = asked.met.rows
    first = rows[_first(log.owner[rows], _during(log.time[rows], asked.each.begin))]
    customers: Int64s = log.owner[first[np.asarray(codes)[first] == labels.index(asked.each.value)]]
    return customers


def _during(time: Int64s, begin: int) -> Flags:
    return (time > begin) & (time <= begin + LENGTH * DAY)


def _first(owner: Int64s, among: Flags) -> Int64s:
    """The place of the first of these events of each customer; `owner` is sorted."""
    places = np.flatnonzero(among)
    whose = owner[places]
    begins = np.ones(len(places), np.bool_)
    begins[1:] = whose[1:] != whose[:-1]
    first: Int64s = places[begins]
    return first


def _beginnings(log: Marked) -> list[int]:
    """Counted from 1970, so that a period stays the same one while the log grows."""
    last = log.end - (TIME_TO_GO_ON + LENGTH) * DAY
    last -= last % (STEP * DAY)
    return [last - back * DAY for back in range(0, WINDOW - LENGTH, STEP)]


def _keys(values: npt.NDArray[np.int32], on: Flags) -> Int64s:
    """A value and whether somebody went on as one number, so that both are counted at once."""
    return (values.astype(np.int64) + 1) * 2 + on


@dataclass(frozen=True, slots=True)
class _Tally:
    """How many customers have each value, and how many of these went on; and of all with a known value."""

    n: Int64s
    hits: Int64s
    all_n: int
    all_hits: int

    @classmethod
    def of(cls, keys: Int64s, labels: int) -> Self:
        """From keys as `_keys` makes them of values with so many labels."""
        counted = np.bincount(keys, minlength=2 * (labels + 1)).reshape(-1, 2)[1:]
        n, hits = counted[:, 0] + counted[:, 1], counted[:, 1]
        return cls(n, hits, int(n.sum()), int(hits.sum()))

    def groups(self, labels: Sequence[str]) -> list[int]:
        """The values that enough have to compare them (see `groups_of`)."""
        if self.all_n < FEWEST + FEWEST_OTHERS or np.count_nonzero(self.n) > MOST_VALUES:
            return []
        enough = np.flatnonzero((self.n >= FEWEST) & (self.all_n - self.n >= FEWEST_OTHERS)).tolist()
        return [code for code in enough if as_number(labels[code]) is None]

    def counts(self, code: int) -> _Counts:
        n, hits = int(self.n[code]), int(self.hits[code])
        return _Counts(hits, n, self.all_hits - hits, self.all_n - n)


def _chance(now: _Counts, then: _Counts) -> float:
    """The larger of two: that the groups are alike now, and that they differ now as they always do."""
    return max(
        differ(now.hits, now.n, now.other_hits, now.other_n),
        differ_more(
            (now.hits, now.n),
            (now.other_hits, now.other_n),
            (then.hits, then.n),
            (then.other_hits, then.other_n),
        ),
    )
