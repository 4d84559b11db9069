"""Which customers did something so often, or were first or last seen when: asked of the lake's arrays.

The segments of the floor below ask through `core.registry`.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from parcours.accounts.models import Brand
from parcours.core.conditions import Condition, day_begins
from parcours.core.happened import Happened
from parcours.core.recent import Recent
from parcours.customers.reads import merges_not_in_lake
from parcours.events.lake import Lake

if TYPE_CHECKING:
    from parcours.events.lake import LakeIndex

Ids = npt.NDArray[np.int64]
MOST_KEPT = 64
_kept: Recent[object, Ids] = Recent(MOST_KEPT)


class Between(NamedTuple):
    """Microseconds since 1970, `start` included, `end` not."""

    start: int
    end: int


def customers_who(brand: Brand, asked: Happened | Condition) -> Ids:
    """The customers of whom it is true, sorted; see `core.registry.customers_who`.

    Kept for as long as the lake and the day stay the same.
    """
    index = Lake(brand.pk).index()
    moves = merges_not_in_lake(brand)
    between = _between(asked, brand.time_zone)
    key = (brand.pk, index.generation, asked, between, tuple(sorted(moves.items())))
    found = _kept.get(key)
    if found is None:
        found = _kept.keep(key, _found(index, asked, between, moves))
    return found


def _found(index: "LakeIndex", asked: Happened | Condition, between: Between, moves: dict[int, int]) -> Ids:
    owners, places = _owners(index, moves)
    if isinstance(asked, Happened):
        counts = np.bincount(places, weights=_counts(index, asked, between), minlength=len(owners))
        chosen = counts >= asked.times if asked.op == "at_least" else counts == asked.times
    else:
        seen = _seen(index, asked.field, len(owners), places)
        chosen = (seen >= between.start) & (seen < between.end)
    return owners[chosen]


def _owners(index: "LakeIndex", moves: dict[int, int]) -> tuple[Ids, Ids]:
    """Everybody with events, sorted, and for each customer of the index the place of who it is now."""
    customers = np.asarray(index.customers)
    if moves:
        losers = np.array(sorted(moves), np.int64)
        winners = np.array([moves[int(loser)] for loser in losers], np.int64)
        at = np.minimum(np.searchsorted(losers, customers), len(losers) - 1)
        customers = np.where(losers[at] == customers, winners[at], customers)
    owners, places = np.unique(customers, return_inverse=True)
    return owners, places.reshape(-1)


def _counts(index: "LakeIndex", asked: Happened, between: Between) -> Ids:
    """How many of the events in question each customer of the index has."""
    wanted = np.array([*(name in asked.events for name in index.names), False])
    positions = np.flatnonzero(_looked_up(wanted, index.name_codes))
    times = index.time[positions]
    positions = positions[(times >= between.start) & (times < between.end)]
    for condition in asked.where:
        codes, labels = index.column(condition.field)
        holds = np.array([*(condition.holds(label) for label in labels), condition.holds(None)])
        positions = positions[_looked_up(holds, np.asarray(codes)[positions])]
    whose = np.searchsorted(index.offsets, positions, side="right") - 1
    return np.bincount(whose, minlength=index.n_customers)


def _looked_up(table: npt.NDArray[np.bool_], codes: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
    """The table's entry for each code; its last one for the codes that mean no value."""
    codes = np.asarray(codes)
    last = len(table) - 1
    if codes.dtype.kind == "u":
        codes = np.minimum(codes, codes.dtype.type(min(last, np.iinfo(codes.dtype).max)))
    else:
        codes = np.where((codes < 0) | (codes > last), last, codes)
    found: npt.NDArray[np.bool_] = table[codes]
    return found


def _seen(index: "LakeIndex", field: str, owners: int, places: Ids) -> Ids:
    """When each owner was first or last seen."""
    bounds = np.asarray(index.offsets)
    if field == "first_seen":
        seen = np.full(owners, np.iinfo(np.int64).max)
        np.minimum.at(seen, places, index.time[bounds[:-1]])
    else:
        seen = np.full(owners, np.iinfo(np.int64).min)
        np.maximum.at(seen, places, index.time[bounds[1:] - 1])
    return seen


def _between(asked: Happened | Condition, time_zone: str) -> Between:
    if isinstance(asked, Happened):
        since, before = asked.since, asked.before
    else:
        day: Sequence[str] = asked.values
        since, before = ("", day[0]) if asked.op == "before" else (day[0], "")
    return Between(
        _microseconds(since, time_zone) if since else np.iinfo(np.int64).min,
        _microseconds(before, time_zone) if before else np.iinfo(np.int64).max,
    )


def _microseconds(day: str, time_zone: str) -> int:
    return int(day_begins(day, time_zone).timestamp()) * 1_000_000
