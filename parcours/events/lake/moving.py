"""Events that change buckets because their customer turned out to be another one."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from parcours.events.arrow import RecordBatch, Table, pa, pc, pq
from parcours.events.lake.event_files import stored_schema
from parcours.events.lake.layout import BUCKETS, as_int64, bucket_of, staged_schema
from parcours.events.lake.manifest import Manifest
from parcours.events.lake.spill import Spill

if TYPE_CHECKING:
    from parcours.events.lake.lake import Staging

Ids = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class MovedRows:
    """Rows of the losers under their winners' ids, staged ones and stored ones, by the bucket they go to."""

    losers: Ids  # sorted
    staged: Spill
    stored: Spill

    def leaving(self, bucket: int) -> list[int]:
        """The losers whose stored rows leave this bucket."""
        return [int(loser) for loser in self.losers[bucket_of(self.losers) == bucket]]

    def touches(self, bucket: int) -> bool:
        return bool(self.stored.rows(bucket)) or bool(self.leaving(bucket))

    def staged_batches(self, staging: "Staging", bucket: int) -> Iterator[RecordBatch]:
        """The bucket's staged rows: those that were staged for it and stay, and those that come."""
        for batch in staging.rows.batches(bucket):
            yield batch.filter(pa.array(~_isin(batch, self.losers))) if len(self.losers) else batch
        yield from self.staged.batches(bucket)


def moved_rows(folder: Path, staging: "Staging", current: Manifest, moves: Mapping[int, int]) -> MovedRows:
    """Finds the losers' rows; reads only the buckets that may hold some. Closes the staged rows."""
    staging.rows.close()
    losers = np.array(sorted(moves), np.int64)
    winners = np.array([moves[int(loser)] for loser in losers], np.int64)
    staged = Spill(staging.folder / "moved-staged", staged_schema())
    stored = Spill(staging.folder / "moved-stored", stored_schema())
    for bucket in sorted({int(bucket) for bucket in bucket_of(losers)} & set(range(BUCKETS))):
        for batch in staging.rows.batches(bucket):
            staged.add(_remapped(pa.Table.from_batches([batch]), losers, winners))
        for path in current.paths(bucket):
            with pq.ParquetFile(folder / path) as file:
                for batch in file.iter_batches():
                    table = pa.Table.from_batches([batch])
                    stored.add(_remapped(_plain(table), losers, winners))
    staged.close()
    stored.close()
    return MovedRows(losers, staged, stored)


def _isin(batch: RecordBatch, losers: Ids) -> npt.NDArray[np.bool_]:
    return np.isin(batch.column("customer").to_numpy(), losers)


def _remapped(table: Table, losers: Ids, winners: Ids) -> Table:
    """The losers' rows only, under the winners' ids."""
    customers = as_int64(table["customer"])
    moving = np.isin(customers, losers)
    if not moving.any():
        return table.slice(0, 0)
    chosen = table.filter(pa.array(moving))
    renamed = winners[np.searchsorted(losers, customers[moving])]
    return chosen.set_column(0, table.schema.field(0), pa.array(renamed))


def _plain(table: Table) -> Table:
    return pa.Table.from_arrays(
        [pc.cast(table[field.name], field.type) for field in stored_schema()], schema=stored_schema()
    )
