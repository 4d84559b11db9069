"""Rows waiting on disk, one file a bucket, so that no import needs more memory than a bucket."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from parcours.events.lake.layout import BUCKETS, as_int64, bucket_of

if TYPE_CHECKING:
    from parcours.events.arrow import RecordBatch, Schema, Table


class Spill:
    """Tables with a column `customer`, split by bucket as they arrive and read back a bucket at a time."""

    def __init__(self, folder: Path, schema: "Schema") -> None:
        self.schema = schema
        self._folder = folder
        self._rows = [0] * BUCKETS
        self._writers: dict[int, Any] = {}
        folder.mkdir(parents=True, exist_ok=True)

    def add(self, table: "Table") -> None:
        """Appends the rows, in their order within each bucket."""
        from parcours.events.arrow import pa

        if not table.num_rows:
            return
        buckets = bucket_of(as_int64(table["customer"]))
        order = np.argsort(buckets, kind="stable")
        table = table.take(pa.array(order))
        ends = np.searchsorted(buckets[order], np.arange(BUCKETS + 1))
        for bucket in range(BUCKETS):
            length = int(ends[bucket + 1] - ends[bucket])
            if length:
                self._writer(bucket).write_table(table.slice(int(ends[bucket]), length).combine_chunks())
                self._rows[bucket] += length

    def close(self) -> None:
        for writer in self._writers.values():
            writer.close()
        self._writers.clear()

    def rows(self, bucket: int) -> int:
        return self._rows[bucket]

    def batches(self, bucket: int) -> "Iterator[RecordBatch]":
        """The bucket's rows in the order of their arrival; after `close`."""
        from parcours.events.arrow import pa

        if not self._rows[bucket]:
            return
        with pa.OSFile(str(self._path(bucket))) as file, pa.ipc.open_stream(file) as reader:
            yield from reader

    def _writer(self, bucket: int) -> "Any":
        from parcours.events.arrow import pa

        if bucket not in self._writers:
            options = pa.ipc.IpcWriteOptions(compression="lz4")
            self._writers[bucket] = pa.ipc.new_stream(str(self._path(bucket)), self.schema, options=options)
        return self._writers[bucket]

    def _path(self, bucket: int) -> Path:
        return self._folder / f"{bucket:02d}.arrows"
