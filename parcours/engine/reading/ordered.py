"""A log from rows that lie in order already, piece by piece.

No column but those of the log is ever whole in memory: to fill memory for the others takes as long as to read
them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, partial
from itertools import pairwise
from threading import Event
from typing import Any

import numpy as np

from parcours.engine import threads
from parcours.engine.arrays import Int64s, Labelled, code_type, no_code
from parcours.engine.arrow import arrow, as_numpy, one_array
from parcours.engine.log import EventLog
from parcours.engine.reading.coding import coded, distinct, factorised, named, runs_of
from parcours.engine.reading.source import Names, Piece, Source
from parcours.engine.reading.times import utc_microseconds


@dataclass(frozen=True, slots=True)
class _Part:
    """What a piece holds."""

    starts: Int64s
    """The rows of the piece at which its runs of equal customers begin."""
    customers: Any
    """The customer of each run: an arrow array."""
    activity: Labelled


def in_order(source: Source, names: Names, timezone: str | None) -> EventLog | None:
    """The log; None where rows must be seen as a whole, to leave some out or to put them in order."""
    pieces = [piece for piece in source.pieces() if piece.rows]
    if not pieces:
        return None
    moments = np.empty(sum(piece.rows for piece in pieces), dtype=np.int64)
    ends = _ends([piece.rows for piece in pieces])
    out_of_order = Event()

    def part(piece: Piece, first: int, last: int) -> _Part | None:
        if out_of_order.is_set():
            return None
        loaded = piece.load(list(dict.fromkeys((names.customer, names.time, names.activity))))
        found = None
        if _is_complete(loaded, names.time):
            time = utc_microseconds(names.time, loaded[names.time], timezone)
            moments[first:last] = as_numpy(one_array(time))
            found = _part(loaded[names.customer], moments[first:last], loaded[names.activity])
        if found is None:
            out_of_order.set()
        return found

    jobs = [(piece, first, last) for piece, (first, last) in zip(pieces, pairwise(ends), strict=True)]
    parts = [part for part in threads.run(part, jobs) if part is not None]
    if out_of_order.is_set():
        return None
    customers = _customers(parts, ends, moments)
    if customers is None:
        return None
    return EventLog(
        customers=customers[0],
        offsets=customers[1],
        time=moments,
        activity=_joined([part.activity for part in parts]),
        channel=None if names.channel is None else cache(partial(_channel, pieces, names.channel)),
    )


def _ends(sizes: Sequence[int]) -> list[int]:
    return [0, *np.cumsum(sizes).tolist()]


def _is_complete(loaded: dict[str, Any], time: str) -> bool:
    types = arrow().types
    is_moment = types.is_timestamp(loaded[time].type) or types.is_date(loaded[time].type)
    return is_moment and not any(values.null_count for values in loaded.values())


def _part(customer: Any, time: Int64s, activity: Any) -> _Part | None:
    ids, pieces = factorised(customer)
    runs = runs_of(pieces, time)
    if runs is None or not distinct(runs[1]):
        return None
    return _Part(runs[0], named(ids, runs[1]), coded(activity))


def _customers(parts: list[_Part], ends: list[int], time: Int64s) -> tuple[Any, Int64s] | None:
    """The customers and where the events of each begin; None if one comes twice, or time falls within one."""
    starts, ids = [parts[0].starts], [parts[0].customers]
    for (before, part), first in zip(pairwise(parts), ends[1:-1], strict=True):
        goes_on = int(before.customers[-1] == part.customers[0])
        if goes_on and time[first] < time[first - 1]:
            return None
        starts.append(part.starts[goes_on:] + first)
        ids.append(part.customers[goes_on:])
    customers = arrow().concat_arrays(ids)
    if not distinct(np.concatenate(factorised(customers)[1])):
        return None
    return customers, np.append(np.concatenate(starts), len(time))


def _joined(parts: list[Labelled]) -> Labelled:
    """Codes of pieces into the labels of each as codes into those of all, which are sorted."""
    labels = tuple(sorted(set().union(*(part.labels for part in parts))))
    codes: Any = np.empty(sum(len(part.codes) for part in parts), dtype=code_type(len(labels)))
    ends = _ends([len(part.codes) for part in parts])
    place = {label: code for code, label in enumerate(labels)}

    def move(part: Labelled, first: int, last: int) -> None:
        if part.labels == labels:
            codes[first:last] = part.codes
            return
        recoded = np.full(part.none + 1, no_code(codes), dtype=codes.dtype)
        recoded[: len(part.labels)] = [place[label] for label in part.labels]
        codes[first:last] = recoded[part.codes]

    threads.run(move, [(part, *ends) for part, ends in zip(parts, pairwise(ends), strict=True)])
    return Labelled(codes, labels)


def _channel(pieces: list[Piece], name: str) -> Labelled:
    return _joined(threads.run(lambda piece: coded(piece.load([name])[name]), [(piece,) for piece in pieces]))
