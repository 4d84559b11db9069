"""A few rows for a bucket that holds many: what is stored is looked up, not read.

A bucket's files grow geometrically: new rows are joined with the files that are not much larger than they
are, so that an event is written a few times in its life however often some are handed over.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from parcours.events.lake.buckets import BucketChange
from parcours.events.lake.event_files import (
    EventFileWriter,
    NewFile,
    as_stored,
    holds_any,
    stored_schema,
    without,
)
from parcours.events.lake.known import held
from parcours.events.lake.layout import ROW_GROUP, as_int64, staged_schema

if TYPE_CHECKING:
    from parcours.events.arrow import RecordBatch, Table
    from parcours.events.lake.manifest import StoredFile

FEW = 50_000
"""Rows that are added this way at most; more are worth a database."""
GROWTH = 4
_STAGED = {"event_id": "content"}
ORDER = [("customer", "ascending"), ("time", "ascending"), ("seq", "ascending")]


def added(
    folder: Path,
    bucket: int,
    files: "Sequence[StoredFile]",
    *,
    staged: "Iterable[RecordBatch]",
    moved_in: "Iterable[RecordBatch]",
    leaving: Sequence[int],
) -> BucketChange | None:
    """As `BucketWriter.change`, for few rows: those that leave are taken out of the files that hold them."""
    from parcours.events.arrow import pa

    coming = pa.Table.from_batches(moved_in, stored_schema())
    fresh = _unknown(folder, files, _named(pa.Table.from_batches(staged, staged_schema())), coming)
    rows = pa.concat_tables([fresh, coming])
    losing = [file for file in files if leaving and holds_any(folder, file.path, leaving)]
    if not rows.num_rows and not losing:
        return None
    joined = _joined(files, rows.num_rows)
    parts = [rows, *(_read(folder, file, leaving) for file in joined)]
    dropped = [file.path for file in joined]
    written = _write(folder, bucket, pa.concat_tables(parts).sort_by(ORDER)) if rows.num_rows else ()
    for file in losing:
        if file not in joined:
            written += _without(folder, file, leaving)
            dropped.append(file.path)
    altered = bool(coming.num_rows or losing)
    return BucketChange(bucket, fresh.num_rows, written, tuple(dropped), altered=altered)


def _named(staged: "Table") -> "Table":
    """Stored rows with their final ids: of rows alike, those with an id of their own count once, of others
    the second one and those after it get ids made from the first one's. See `BucketWriter`.
    """
    from parcours.events.arrow import pa, pc

    ids = staged["content"]
    if len(pc.unique(ids)) < len(ids):
        staged = staged.sort_by("seq")
        contents, explicit = staged["content"].to_pylist(), staged["explicit"].to_pylist()
        numbers, seen = [], Counter[bytes]()
        for content in contents:
            seen[content] += 1
            numbers.append(seen[content])
        kept = [not own or nth == 1 for own, nth in zip(explicit, numbers, strict=True)]
        named = [_nth(content, nth) for content, nth in zip(contents, numbers, strict=True)]
        staged = staged.set_column(3, "content", pa.chunked_array([pa.array(named, pa.binary(16))]))
        staged = staged.filter(pa.array(kept))
    schema = stored_schema()
    columns = {field.name: staged[_STAGED.get(field.name, field.name)] for field in schema}
    at_home = pc.fill_null(pc.equal(columns["home"], columns["customer"]), True)
    columns["home"] = pc.if_else(at_home, pa.scalar(None, pa.int64()), columns["home"])
    return pa.table(columns, schema=schema)


def _nth(content: bytes, nth: int) -> bytes:
    if nth == 1:
        return content
    return hashlib.md5(f"{content.hex().upper()}:{nth}".encode(), usedforsecurity=False).digest()


def _unknown(folder: Path, files: "Sequence[StoredFile]", named: "Table", coming: "Table") -> "Table":
    from parcours.events.arrow import pa, pc

    if not named.num_rows:
        return named
    known = pc.is_in(named["event_id"], value_set=coming["event_id"]).to_numpy()
    for file in files:
        known = known | held(folder, file.path, named["event_id"])
    return named.filter(pa.array(~known))


def _joined(files: "Sequence[StoredFile]", rows: int) -> "list[StoredFile]":
    """The files that new rows are joined with."""
    joined: list[StoredFile] = []
    for file in sorted(files, key=lambda file: file.rows):
        if not rows or file.rows > GROWTH * rows or rows + file.rows > ROW_GROUP:
            break
        joined.append(file)
        rows += file.rows
    return joined


def _read(folder: Path, file: "StoredFile", leaving: Sequence[int]) -> "Table":
    from parcours.events.arrow import pa, pq

    with pq.ParquetFile(folder / file.path) as opened:
        table = as_stored(opened.read())
    if not leaving:
        return table
    return table.filter(pa.array(~np.isin(as_int64(table["customer"]), np.array(leaving, np.int64))))


def _write(folder: Path, bucket: int, rows: "Table") -> tuple[NewFile, ...]:
    writer = EventFileWriter(folder, bucket)
    for start in range(0, rows.num_rows, ROW_GROUP):
        writer.add(rows.slice(start, ROW_GROUP))
    return writer.close()


def _without(folder: Path, file: "StoredFile", leaving: Sequence[int]) -> tuple[NewFile, ...]:
    ids = np.array(leaving, np.int64)

    def keep(table: "Table") -> object:
        return ~np.isin(as_int64(table["customer"]), ids)

    return without(folder, file.path, file.bucket, keep)[1]
