"""Builds the arrays of a lake's index from its files, one bucket in memory at a time."""

import json
import shutil
import uuid
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from parcours.core.locks import FolderLock
from parcours.events.arrow import Table, pq
from parcours.events.lake.array_files import ArrayWriter, pieces
from parcours.events.lake.bucket_rows import bucket_table, coded
from parcours.events.lake.erasing import finish_erasures
from parcours.events.lake.index_folders import META, newest, take_away_others
from parcours.events.lake.index_names import NO_CODE, name_counts
from parcours.events.lake.index_update import update_index
from parcours.events.lake.layout import LABELLED, as_int64
from parcours.events.lake.manifest import Manifest, mend_list, read_manifest
from parcours.events.memory import give_back_memory

FORMAT = 3
"""Grows when the files of an index change, so that older ones are built again."""
_TRIES = 5
_SAMPLED = 1_000


def ensure_index(brand_id: uuid.UUID, lake: Path) -> Path:
    """The folder of the newest generation's index, built if need be; several processes build it once."""
    root = lake / "index"
    lake.mkdir(parents=True, exist_ok=True)
    with FolderLock(lake / "index.lock"):
        for attempt in range(_TRIES):
            current = read_manifest(brand_id)
            finish_erasures(lake, current)
            root.mkdir(exist_ok=True)
            folder = root / f"{current.generation}.v{FORMAT}"
            if (folder / META).exists():
                return folder
            try:
                _make(lake, current, newest(root, f".v{FORMAT}"), folder)
            except FileNotFoundError:
                # The lake moved on and swept the files of this generation away.
                if attempt + 1 == _TRIES:
                    raise
                continue
            mend_list(brand_id, current.generation)
            take_away_others(root, folder)
            give_back_memory()
            return folder
    raise AssertionError("unreachable")


def sampled_keys(lake: Path, files: list[list[str]], most: int = 200) -> list[str]:
    """Keys of properties by how often they occur in the first rows of every bucket."""
    counts: Counter[str] = Counter()
    for paths in files:
        with pq.ParquetFile(lake / paths[0]) as file:
            batch = next(file.iter_batches(_SAMPLED, columns=["properties"]), None)
        for text in batch.column(0).to_pylist() if batch is not None else ():
            counts.update(json.loads(text or "{}").keys())
    return [key for key, _count in counts.most_common(most)]


def _make(lake: Path, current: Manifest, before: Path | None, folder: Path) -> None:
    """Makes the index aside and puts it in place; from an earlier one where that is less work."""
    fresh = folder.with_name(f".new-{folder.name}")
    meta = None
    if before is not None:
        _empty(fresh)
        meta = update_index(lake, before, current, fresh)
    if meta is None:
        _empty(fresh)
        meta = _build(lake, current, fresh)
    files = [[file.path for file in current.files[bucket]] for bucket in sorted(current.files)]
    meta |= {"generation": current.generation, "next_seq": current.next_seq, "files": files}
    (fresh / META).write_text(json.dumps(meta), "utf-8")
    shutil.rmtree(folder, ignore_errors=True)
    fresh.rename(folder)


def _empty(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()


def _build(lake: Path, current: Manifest, folder: Path) -> dict[str, Any]:
    """The arrays from the files; returns what meta.json says of them."""
    arrays = _Arrays(folder, current.rows)
    files = sorted(current.files.items())
    for _bucket, of_bucket in files:
        arrays.add(bucket_table(lake, [file.path for file in of_bucket], LABELLED))
    buckets = [
        {"bucket": bucket, "altered": of_bucket[0].altered, "customers": customers, "rows": rows}
        for (bucket, of_bucket), (customers, rows) in zip(files, arrays.sizes, strict=True)
    ]
    keys = sampled_keys(lake, [[file.path for file in of_bucket] for _bucket, of_bucket in files])
    return arrays.finish() | {"buckets": buckets, "keys": keys}


class _Arrays:
    """The arrays of an index while they grow."""

    def __init__(self, folder: Path, rows: int) -> None:
        self._folder = folder
        self._time = ArrayWriter(folder / "time.npy", np.int64, rows)
        self._codes = {name: ArrayWriter(self._wide(name), np.uint16, rows) for name in LABELLED}
        self._labels: dict[str, dict[str, int]] = {name: {} for name in LABELLED}
        self._customers: list[npt.NDArray[np.int64]] = []
        self._offsets: list[npt.NDArray[np.int64]] = []
        self.sizes: list[tuple[int, int]] = []
        self._length = rows
        self._rows = 0
        self._span: tuple[int, int] | None = None

    def add(self, table: Table) -> None:
        """Appends the rows of one bucket."""
        customers, time = as_int64(table["customer"]), as_int64(table["time"])
        begins = np.flatnonzero(np.diff(customers, prepend=customers[:1] - 1))
        self._customers.append(customers[begins])
        self._offsets.append(begins + self._rows)
        self.sizes.append((len(begins), len(time)))
        self._time.append(time)
        for name in LABELLED:
            codes = coded(table[name], self._labels[name])
            self._codes[name].append(np.where((codes < 0) | (codes >= NO_CODE), NO_CODE, codes))
        first, last = self._span or (int(time[0]), int(time[0]))
        self._span = min(first, int(time.min())), max(last, int(time.max()))
        self._rows += table.num_rows

    def finish(self) -> dict[str, Any]:
        """Writes everything; returns what the index's meta.json says of it."""
        np.save(self._folder / "customers.npy", _joined(self._customers))
        ends = np.array([self._rows], np.int64)
        np.save(self._folder / "offsets.npy", _joined([*self._offsets, ends]))
        for writer in (self._time, *self._codes.values()):
            writer.close()
        names = list(self._labels["name"])[:NO_CODE]
        both = zip(pieces(self._wide("name")), pieces(self._folder / "time.npy"), strict=True)
        counts = name_counts(both, names, self._span)
        for name in LABELLED:
            self._narrow(name)
        return {
            "events": self._rows,
            "span": self._span,
            "labels": {name: list(labels)[:NO_CODE] for name, labels in self._labels.items()},
            "names": counts,
        }

    def _wide(self, name: str) -> Path:
        return self._folder / f"{name}.wide.npy"

    def _narrow(self, name: str) -> None:
        """One byte a code where that is enough."""
        if len(self._labels[name]) >= 255:
            self._wide(name).rename(self._folder / f"{name}.npy")
            return
        with ArrayWriter(self._folder / f"{name}.npy", np.uint8, self._length) as narrow:
            for codes in pieces(self._wide(name)):
                narrow.append(np.where(codes == NO_CODE, 255, codes))
        self._wide(name).unlink()


def _joined(parts: list[npt.NDArray[np.int64]]) -> npt.NDArray[np.int64]:
    return np.concatenate(parts) if parts else np.empty(0, np.int64)
