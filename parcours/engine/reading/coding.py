"""Who and what, as numbers: customers and the runs of their rows, labels and their codes."""

from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from parcours.engine import threads
from parcours.engine.arrays import Int64s, Labelled, code_type
from parcours.engine.arrow import arrow, as_numpy, as_type, numbers, one_array, take
from parcours.engine.kernels.ordering import find_runs
from parcours.engine.kernels.recoding import mark_used, recode_narrow, recode_wide

# Rows that are looked through at a time.
PIECE = 1 << 20
GLANCE = 10_000


def factorised(values: Any) -> tuple[Any | None, list[Int64s]]:
    """The ids by number (None: the number is the id), and a number for each row, in pieces."""
    pa = arrow()
    if pa.types.is_integer(values.type) and values.type != pa.uint64():
        chunks = _chunks(as_type(values, pa.int64()))
        return None, [piece for chunk in chunks for piece in _pieces(as_numpy(chunk))]
    encoded = one_array(values if pa.types.is_dictionary(values.type) else values.dictionary_encode())
    return encoded.dictionary, _pieces(as_numpy(as_type(encoded.indices, pa.int64())))


def _pieces(numbers: Int64s) -> list[Int64s]:
    return [numbers[first : first + PIECE] for first in range(0, len(numbers), PIECE)]


def runs_of(pieces: list[Int64s], time: Int64s) -> tuple[Int64s, Int64s] | None:
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


def distinct(owners: Int64s) -> bool:
    if np.all(owners[1:] > owners[:-1]):
        return True
    # Rows in the order of time nearly always show among the first that customers come again.
    return all(len(np.unique(some)) == len(some) for some in (owners[:GLANCE], owners))


def named(ids: Any | None, owners: Int64s) -> Any:
    return numbers(owners) if ids is None else take(ids, owners)


def coded(values: Any) -> Labelled:
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
    return Labelled(codes, tuple(known))


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
