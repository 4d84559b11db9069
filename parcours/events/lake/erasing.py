"""Events that go for good: out of the files in effect, and with the old files off the disk."""

import json
import shutil
import uuid
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from parcours.core.locks import FolderLock
from parcours.events.lake.buckets import BucketChange
from parcours.events.lake.event_files import holds_any, without
from parcours.events.lake.known import forget_known
from parcours.events.lake.layout import as_int64, bucket_of

if TYPE_CHECKING:
    from parcours.events.arrow import Table
    from parcours.events.lake.event_files import Keep
    from parcours.events.lake.manifest import Manifest

_NOTE = "_erasing-*.json"


def of_customers(folder: Path, current: "Manifest", customers: Collection[int]) -> list[BucketChange]:
    """New files, without these customers' events, for those files that hold some."""
    ids = np.array(sorted(customers), np.int64)

    def keep(table: "Table") -> object:
        return ~np.isin(as_int64(table["customer"]), ids)

    changes = []
    for bucket in sorted({int(bucket) for bucket in bucket_of(ids)}):
        of_bucket = [int(customer) for customer in ids[bucket_of(ids) == bucket]]
        paths = [path for path in current.paths(bucket) if holds_any(folder, path, of_bucket)]
        changes += _changed(folder, bucket, paths, keep)
    return changes


def of_before(folder: Path, current: "Manifest", moment: int) -> list[BucketChange]:
    """New files, without what happened before (microseconds since 1970), for those files that hold some."""

    def keep(table: "Table") -> object:
        return as_int64(table["time"]) >= moment

    changes = []
    for bucket, files in current.files.items():
        old = [file for file in files if file.last_time < moment]
        if old:
            gone = sum(file.rows for file in old)
            changes.append(BucketChange(bucket, -gone, (), tuple(file.path for file in old), altered=True))
        mixed = [file.path for file in files if file.first_time < moment <= file.last_time]
        changes += _changed(folder, bucket, mixed, keep)
    return changes


def _changed(folder: Path, bucket: int, paths: list[str], keep: "Keep") -> list[BucketChange]:
    """What becomes of each file, one at a time, so that memory stays small."""
    changes = []
    for path in paths:
        gone, files = without(folder, path, bucket, keep)
        changes.append(BucketChange(bucket, -gone, files, (path,), altered=True))
    return changes


def note_erasure(folder: Path, changes: Collection[BucketChange], former: Collection[str] = ()) -> None:
    """Writes down which files are to go, so that they go although the process dies after the commit; with
    those of `former` generations that are still there.
    """
    paths = [*(path for change in changes for path in change.dropped), *former]
    aside = folder / f".erasing-{uuid.uuid4().hex}"
    aside.write_text(json.dumps(paths), "utf-8")
    aside.replace(folder / f"_erasing-{uuid.uuid4().hex}.json")


def finish_erasures(folder: Path, current: "Manifest") -> None:
    """Takes the noted files that are not in effect any more off the disk, and with them every index: they
    hold the same events. The caller holds the lock of the index.
    """
    in_effect = set(current.paths())
    for note in folder.glob(_NOTE):
        paths = json.loads(note.read_text("utf-8"))
        if in_effect.intersection(paths):
            continue  # not committed yet, or never
        shutil.rmtree(folder / "index", ignore_errors=True)
        for path in paths:
            (folder / path).unlink(missing_ok=True)
            forget_known(folder, path)
        note.unlink(missing_ok=True)


def erase_now(folder: Path, current: "Manifest") -> None:
    """Waits for whoever is building an index, which would be of before."""
    with FolderLock(folder / "index.lock"):
        finish_erasures(folder, current)
