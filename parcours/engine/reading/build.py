"""From columns to a log: who, when and what, in order."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from parcours.engine.arrays import Int64s, Labelled, Mask, code_type
from parcours.engine.arrow import arrow, as_numpy, numbers, one_array, take
from parcours.engine.columns import Column
from parcours.engine.errors import UnknownColumnError
from parcours.engine.kernels.ordering import find_runs, sort_events
from parcours.engine.log import EventLog
from parcours.engine.reading.source import Source
from parcours.engine.reading.times import utc_microseconds


@dataclass(frozen=True, slots=True)
class Names:
    """What the columns are called; a channel need not be."""

    customer: str
    time: str
    activity: str
    channel: str | None

    def all(self) -> list[str]:
        named = [self.customer, self.time, self.activity, self.channel]
        return list(dict.fromkeys(name for name in named if name is not None))


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
    loaded = source.load(names.all())
    time = utc_microseconds(names.time, loaded[names.time], timezone)
    kept, skipped = _complete(loaded[names.customer], time, loaded[names.activity])
    ids, owners = _factorised(_filtered(loaded[names.customer], kept))
    moments = _numbers(_filtered(time, kept))
    layout = _layout(ids, owners, moments)
    rows = _composed(kept, layout.rows)
    activity = _coded(_filtered(loaded[names.activity], kept), layout.rows)
    channel = None if names.channel is None else _coded(_filtered(loaded[names.channel], kept), layout.rows)
    return EventLog(
        customers=layout.customers,
        offsets=layout.offsets,
        time=moments if layout.rows is None else moments[layout.rows],
        activity=activity,
        channel=channel,
        columns={name: _lazy(source, name, rows) for name in source.names if name not in names.all()},
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


def _factorised(values: Any) -> tuple[Any | None, Int64s]:
    """The ids by number (None: the number is the id), and a number for each row."""
    types = arrow().types
    if types.is_integer(values.type) and values.type != arrow().uint64():
        return None, _numbers(values.cast(arrow().int64()))
    coded = one_array(values if types.is_dictionary(values.type) else values.dictionary_encode())
    return coded.dictionary, _numbers(coded.indices.cast(arrow().int64()))


def _layout(ids: Any | None, owners: Int64s, time: Int64s) -> Layout:
    """Customers in the order of their first row; a source that is in order already is left as it is."""
    starts = np.empty(len(owners), dtype=np.int64)
    runs = int(find_runs(owners, time, starts))
    if runs >= 0:
        in_order = owners[starts[:runs]]
        if _distinct(in_order):
            return Layout(_named(ids, in_order), np.append(starts[:runs], len(owners)), None)
    found, first_rows, positions = np.unique(owners, return_index=True, return_inverse=True)
    by_appearance = np.argsort(first_rows)
    rank = np.empty_like(by_appearance)
    rank[by_appearance] = np.arange(len(by_appearance))
    positions = rank[positions]
    offsets = np.zeros(len(found) + 1, dtype=np.int64)
    np.cumsum(np.bincount(positions, minlength=len(found)), out=offsets[1:])
    rows, spare = np.empty(len(owners), dtype=np.int64), np.empty(len(owners), dtype=np.int64)
    sort_events(positions, time, offsets, offsets[:-1].copy(), rows, spare)
    return Layout(_named(ids, found[by_appearance]), offsets, rows)


def _distinct(owners: Int64s) -> bool:
    return bool(np.all(owners[1:] > owners[:-1])) or len(np.unique(owners)) == len(owners)


def _named(ids: Any | None, owners: Int64s) -> Any:
    return numbers(owners) if ids is None else take(ids, owners)


def _composed(kept: Mask | None, rows: Int64s | None) -> Int64s | None:
    if kept is None:
        return rows
    remaining = np.flatnonzero(kept)
    return remaining if rows is None else remaining[rows]


def _coded(values: Any, rows: Int64s | None) -> Labelled:
    """Codes in the alphabetical order of their labels; no value is “none”."""
    pa, types = arrow(), arrow().types
    encoded = types.is_dictionary(values.type)
    coded = one_array(values if encoded else values.dictionary_encode())
    labels = [None if label is None else str(label) for label in coded.dictionary.to_pylist()]
    # A dictionary that was there before may have entries that no row uses.
    used = set(coded.indices.unique().to_pylist()) if encoded else range(len(labels))
    known = sorted({label for index, label in enumerate(labels) if label is not None and index in used})
    kind = code_type(len(known))
    none = np.iinfo(kind).max
    place = {label: code for code, label in enumerate(known)}
    by_index = [*(none if label is None else place.get(label, none) for label in labels), none]
    codes_by_index = np.array(by_index, dtype=kind)
    indices = coded.indices
    if indices.null_count:
        indices = indices.cast(pa.int64()).fill_null(len(labels))
    found: npt.NDArray[Any] = codes_by_index[as_numpy(indices)]
    return Labelled(found if rows is None else found[rows], tuple(known))


def _lazy(source: Source, name: str, rows: Int64s | None) -> Column:
    def load() -> Any:
        values = one_array(source.load([name])[name])
        return values if rows is None else take(values, rows)

    return Column(load)
