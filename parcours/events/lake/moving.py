"""Events that change buckets because their customer turned out to be another one."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from parcours.events.arrow import RecordBatch, Table, pa, pc
from parcours.events.lake.event_files import rows_of, stored_schema
from parcours.events.lake.layout import BUCKETS, as_int64, bucket_of, staged_schema
from parcours.events.lake.manifest import Manifest
from parcours.events.lake.spill import Spill

if TYPE_CHECKING:
    from parcours.events.lake.staging import Staging

Ids = npt.NDArray[np.int64]


Homecomings = Mapping[int, Mapping[int, int]]
"""Customer under whose id events are stored that are not his → {their home: whose they are}."""


@dataclass(frozen=True)
class Moves:
    """Whose the events of some customers are now: of merged ones the winner's; of those that hold events of
    somebody whose merge was undone, by the events' home.
    """

    winners: Mapping[int, int]
    homecomings: Homecomings

    @cached_property
    def sources(self) -> Ids:
        """The customers whose events may be somebody else's, sorted."""
        return np.array(sorted({*self.winners, *self.homecomings}), np.int64)

    def owners(self, customers: Ids, homes: Ids) -> Ids:
        """Whose each event is; the customers are among `sources`."""
        usual = np.array([self.winners.get(int(source), source) for source in self.sources], np.int64)
        owners = usual[np.searchsorted(self.sources, customers)]
        for place, at_home in self.homecomings.items():
            here = customers == place
            for home, owner in at_home.items() if here.any() else ():
                owners[here & (homes == home)] = owner
        return owners


@dataclass(frozen=True, slots=True)
class MovedRows:
    """Rows under the ids of those whose they are now, staged and stored ones, by the bucket they go to."""

    sources: Ids  # sorted
    left: frozenset[int]
    staged: Spill
    stored: Spill

    def leaving(self, bucket: int) -> list[int]:
        """Those whose stored rows leave this bucket; what stays theirs comes back with the rest."""
        return [source for source in sorted(self.left) if source % BUCKETS == bucket]

    def touches(self, bucket: int) -> bool:
        return bool(self.stored.rows(bucket)) or bool(self.leaving(bucket))

    def staged_batches(self, staging: "Staging", bucket: int) -> Iterator[RecordBatch]:
        """The bucket's staged rows: those that were staged for it and stay, and those that come."""
        for batch in staging.rows.batches(bucket):
            yield batch.filter(pa.array(~_isin(batch, self.sources))) if len(self.sources) else batch
        yield from self.staged.batches(bucket)


def moved_rows(folder: Path, staging: "Staging", current: Manifest, moves: Moves) -> MovedRows:
    """Finds the rows that may be somebody else's; reads only the buckets that may hold some. Closes the
    staged rows.
    """
    staging.rows.close()
    staged = Spill(staging.folder / "moved-staged", staged_schema())
    stored = Spill(staging.folder / "moved-stored", stored_schema())
    left: set[int] = set()
    for bucket in sorted({int(bucket) for bucket in bucket_of(moves.sources)} & set(range(BUCKETS))):
        for batch in staging.rows.batches(bucket):
            staged.add(_remapped(pa.Table.from_batches([batch]), moves))
        for path in current.paths(bucket):
            for table in rows_of(folder, path, moves.sources):
                left.update(map(int, np.unique(as_int64(table["customer"]))))
                stored.add(_remapped(table, moves))
    staged.close()
    stored.close()
    return MovedRows(moves.sources, frozenset(left), staged, stored)


def _isin(batch: RecordBatch, sources: Ids) -> npt.NDArray[np.bool_]:
    return np.isin(batch.column("customer").to_numpy(), sources)


def _of_sources(table: Table, moves: Moves) -> Table:
    chosen = np.isin(as_int64(table["customer"]), moves.sources)
    return table.filter(pa.array(chosen)) if chosen.any() else table.slice(0, 0)


def _remapped(table: Table, moves: Moves) -> Table:
    """The rows of `sources` only, under the ids of those whose they are."""
    chosen = _of_sources(table, moves)
    if not chosen.num_rows:
        return chosen
    customers = as_int64(chosen["customer"])
    homes = as_int64(pc.coalesce(chosen["home"], pa.array(customers)))
    owners = moves.owners(customers, homes)
    schema = table.schema
    place = schema.get_field_index("home")
    home = pa.array(homes, mask=homes == owners)
    chosen = chosen.set_column(0, schema.field(0), pa.array(owners))
    return chosen.set_column(place, schema.field(place), home)
