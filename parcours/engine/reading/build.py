"""From columns to a log: who, when and what, in order."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from parcours.engine.arrays import Int64s, Labelled, Mask
from parcours.engine.arrow import as_numpy, numbers, one_array, take
from parcours.engine.columns import Column
from parcours.engine.errors import UnknownColumnError
from parcours.engine.kernels.ordering import sort_events
from parcours.engine.log import EventLog
from parcours.engine.reading.coding import coded, distinct, factorised, named, runs_of
from parcours.engine.reading.ordered import in_order
from parcours.engine.reading.source import Names, Source
from parcours.engine.reading.times import utc_microseconds


@dataclass(frozen=True, slots=True)
class Layout:
    """How the rows of a source become the events of a log."""

    customers: Any
    offsets: Int64s
    rows: Int64s | None
    """The row of each event; None when they are the same."""


def build(source: Source, names: Names, timezone: str | None) -> EventLog:
    for name in names.all():
        if name not in source.names:
            raise UnknownColumnError(name, source.names)
    columns = [name for name in source.names if name not in names.all()]
    found = in_order(source, names, timezone)
    if found is not None:
        found.columns.update({name: _lazy(source, name, None) for name in columns})
        return found
    loaded = source.load(names.all())
    time = utc_microseconds(names.time, loaded[names.time], timezone)
    kept, skipped = _complete(loaded[names.customer], time, loaded[names.activity])
    ids, pieces = factorised(_filtered(loaded[names.customer], kept))
    moments = _numbers(_filtered(time, kept))
    layout = _layout(ids, pieces, moments)
    rows = _composed(kept, layout.rows)
    channel = None if names.channel is None else _coded(_filtered(loaded[names.channel], kept), layout.rows)
    return EventLog(
        customers=layout.customers,
        offsets=layout.offsets,
        time=moments if layout.rows is None else moments[layout.rows],
        activity=_coded(_filtered(loaded[names.activity], kept), layout.rows),
        channel=channel,
        columns={name: _lazy(source, name, rows) for name in columns},
        skipped=skipped,
    )


def _complete(customer: Any, time: Any, activity: Any) -> tuple[Mask | None, dict[str, int]]:
    """Which rows have all three (None: all of them), and how many lack which."""
    kept = None
    skipped: dict[str, int] = {}
    for name, values in (("customer", customer), ("time", time), ("activity", activity)):
        if not values.null_count:
            continue
        present = as_numpy(one_array(values).is_valid())
        lacking = ~present if kept is None else kept & ~present
        skipped[f"without {name}"] = int(np.count_nonzero(lacking))
        kept = present if kept is None else kept & present
    return kept, skipped


def _filtered(values: Any, kept: Mask | None) -> Any:
    return values if kept is None else values.filter(numbers(kept))


def _numbers(values: Any) -> Int64s:
    found: Int64s = as_numpy(one_array(values))
    return found


def _layout(ids: Any | None, pieces: list[Int64s], time: Int64s) -> Layout:
    """Customers in the order of their first row; a source that is in order already is left as it is."""
    starts = runs_of(pieces, time)
    if starts is not None:
        first_rows, numbers = starts
        if distinct(numbers):
            return Layout(named(ids, numbers), np.append(first_rows, len(time)), None)
    owners = np.concatenate(pieces)
    found, first_rows, positions = np.unique(owners, return_index=True, return_inverse=True)
    by_appearance = np.argsort(first_rows)
    rank = np.empty_like(by_appearance)
    rank[by_appearance] = np.arange(len(by_appearance))
    positions = rank[positions]
    offsets = np.zeros(len(found) + 1, dtype=np.int64)
    np.cumsum(np.bincount(positions, minlength=len(found)), out=offsets[1:])
    rows, spare = np.empty(len(owners), dtype=np.int64), np.empty(len(owners), dtype=np.int64)
    sort_events(positions, time, offsets, offsets[:-1].copy(), rows, spare)
    return Layout(named(ids, found[by_appearance]), offsets, rows)


def _coded(values: Any, rows: Int64s | None) -> Labelled:
    found = coded(values)
    return found if rows is None else Labelled(found.codes[rows], found.labels)


def _composed(kept: Mask | None, rows: Int64s | None) -> Int64s | None:
    if kept is None:
        return rows
    remaining = np.flatnonzero(kept)
    return remaining if rows is None else remaining[rows]


def _lazy(source: Source, name: str, rows: Int64s | None) -> Column:
    def load() -> Any:
        values = one_array(source.load([name])[name])
        return values if rows is None else take(values, rows)

    return Column(load)
