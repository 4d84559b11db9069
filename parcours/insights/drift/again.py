"""Customers who have to turn to the team again: a phone menu that leads nowhere."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from parcours.insights.drift.compared import Columns, Compared, groups_of, told_once, unlike
from parcours.insights.drift.groups import WINDOW, first_of_each, followed
from parcours.insights.drift.marked import DAY, Int64s, Marked
from parcours.insights.significance import differ, holm

CONTACTS = ("Conversation Started", "Call Started", "Call Menu Chosen", "Call Ended", "Callback Requested")
"""A call is asked about at its beginning and at its end, for one knows the menu and the other the outcome."""
SOON = 7
"""Days, as repeat contacts are counted."""
LEVEL = 0.01
MOST_FOUND = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Again(Compared):
    """`hits` are those with an event of the same name again within a week. `stage` is where most of the group
    are when it happens.
    """

    days: int = WINDOW


def again(log: Marked, fields: Sequence[str], column: Columns) -> list[Again]:
    """Who has to call or write again far more often than the others, whatever stage they are in. Tested as
    groups are; the farthest first.
    """
    asked = list(_asked(log, fields, column))
    chances = [differ(each.hits, each.n, each.other_hits, each.other_n) for each, _who in asked]
    sure = [pair for pair, so in zip(asked, holm(chances, LEVEL), strict=True) if so and _matters(pair[0])]
    return told_once(sure)[:MOST_FOUND]


def _matters(each: Again) -> bool:
    """Told of the smaller part; the others are what is usual."""
    return each.n <= each.other_n and each.difference > 0 and unlike(each.share, each.other_share)


def _asked(log: Marked, fields: Sequence[str], column: Columns) -> Iterator[tuple[Again, Int64s]]:
    columns = {field: column(field) for field in fields}
    within = (log.time > log.end - (SOON + WINDOW) * DAY) & (log.time <= log.end - SOON * DAY)
    for name in CONTACTS:
        if name not in log.names:
            continue
        named = log.name == log.names.index(name)
        first = first_of_each(log, np.flatnonzero(within & named))
        back = followed(log, named, first, SOON)
        for field, (codes, labels) in columns.items():
            values = np.asarray(codes)[first].astype(np.int32)
            n_known, hits = int((values >= 0).sum()), int((back & (values >= 0)).sum())
            for value, having in groups_of(values, labels):
                stages = log.stage[first[having]]
                if not (stages >= 0).any():
                    continue
                n, own = int(having.sum()), int((back & having).sum())
                each = Again(
                    stage=int(np.bincount(stages[stages >= 0]).argmax()), name=name, field=field, value=value,
                    hits=own, n=n, other_hits=hits - own, other_n=n_known - n,
                )  # fmt: skip
                yield each, log.owner[first[having]]
