"""From columns to a log: who, when and what, in order."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from parcours.engine import threads
from parcours.engine.arrays import Int64s, Labelled, Mask, code_type
from parcours.engine.arrow import arrow, as_numpy, as_type, numbers, one_array, take
from parcours.engine.columns import Column
from parcours.engine.errors import UnknownColumnError
from parcours.engine.kernels.ordering import find_runs, sort_events
from parcours.engine.kernels.recoding import mark_used, recode_narrow, recode_wide
from parcours.engine.log import EventLog
from parcours.engine.reading.source import Source
from parcours.engine.reading.times import utc_microseconds

# Rows that are looked through at a time.
PIECE = 1 << 20


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
    ids, pieces = _factorised(_filtered(loaded[names.customer], kept))
    moments = _numbers(_filtered(time, kept))
    layout = _layout(ids, pieces, moments)
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


def _factorised(values: Any) -> tuple[Any | None, list[Int64s]]:
    """The ids by number (None: the number is the id), and a number for each row, in pieces."""
    pa = arrow()
    if pa.types.is_integer(values.type) and values.type != pa.uint64():
        chunks = _chunks(as_type(values, pa.int64()))
        return None, [piece for chunk in chunks for piece in _pieces(as_numpy(chunk))]
    coded = one_array(values if pa.types.is_dictionary(values.type) else values.dictionary_encode())
    return coded.dictionary, _pieces(_numbers(as_type(coded.indices, pa.int64())))


def _pieces(numbers: Int64s) -> list[Int64s]:
    return [numbers[first : first + PIECE] for first in range(0, len(numbers), PIECE)]


def _layout(ids: Any | None, pieces: list[Int64s], time: Int64s) -> Layout:
    """Customers in the order of their first row; a source that is in order already is left as it is."""
    starts = _runs(pieces, time)
    if starts is not None:
        first_rows, numbers = starts
        if _distinct(numbers):
            return Layout(_named(ids, numbers), np.append(first_rows, len(time)), None)
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
    return Layout(_named(ids, found[by_appearance]), offsets, rows)


def _runs(pieces: list[Int64s], time: Int64s) -> tuple[Int64s, Int64s] | None:
    """The row at which each run of equal owners begins, and its owner; None if time falls within one."""
    ends = np.cumsum([0, *map(len, pieces)]).tolist()

    def of_piece(piece: Int64s, first: int, last: int) -> tuple[int, Int64s]:
        starts = np.empty(len(piece), dtype=np.int64)
        return int(find_runs(piece, time[first:last], starts)), starts

    jobs = [(piece, first, last) for piece, (first, last) in zip(pieces, pairwise(ends), strict=True)]
    rows, owners = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
    for place, (runs, starts) in enumerate(threads.run(of_piece, jobs) if jobs else []):
        if runs < 0:
            return None
        first, piece = ends[place], pieces[place]
        goes_on = place > 0 and piece[0] == pieces[place - 1][-1]
        if goes_on and time[first] < time[first - 1]:
            return None
        kept = starts[int(goes_on) : runs]
        rows.append(kept + first)
        owners.append(piece[kept])
    return np.concatenate(rows), np.concatenate(owners)


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
    chunks = [_Coded(chunk) for chunk in _dictionaries(values)]
    used = threads.run(_Coded.used_labels, [(chunk,) for chunk in chunks]) if chunks else []
    known = sorted(set().union(*used))
    kind = code_type(len(known))
    place = {label: code for code, label in enumerate(known)}
    found = np.empty(sum(len(chunk.indices) for chunk in chunks), dtype=kind)
    ends = np.cumsum([0, *(len(chunk.indices) for chunk in chunks)]).tolist()
    jobs = [
        (chunk, place, found[first:last]) for chunk, (first, last) in zip(chunks, pairwise(ends), strict=True)
    ]
    if jobs:
        threads.run(_Coded.recode, jobs)
    codes: Any = found
    return Labelled(codes if rows is None else codes[rows], tuple(known))


def _dictionaries(values: Any) -> list[Any]:
    pa = arrow()
    if not pa.types.is_dictionary(values.type):
        values = values.dictionary_encode()
    return _chunks(values)


def _chunks(values: Any) -> list[Any]:
    chunks = values.chunks if isinstance(values, arrow().ChunkedArray) else [values]
    return [chunk for chunk in chunks if len(chunk)]


class _Coded:
    """One chunk of a dictionary column: `indices` into `labels`, of which the last is no value."""

    def __init__(self, chunk: Any) -> None:
        texts = chunk.dictionary.to_pylist()
        self.labels = [*(None if text is None else str(text) for text in texts), None]
        indices = as_type(chunk.indices, arrow().int32())
        self.indices = as_numpy(indices.fill_null(len(texts)) if indices.null_count else indices)

    def used_labels(self) -> set[str]:
        """A dictionary may have entries that no row uses."""
        used = np.zeros(len(self.labels), dtype=np.uint8)
        mark_used(self.indices, used)
        return {
            label
            for label, there in zip(self.labels, used.tolist(), strict=True)
            if there and label is not None
        }

    def recode(self, place: dict[str, int], found: npt.NDArray[Any]) -> None:
        none = int(np.iinfo(found.dtype).max)
        codes = [none if label is None else place.get(label, none) for label in self.labels]
        into = recode_narrow if found.dtype == np.uint8 else recode_wide
        into(self.indices, np.array(codes, dtype=found.dtype), found)


def _lazy(source: Source, name: str, rows: Int64s | None) -> Column:
    def load() -> Any:
        values = one_array(source.load([name])[name])
        return values if rows is None else take(values, rows)

    return Column(load)
