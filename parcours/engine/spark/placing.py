"""From files to parts: a bucket of a lake as it is, any other file shuffled by customer.

Everything here is plain functions that run on workers; the cluster only moves bytes.
"""

import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from socket import gethostname
from typing import Any

import numpy as np

from parcours.engine.arrays import Int64s
from parcours.engine.arrow import arrow, one_array
from parcours.engine.errors import EngineError
from parcours.engine.reading.files import File, Files, FilesSource, read_file
from parcours.engine.reading.source import Names
from parcours.engine.spark.errors import Failure, SparkError
from parcours.engine.spark.parts import Part, Rows, of_bucket, of_rows
from parcours.engine.words import gettext as _

ROW = "(row)"
EVENTS_A_PART = 500_000

Chunk = tuple[File, int, int]
"""A row group of a file: its place in the file, and the number of its first row."""
Piece = tuple[int, bytes | Failure]
"""Rows on their way to a part: the number of the first, and the rows as Arrow."""


@dataclass(frozen=True)
class Plan:
    """What every task needs to know. Cheap to send to another process."""

    files: Files
    names: Names
    timezone: str | None
    columns: tuple[str, ...]
    """Properties to take along."""
    parts: int
    fingerprint: str
    """Of the engine that asks; the engine that answers must be the same."""


def parts_of(context: Any, plan: Plan) -> Any:
    """An RDD of Parts (or Failures): of a lake one a bucket, several in a task where they are small."""
    if plan.files.is_lake:
        buckets = plan.files.buckets()
        tasks = min(len(buckets), plan.parts)
        return context.parallelize(buckets, tasks).mapPartitions(_guarded(_buckets, plan))
    chunks = chunks_of(plan.files)
    tasks = min(len(chunks), max(plan.parts, context.defaultParallelism))
    pieces = context.parallelize(chunks, max(1, tasks)).mapPartitions(_guarded(_split, plan))
    keyed = pieces.map(_to_first_if_failed)
    return keyed.partitionBy(plan.parts, _same).mapPartitions(_guarded(_assembled, plan))


def parts_for(files: Files, cores: int) -> int:
    """How many tasks are worth their while."""
    return max(cores, -(-files.rows // EVENTS_A_PART), 1)


def chunks_of(files: Files) -> list[Chunk]:
    found = []
    for file in files.files:
        first = file.first
        for group, rows in enumerate(file.groups):
            found.append((file, group, first))
            first += rows
    return found


def _guarded(
    work: Callable[[Plan, Iterable[Any]], Iterator[Any]], plan: Plan
) -> Callable[..., Iterator[Any]]:
    """The work of a task, with the engine's errors as values after a second try."""

    def task(elements: Iterable[Any]) -> Iterator[Any]:
        from pyspark import TaskContext

        context = TaskContext.get()
        try:
            _check_engine(plan.fingerprint)
            yield from work(plan, elements)
        except EngineError as error:
            if context is not None and context.attemptNumber() == 0:
                raise
            yield Failure.of(error)

    return task


@lru_cache(maxsize=1)
def fingerprint() -> str:
    """A digest of the engine's code."""
    digest = sha256()
    folder = Path(__file__).parents[1]
    for path in sorted(folder.rglob("*.py")):
        digest.update(str(path.relative_to(folder)).encode() + path.read_bytes())
    return digest.hexdigest()


def _check_engine(wanted: str) -> None:
    if fingerprint() != wanted:
        raise SparkError(
            _(
                "The worker {host} has another version of Parcours than this process. "
                "Install the same version on all machines."
            ).format(host=gethostname())
        )


def _buckets(plan: Plan, buckets: Iterable[Any]) -> Iterator[Part]:
    for files in buckets:
        yield of_bucket(FilesSource(files), plan.names, plan.timezone, plan.columns, files.files[0].first)


def _split(plan: Plan, chunks: Iterable[Any]) -> Iterator[tuple[int, Piece]]:
    """The rows of each chunk by the part they go to."""
    wanted = list(dict.fromkeys([*plan.names.all(), *plan.columns]))
    for file, group, first in chunks:
        table = _plain(plan.files, read_file(plan.files, file, wanted, [group]), wanted)
        table = table.append_column(ROW, arrow().array(np.arange(first, first + table.num_rows)))
        part = part_of(table[plan.names.customer], plan.parts)
        order = np.argsort(part, kind="stable")
        ends = np.searchsorted(part[order], np.arange(plan.parts + 1))
        table = table.take(arrow().array(order))
        for each in np.flatnonzero(np.diff(ends)):
            rows = table.slice(int(ends[each]), int(ends[each + 1] - ends[each])).combine_chunks()
            yield int(each), (first, _packed(rows))


def _plain(files: Files, table: Any, wanted: Sequence[str]) -> Any:
    """The columns with the types they have in all files, null where this file lacks one."""
    pa = arrow()
    columns = {}
    for name in wanted:
        kind = files.schema.field(name).type
        present = name in table.column_names
        columns[name] = table[name].cast(kind) if present else pa.nulls(table.num_rows, kind)
    return pa.table(columns)


def part_of(customers: Any, parts: int) -> Int64s:
    """The part of each row, the same for equal customers on every machine."""
    pa, types = arrow(), arrow().types
    values = one_array(customers)
    if types.is_integer(values.type):
        bits = values.fill_null(0).to_numpy(zero_copy_only=False).astype(np.uint64)
        mixed = (bits * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(33)
    else:
        coded = values.cast(pa.string()).dictionary_encode()
        names = [b"" if name is None else name.encode() for name in coded.dictionary.to_pylist()]
        hashes = np.array([*map(zlib.crc32, names), 0], dtype=np.uint64)
        mixed = hashes[coded.indices.fill_null(len(names)).to_numpy(zero_copy_only=False)]
    part: Int64s = (mixed % np.uint64(parts)).astype(np.int64)
    return part


def _packed(rows: Any) -> bytes:
    pa = arrow()
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, rows.schema, options=pa.ipc.IpcWriteOptions(compression="lz4")) as writer:
        writer.write_table(rows)
    packed: bytes = sink.getvalue().to_pybytes()
    return packed


def _assembled(plan: Plan, pieces: Iterable[Any]) -> Iterator[Part | Failure]:
    """All rows of a part, in the order of the whole log."""
    found: list[Piece] = [piece for _, piece in pieces]
    failed = [packed for _, packed in found if isinstance(packed, Failure)]
    if failed:
        yield failed[0]
        return
    pa = arrow()
    tables = [pa.ipc.open_stream(packed).read_all() for _, packed in sorted(found, key=_first)]
    if not tables:
        return
    yield of_rows(Rows(pa.concat_tables(tables)), plan.names, plan.timezone, plan.columns, ROW)


def _to_first_if_failed(element: Any) -> tuple[int, Any]:
    return (0, (0, element)) if isinstance(element, Failure) else element


def _first(piece: Piece) -> int:
    return piece[0]


def _same(key: int) -> int:
    return key
