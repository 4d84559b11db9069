"""The lake of one brand."""

import shutil
import uuid
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Self

from django.db import transaction

from parcours.events.lake import manifest
from parcours.events.lake.index import LakeIndex, open_index
from parcours.events.lake.layout import BUCKETS, lake_folder
from parcours.events.lake.manifest import Manifest

if TYPE_CHECKING:
    from parcours.events.arrow import RecordBatch, Table
    from parcours.events.lake.buckets import BucketChange
    from parcours.events.lake.spill import Spill

MOST_FILES_A_BUCKET = 4
SMALL_SHARE = 8
"""New rows go into a file beside the others while they are fewer than one stored row in this many."""


@dataclass(frozen=True, slots=True)
class Appended:
    """What became of staged rows."""

    stored: int
    already_there: int
    generation: int


class Lake:
    """A brand's events on disk. Cheap to make; nothing is read until asked for."""

    def __init__(self, brand_id: uuid.UUID) -> None:
        self.brand_id = brand_id
        self.folder = lake_folder(brand_id)

    @property
    def generation(self) -> int:
        """Grows with every change; 0 for a lake that never held anything."""
        return manifest.generation_of(self.brand_id)

    def manifest(self) -> Manifest:
        return manifest.read_manifest(self.brand_id)

    def index(self) -> LakeIndex:
        """All events as sorted arrays, memory-mapped; the same object for a generation within a process."""
        return open_index(self.brand_id)

    def append(self, table: "Table") -> Appended:
        """Takes in rows of `layout.staged_schema` (their `seq` is set here), those that aren't stored yet."""
        from parcours.events.arrow import pa

        with manifest.sole_writer(self.brand_id), self.staging() as staging:
            seq = manifest.take_seq(self.brand_id)
            numbers = pa.array(range(seq, seq + table.num_rows), pa.int64())
            table = table.set_column(table.schema.get_field_index("seq"), "seq", numbers)
            staging.rows.add(table)
            return self.take_in(staging, next_seq=seq + table.num_rows)

    def compact(
        self,
        moves: Mapping[int, int] | None = None,
        beside: Callable[[], None] | None = None,
        homecomings: "Homecomings | None" = None,
    ) -> int:
        """Makes every bucket one file, and gives the events of merged customers (`moves`: loser → winner) to
        the winner.

        `beside` writes what belongs into the same transaction. Returns the generation then in effect.
        """

        def noted(_stored: int, _already_there: int) -> None:
            if beside is not None:
                beside()

        with manifest.sole_writer(self.brand_id), self.staging() as staging:
            return self.take_in(
                staging, moves=moves, homecomings=homecomings, rewrite=True, beside=noted
            ).generation

    def forget(self, customers: Collection[int], beside: Callable[[int], None] | None = None) -> int:
        """Erases every event stored under these ids, on disk too, and returns how many there were.

        A merged customer's events may lie under the ids merged into it: name those as well. `beside(events)`
        writes what belongs into the same transaction. Files and indexes that held an event go as soon as it
        commits; after a crash, when the lake is next opened.
        """
        from parcours.events.lake.erasing import of_customers

        return self._erase(lambda current: of_customers(self.folder, current, customers), beside)

    def forget_before(self, moment: datetime, beside: Callable[[int], None] | None = None) -> int:
        """Erases every event that happened before the moment; as `forget`."""
        from parcours.engine.moments import moment as as_microseconds
        from parcours.events.lake.erasing import of_before

        before = as_microseconds(moment)
        return self._erase(lambda current: of_before(self.folder, current, before), beside)

    def _erase(
        self, find: "Callable[[Manifest], list[BucketChange]]", beside: Callable[[int], None] | None
    ) -> int:
        from parcours.events.lake.erasing import erase_now, note_erasure

        with manifest.sole_writer(self.brand_id), self.staging(), transaction.atomic():
            current = self.manifest()
            self._sweep(current)
            changes = find(current)
            events = -sum(change.stored for change in changes)
            noted = partial(beside, events) if beside is not None else None
            if changes:
                note_erasure(self.folder, changes)
                manifest.swap(self.brand_id, changes, beside=noted)
                transaction.on_commit(lambda: erase_now(self.folder, self.manifest()))
            elif noted is not None:
                noted()
        return events

    def staging(self) -> "Staging":
        """A folder for rows on their way in; only for the sole writer, who finds what others left behind
        gone.
        """
        return Staging(self.folder)

    def take_in(
        self,
        staging: "Staging",
        *,
        next_seq: int | None = None,
        moves: Mapping[int, int] | None = None,
        homecomings: "Homecomings | None" = None,
        rewrite: bool = False,
        beside: Callable[[int, int], None] | None = None,
        progress: Callable[[int], None] | None = None,
    ) -> Appended:
        """Merges the staged rows bucket by bucket and puts the result in effect; only for the sole writer.

        Until the very end nothing that is in effect is touched. `beside(stored, already there)` writes into
        the same transaction. `progress` is told of each bucket done.
        """
        from parcours.events.lake.moving import Moves, moved_rows

        current = self.manifest()
        self._sweep(current)
        moved = moved_rows(self.folder, staging, current, Moves(moves or {}, homecomings or {}))
        changes: list[BucketChange] = []
        for bucket in range(BUCKETS):
            change = self._change(bucket, staging, current, moved, rewrite=rewrite)
            if change is not None:
                changes.append(change)
            if progress is not None:
                progress(bucket + 1)
        staged = sum(staging.rows.rows(bucket) for bucket in range(BUCKETS))
        stored = sum(change.stored for change in changes)
        already_there = staged - stored
        noted = partial(beside, stored, already_there) if beside is not None else None
        generation = current.generation
        if changes:
            generation = manifest.swap(self.brand_id, changes, next_seq=next_seq, beside=noted)
        elif noted is not None:
            with transaction.atomic():
                noted()
        return Appended(stored, already_there, generation)

    def _change(
        self,
        bucket: int,
        staging: "Staging",
        current: Manifest,
        moved: "MovedRows",
        *,
        rewrite: bool,
    ) -> "BucketChange | None":
        from parcours.events.lake.buckets import BucketWriter

        staged = staging.rows.rows(bucket) + moved.staged.rows(bucket)
        files = current.paths(bucket)
        if not staged and not moved.touches(bucket) and not (rewrite and len(files) > 1):
            return None
        small = staged * SMALL_SHARE <= current.rows_of(bucket) and len(files) < MOST_FILES_A_BUCKET
        return BucketWriter(self.folder, staging.scratch).change(
            bucket,
            files,
            staged=moved.staged_batches(staging, bucket),
            moved_in=moved.stored.batches(bucket),
            moved_out=moved.leaving(bucket),
            rewrite=rewrite or not small,
        )

    def _sweep(self, current: Manifest) -> None:
        """Deletes files that no manifest names: what a killed import or the one before the last left."""
        in_effect = {self.folder / path for path in current.paths()}
        for path in (self.folder / "events").glob("*.parquet"):
            if path not in in_effect:
                path.unlink(missing_ok=True)


class Staging:
    """A folder of rows on their way in, gone at the end."""

    def __init__(self, lake: Path) -> None:
        self._root = lake / "staging"
        self.folder = self._root / uuid.uuid4().hex
        self.scratch = self.folder / "scratch"
        self.rows: Spill

    def __enter__(self) -> Self:
        shutil.rmtree(self._root, ignore_errors=True)
        self.restart()
        return self

    def restart(self) -> None:
        """Forgets every row."""
        from parcours.events.lake.layout import staged_schema
        from parcours.events.lake.spill import Spill

        shutil.rmtree(self.folder, ignore_errors=True)
        self.scratch.mkdir(parents=True)
        self.rows = Spill(self.folder / "rows", staged_schema())

    def __exit__(self, *_error: object) -> None:
        self.rows.close()
        shutil.rmtree(self.folder, ignore_errors=True)


if TYPE_CHECKING:
    from parcours.events.lake.moving import Homecomings, MovedRows

    _Batches = Iterator[RecordBatch]
