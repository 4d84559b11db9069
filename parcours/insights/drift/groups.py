"""Customers who fare otherwise than the others of their stage: by region, device, channel, group…

It says that they differ, not why: who asks on Instagram may be another sort of customer. People decide.
"""

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
from parcours.insights.drift.marked import DAY, Int64s, Marked
from parcours.insights.significance import differ, holm

WINDOW = 168
"""Days; 24 weeks, for one region or one browser is a small part of all customers."""
TIME_TO_GO_ON = 14
LEVEL = 0.01
MOST_FOUND = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Apart(Compared):
    """`hits` are those who came to a later stage within two weeks."""

    days: int = WINDOW


@dataclass(frozen=True, slots=True)
class Met:
    """Customers' first event of one name in one stage, and all events of it."""

    stage: int
    name: str
    first: Int64s
    rows: Int64s


def apart(log: Marked, fields: Sequence[str], column: Columns) -> list[Apart]:
    """Differences that are surely no chance (two-proportion test, Holm over all questions) and large: ten
    points at least, and one share less than two thirds of the other. The largest first.
    """
    columns = {field: column(field) for field in fields}
    asked: list[tuple[Apart, Int64s]] = []
    for met in meetings(log):
        if not log.seen[met.stage + 1 :].any():
            continue
        on = went_on(log, met.stage, met.first)
        for field, values in columns.items():
            asked += _compared(log, met, on, field, values)
    chances = [differ(each.hits, each.n, each.other_hits, each.other_n) for each, _who in asked]
    sure = [pair for pair, so in zip(asked, holm(chances, LEVEL), strict=True) if so and _matters(pair[0])]
    return told_once(sure)[:MOST_FOUND]


def _matters(each: Apart) -> bool:
    """Told of the smaller part; the others are what is usual."""
    return each.n <= each.other_n and unlike(each.share, each.other_share)


def meetings(log: Marked, *, after: int = TIME_TO_GO_ON) -> Iterator[Met]:
    """Each stage that events can show, by the names of its events, over 24 weeks of which everybody has had
    so many days since.
    """
    until, since = log.end - after * DAY, log.end - (after + WINDOW) * DAY
    within = (log.time > since) & (log.time <= until) & (log.name >= 0)
    for stage in np.flatnonzero(log.seen).tolist():
        here = np.flatnonzero(within & (log.stage == stage))
        for name in np.unique(log.name[here]).tolist():
            rows = here[log.name[here] == name]
            first = first_of_each(log, rows)
            if len(first) >= FEWEST + FEWEST_OTHERS:
                yield Met(stage, log.names[name], first, rows)


def first_of_each(log: Marked, rows: Int64s) -> Int64s:
    """The first of these events of each customer."""
    _owners, places = np.unique(log.owner[rows], return_index=True)
    return rows[places]


def went_on(log: Marked, stage: int, rows: Int64s) -> Flags:
    """Whose customers came to a later stage within two weeks after the event."""
    return followed(log, log.stage > stage, rows, TIME_TO_GO_ON)


def followed(log: Marked, by: Flags, rows: Int64s, days: int) -> Flags:
    """Which events were followed by such an event of the same customer within so many days."""
    wanted = np.append(np.flatnonzero(by), len(log))
    following = wanted[np.searchsorted(wanted, rows, side="right")]
    there = np.minimum(following, len(log) - 1)
    same = (following < len(log)) & (log.owner[there] == log.owner[rows])
    soon: Flags = same & (log.time[there] - log.time[rows] <= days * DAY)
    return soon


def _compared(log: Marked, met: Met, on: Flags, field: str, column: Column) -> list[tuple[Apart, Int64s]]:
    """Each value that enough customers have, against all other values of the same field."""
    codes, labels = column
    values = np.asarray(codes)[met.first].astype(np.int32)
    n_known, hits = int((values >= 0).sum()), int((on & (values >= 0)).sum())
    found = []
    for value, having in groups_of(values, labels):
        n, own = int(having.sum()), int((on & having).sum())
        each = Apart(
            stage=met.stage, name=met.name, field=field, value=value,
            hits=own, n=n, other_hits=hits - own, other_n=n_known - n,
        )  # fmt: skip
        found.append((each, log.owner[met.first[having]]))
    return found
