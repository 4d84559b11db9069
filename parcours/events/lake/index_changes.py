"""What a lake's index has to change to be that of a later generation."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from parcours.events.arrow import Table, pa, pq
from parcours.events.lake.bucket_rows import bucket_table
from parcours.events.lake.event_files import rows_of, stored_schema
from parcours.events.lake.layout import LABELLED, as_int64
from parcours.events.lake.manifest import Manifest, StoredFile

Int64s = npt.NDArray[np.int64]
_MOST_TABLE = 200_000_000  # bytes
NOWHERE: Int64s = np.empty(0, np.int64)


@dataclass(frozen=True, slots=True)
class Earlier:
    """A bucket in the earlier index: where its rows and customers stand."""

    altered: int
    files: frozenset[str]
    rows: tuple[int, int]
    customers: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Change:
    """A bucket of the later index: its rows and customers in the earlier one, with the rows of `new` put
    before the positions `at`.

    A bucket that `is_altered` also lost rows, or customers: see `arrangement`.
    """

    bucket: int
    files: tuple[str, ...]
    altered: int
    rows: tuple[int, int] = (0, 0)
    customers: tuple[int, int] = (0, 0)
    at: Int64s = field(default_factory=lambda: NOWHERE)
    new: Table | None = None
    is_altered: bool = False
    earlier_files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Arrangement:
    """The rows of an altered bucket: where each stood among those of the earlier one (-1: nowhere), and whose
    it is; and those that weren't there, whole.
    """

    taken: Int64s
    owners: Int64s
    new: Table


def arrangement(lake: Path, change: Change) -> Arrangement:
    """Rows are known by their arrival numbers; both generations' files are read for them."""
    now = bucket_table(lake, change.files, ("seq",))
    owners, arrived = as_int64(now["customer"]), as_int64(now["seq"])
    taken = np.full(len(arrived), -1, np.int64)
    if change.earlier_files:
        taken = _places(as_int64(bucket_table(lake, change.earlier_files, ("seq",))["seq"]), arrived)
    missing = taken < 0
    if missing.all():
        new = bucket_table(lake, change.files, (*LABELLED, "seq", "properties"))
    else:
        new = _rows_arrived(lake, change.files, np.unique(owners[missing]), arrived[missing])
    return Arrangement(taken, owners, new)


def _places(before: Int64s, now: Int64s) -> Int64s:
    """Where each number of `now` stands in `before`, which holds none twice; -1: nowhere."""
    stays, old = _among(now, before), _among(before, now)
    taken = np.full(len(now), -1, np.int64)
    if np.array_equal(now[stays], before[old]):  # nobody's events moved within the bucket
        taken[stays] = np.flatnonzero(old)
        return taken
    by_number, wanted = np.argsort(before), np.argsort(now)
    place = by_number[np.minimum(np.searchsorted(before[by_number], now[wanted]), len(before) - 1)]
    taken[wanted] = np.where(before[place] == now[wanted], place, -1)
    return taken


def _among(numbers: Int64s, known: Int64s) -> npt.NDArray[np.bool_]:
    """As np.isin, which looks numbers up in a table only where their range is small."""
    most = int(max(numbers.max(initial=0), known.max(initial=0)))
    if most > _MOST_TABLE:
        return np.isin(numbers, known)
    table = np.zeros(most + 1, np.bool_)
    table[known] = True
    return table[numbers]


def _rows_arrived(lake: Path, paths: Sequence[str], customers: Int64s, numbers: Int64s) -> Table:
    """The rows with these arrival numbers, which are these customers', in order."""
    found = [table for path in paths for table in rows_of(lake, path, customers)] if len(customers) else []
    table = pa.concat_tables(found) if found else stored_schema().empty_table()
    return in_order(table.filter(pa.array(np.isin(as_int64(table["seq"]), numbers))))


def earlier_buckets(meta: dict[str, Any]) -> dict[int, Earlier]:
    rows = pairwise(accumulate((entry["rows"] for entry in meta["buckets"]), initial=0))
    customers = pairwise(accumulate((entry["customers"] for entry in meta["buckets"]), initial=0))
    return {
        entry["bucket"]: Earlier(entry["altered"], frozenset(files), of_rows, of_customers)
        for entry, files, of_rows, of_customers in zip(
            meta["buckets"], meta["files"], rows, customers, strict=True
        )
    }


@dataclass(frozen=True, slots=True)
class Before:
    """What is needed of the earlier index; the arrays are mapped."""

    meta: dict[str, Any]
    customers: Int64s
    offsets: Int64s
    time: Int64s

    def changes(self, lake: Path, current: Manifest) -> "Iterator[Change]":
        """The buckets of the later index in their order."""
        known = earlier_buckets(self.meta)
        for bucket, files in sorted(current.files.items()):
            yield self._change(lake, bucket, files, known.get(bucket))

    def _change(self, lake: Path, bucket: int, files: Sequence[StoredFile], was: Earlier | None) -> Change:
        paths, altered = tuple(file.path for file in files), files[0].altered
        if was is not None and was.altered == altered:
            if was.files == set(paths):
                return Change(bucket, paths, altered, was.rows, was.customers)
            unseen = [path for path in paths if path not in was.files]
            new = _arrived(lake, unseen, self.meta["next_seq"])
            if was.rows[1] - was.rows[0] + new.num_rows == sum(file.rows for file in files):
                at = self._places(new, was)
                return Change(bucket, paths, altered, was.rows, was.customers, at, new)
            return Change(bucket, paths, altered, is_altered=True)
        if was is None:
            return Change(bucket, paths, altered, is_altered=True)
        earlier = tuple(sorted(was.files))
        return Change(bucket, paths, altered, was.rows, is_altered=True, earlier_files=earlier)

    def _places(self, new: Table, was: Earlier) -> Int64s:
        """Before which row of the earlier index each new one comes: behind all that are not later, for what
        arrived later stands behind.
        """
        first, last = was.customers
        known = self.customers[first:last]
        owners, times = as_int64(new["customer"]), as_int64(new["time"])
        place = np.searchsorted(known, owners)
        begins = self.offsets[first + place]
        ends = self.offsets[first + np.minimum(place + 1, last - first)]
        there = (place < last - first) & (known[np.minimum(place, last - first - 1)] == owners)
        at = begins.copy()
        for row in np.flatnonzero(there):
            own = self.time[begins[row] : ends[row]]
            at[row] += np.searchsorted(own, times[row], side="right")
        return at


def _arrived(lake: Path, paths: Sequence[str], since: int) -> Table:
    """The rows of these files that arrived at or after a number, in order."""
    columns = ["customer", "time", "seq", *LABELLED, "properties"]
    tables = []
    for path in paths:
        with pq.ParquetFile(lake / path, read_dictionary=list(LABELLED)) as file:
            for group in range(file.num_row_groups):
                if file.metadata.row_group(group).column(2).statistics.max >= since:
                    table = file.read_row_group(group, columns=columns)
                    tables.append(table.filter(pa.array(as_int64(table["seq"]) >= since)))
    if not tables:
        return pa.table({name: pa.array([], pa.int64()) for name in columns})
    return in_order(pa.concat_tables(tables))


def in_order(table: Table) -> Table:
    """By customer, time and arrival."""
    order = np.lexsort([as_int64(table[name]) for name in ("seq", "time", "customer")])
    return table.take(pa.array(order))
