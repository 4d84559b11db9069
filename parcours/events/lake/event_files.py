"""Files of a bucket: writing them, and copying them without some of their events."""

import os
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from parcours.events.lake.known import Prefixes, note_known, prefixes
from parcours.events.lake.layout import ROW_GROUP, as_int64, event_schema, new_file_name

if TYPE_CHECKING:
    from collections.abc import Callable

    from parcours.events.arrow import RecordBatch, Schema, Table

    Keep = Callable[[Table], Any]
    """Which rows of a table stay: an array of booleans."""


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file that was written and is not in effect yet. Times are in microseconds since 1970."""

    bucket: int
    path: str
    rows: int
    bytes: int
    first_time: int
    last_time: int


class EventFileWriter:
    """A file that takes a bucket's rows in their order; nothing is left of it without rows."""

    def __init__(self, folder: Path, bucket: int) -> None:
        from parcours.events.arrow import pq

        self._bucket = bucket
        self._name = new_file_name(bucket)
        self._folder, self._path = folder, folder / self._name
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._prefixes: list[Prefixes] = []
        self._rows, self._first, self._last = 0, 2**62, -(2**62)
        self._writer = pq.ParquetWriter(
            self._path,
            event_schema(),
            compression="zstd",
            use_dictionary=["name", "channel", "source", "received", "properties"],
            sorting_columns=[pq.SortingColumn(position) for position in range(3)],
        )

    def add(self, batch: "RecordBatch | Table") -> None:
        table = as_events(batch)
        if not table.num_rows:
            return
        self._writer.write_table(table, row_group_size=ROW_GROUP)
        self._prefixes.append(prefixes(table["event_id"]).copy())
        times = as_int64(table["time"])
        self._rows += table.num_rows
        self._first, self._last = min(self._first, int(times.min())), max(self._last, int(times.max()))

    def close(self) -> tuple[NewFile, ...]:
        self._writer.close()
        if not self._rows:
            self._path.unlink()
            return ()
        flush_to_disk(self._path)
        note_known(self._folder, self._name, np.concatenate(self._prefixes))
        size = self._path.stat().st_size
        return (NewFile(self._bucket, self._name, self._rows, size, self._first, self._last),)


def without(folder: Path, path: str, bucket: int, keep: "Keep") -> tuple[int, tuple[NewFile, ...]]:
    """How many rows of a file don't stay, and the file without them: none when nothing changes or stays."""
    from parcours.events.arrow import pa, pc

    writer, gone = EventFileWriter(folder, bucket), 0
    with opened(folder / path) as file:
        for group in range(file.num_row_groups):
            table = file.read_row_group(group)
            stays = pa.array(keep(table))
            gone += table.num_rows - int(pc.sum(stays).as_py() or 0)
            writer.add(table.filter(stays))
    files = writer.close()
    return gone, files


def rows_of(folder: Path, path: str, customers: Any) -> "Iterator[Table]":
    """The rows of these customers (an array), as text rather than dictionaries; reads the row groups that
    hold some.
    """
    from parcours.events.arrow import pa

    with opened(folder / path) as file:
        for group in range(file.num_row_groups):
            owners = as_int64(file.read_row_group(group, columns=["customer"])["customer"])
            theirs = np.isin(owners, customers)
            if theirs.any():
                yield as_stored(file.read_row_group(group).filter(pa.array(theirs)))


def holds_any(folder: Path, path: str, customers: Collection[int]) -> bool:
    """Whether a file has events of any of these customers; reads but the one column."""
    from parcours.events.arrow import pa

    wanted = np.fromiter(customers, np.int64, len(customers))
    with opened(folder / path) as file:
        for batch in file.iter_batches(ROW_GROUP, columns=["customer"]):
            if np.isin(as_int64(pa.chunked_array([batch.column(0)])), wanted).any():
                return True
    return False


@contextmanager
def opened(path: Path) -> "Iterator[Any]":
    from parcours.events.arrow import pq

    with pq.ParquetFile(path) as file:
        yield file


def stored_schema() -> "Schema":
    """The columns of stored rows with plain text in place of dictionaries."""
    from parcours.events.arrow import pa

    fields = [
        pa.field(field.name, pa.string() if pa.types.is_dictionary(field.type) else field.type)
        for field in event_schema()
    ]
    return pa.schema(fields)


def as_stored(rows: "Table") -> "Table":
    """Rows of a file in `stored_schema`."""
    from parcours.events.arrow import pa

    columns = [column_of(rows, field.name, field.type).cast(field.type) for field in stored_schema()]
    return pa.Table.from_arrays(columns, schema=stored_schema())


def as_events(batch: "RecordBatch | Table") -> "Table":
    """Rows with the types of the lake. Dictionaries are made anew: they hold what these rows say, no more."""
    from parcours.events.arrow import pa

    columns = []
    for field in event_schema():
        column = column_of(batch, field.name, field.type)
        if pa.types.is_dictionary(field.type):
            columns.append(column.cast(pa.string()).dictionary_encode())
        else:
            columns.append(column.cast(field.type))
    return pa.Table.from_arrays(columns, schema=event_schema())


def column_of(rows: "RecordBatch | Table", name: str, kind: "Any") -> "Any":
    """A column; nulls where a file was written before there was one."""
    from parcours.events.arrow import pa

    if name in rows.schema.names:
        return rows.column(name)
    return pa.chunked_array([pa.nulls(rows.num_rows, kind)])


def flush_to_disk(path: Path) -> None:
    """A file that the manifest names must survive a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
