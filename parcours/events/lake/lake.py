"""The lake of one brand."""

import uuid
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from django.db import transaction

from parcours.events.lake import manifest
from parcours.events.lake.index import LakeIndex, open_index
from parcours.events.lake.layout import BUCKETS, lake_folder
from parcours.events.lake.manifest import Manifest
from parcours.events.lake.staging import Staging

if TYPE_CHECKING:
    from parcours.events.arrow import Table
    from parcours.events.lake.buckets import BucketChange
    from parcours.events.lake.moving import Homecomings, MovedRows

MOST_FILES_A_BUCKET = 12
MOST_TIDIED = 2
"""Buckets with too many files that one change makes one file of; the others wait for the next changes."""
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
            # What an index still reads of earlier generations holds the same events.
            former = self._on_disk() - set(current.paths())
            changes = find(current)
            events = -sum(change.stored for change in changes)
            noted = partial(beside, events) if beside is not None else None
            if changes:
                note_erasure(self.folder, changes, former)
                manifest.swap(self.brand_id, changes, beside=noted)
                transaction.on_commit(lambda: erase_now(self.folder, self.manifest()))
            elif noted is not None:
                noted()
        return events

    def staging(self) -> Staging:
        """A folder for rows on their way in; only for the sole writer, who finds what others left behind
        gone.
        """
        return Staging(self.folder)

    def take_in(
        self,
        staging: Staging,
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
        tidied = set(range(BUCKETS)) if rewrite else _crowded(current, staging)
        for bucket in range(BUCKETS):
            change = self._change(bucket, staging, current, moved, rewrite=bucket in tidied)
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
        staging: Staging,
        current: Manifest,
        moved: "MovedRows",
        *,
        rewrite: bool,
    ) -> "BucketChange | None":
        from parcours.events.lake.additions import FEW, added
        from parcours.events.lake.buckets import BucketWriter

        staged = staging.rows.rows(bucket) + moved.staged.rows(bucket)
        files = current.files.get(bucket, ())
        if not staged and not moved.touches(bucket) and not (rewrite and len(files) > 1):
            return None
        rows = moved.staged_batches(staging, bucket)
        coming, leaving = moved.stored.batches(bucket), moved.leaving(bucket)
        if not rewrite and staged + moved.stored.rows(bucket) <= FEW:
            return added(self.folder, bucket, files, staged=rows, moved_in=coming, leaving=leaving)
        return BucketWriter(self.folder, staging.scratch).change(
            bucket,
            [file.path for file in files],
            staged=rows,
            moved_in=coming,
            moved_out=leaving,
            rewrite=rewrite or staged * SMALL_SHARE > current.rows_of(bucket),
        )

    def _on_disk(self) -> set[str]:
        return {f"events/{path.name}" for path in (self.folder / "events").glob("*.parquet")}

    def _sweep(self, current: Manifest) -> None:
        """Deletes files that neither the manifest nor an index in use names: what a killed import or an
        earlier generation left.
        """
        from parcours.events.lake.index_folders import files_in_use
        from parcours.events.lake.known import forget_known

        in_use = {self.folder / path for path in [*current.paths(), *files_in_use(self.folder)]}
        for path in (self.folder / "events").glob("*.parquet"):
            if path not in in_use:
                path.unlink(missing_ok=True)
                forget_known(self.folder, path.name)


def _crowded(current: Manifest, staging: Staging) -> set[int]:
    """Some of the buckets that get rows and have too many files already."""
    crowded = [
        bucket
        for bucket, files in current.files.items()
        if len(files) >= MOST_FILES_A_BUCKET and staging.rows.rows(bucket)
    ]
    return set(crowded[:MOST_TIDIED])
