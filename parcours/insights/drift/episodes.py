"""Customers who fared otherwise for a while: a code that one browser refused for two weeks."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from parcours.insights.drift.compared import Column, Columns, Compared, Flags, groups_of, told_once, unlike
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


def episodes(log: Marked, fields: Sequence[str], column: Columns) -> list[Episode]:
    """Fortnights in which customers with one value fared unlike the others and unlike themselves at other
    times, more than the others did: both tests must say so, and both differences be large. The largest first.

    Of each group only its least likely period is asked about, and its chance is multiplied by the number of
    periods that could be told apart, twice that of those which don't overlap; then Holm over all groups.
    """
    columns = {field: column(field) for field in fields}
    asked: list[tuple[Episode, float, Int64s]] = []
    for met in meetings(log):
        if log.seen[met.stage + 1 :].any():
            asked += _asked(log, met, columns)
    least: dict[tuple[int, str, str, str], tuple[Episode, float, Int64s]] = {}
    for one in sorted(asked, key=lambda one: one[1]):
        least.setdefault((one[0].stage, one[0].name, one[0].field, one[0].value), one)
    told_apart = 2 * WINDOW // LENGTH
    answered = holm([min(1.0, chance * told_apart) for _each, chance, _who in least.values()], LEVEL)
    sure = [(each, who) for (each, _chance, who), so in zip(least.values(), answered, strict=True) if so]
    return told_once([pair for pair in sure if _matters(pair[0])])[:MOST_FOUND]


def _matters(each: Episode) -> bool:
    return (
        each.n <= each.other_n
        and unlike(each.share, each.other_share)
        and unlike(each.share, each.usual_share)
        and (each.difference < 0) == (each.share < each.usual_share)
    )


def _asked(log: Marked, met: Met, columns: dict[str, Column]) -> Iterator[tuple[Episode, float, Int64s]]:
    telling = {}
    for field, (codes, labels) in columns.items():
        values = np.asarray(codes)[met.rows].astype(np.int32)
        if next(groups_of(values, labels, fewest=FEWEST, others=FEWEST_OTHERS), None):
            telling[field] = values, labels
    owner, time = log.owner[met.rows], log.time[met.rows]
    on = went_on(log, met.stage, met.rows)
    for begin in _beginnings(log):
        during = (time > begin) & (time <= begin + LENGTH * DAY)
        inside, outside = _first(owner, during), _first(owner, ~during)
        if len(inside) < FEWEST + FEWEST_OTHERS:
            continue
        for field, (values, labels) in telling.items():
            for value, having in groups_of(values[inside], labels, fewest=FEWEST, others=FEWEST_OTHERS):
                code = int(values[inside][having][0])
                now = _counts(values[inside], code, on[inside])
                then = _counts(values[outside], code, on[outside])
                if then.n < FEWEST or then.other_n < FEWEST_OTHERS:
                    continue
                each = Episode(
                    stage=met.stage, name=met.name, field=field, value=value, hits=now.hits, n=now.n,
                    other_hits=now.other_hits, other_n=now.other_n,
                    begin=begin, usual_hits=then.hits, usual_n=then.n,
                )  # fmt: skip
                yield each, _chance(now, then), owner[inside[having]]


def _first(owner: Int64s, among: Flags) -> Int64s:
    """The place of the first of these events of each customer."""
    places = np.flatnonzero(among)
    first: Int64s = places[np.unique(owner[places], return_index=True)[1]]
    return first


def _beginnings(log: Marked) -> list[int]:
    """Counted from 1970, so that a period stays the same one while the log grows."""
    last = log.end - (TIME_TO_GO_ON + LENGTH) * DAY
    last -= last % (STEP * DAY)
    return [last - back * DAY for back in range(0, WINDOW - LENGTH, STEP)]


def _counts(values: npt.NDArray[np.int32], code: int, on: Flags) -> _Counts:
    own, other = values == code, (values >= 0) & (values != code)
    return _Counts(int((on & own).sum()), int(own.sum()), int((on & other).sum()), int(other.sum()))


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
