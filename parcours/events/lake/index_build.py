"""Builds the arrays of a lake's index from its files, one bucket in memory at a time."""

import json
import shutil
import uuid
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from parcours.core.locks import FolderLock
from parcours.events.arrow import ChunkedArray, Table, pa, pc, pq
from parcours.events.lake.array_files import ArrayWriter, pieces
from parcours.events.lake.erasing import finish_erasures
from parcours.events.lake.index_folders import take_away_others
from parcours.events.lake.layout import as_int64
from parcours.events.lake.manifest import Manifest, read_manifest

FORMAT = 2
"""Grows when the files of an index change, so that older ones are built again."""
NO_CODE = 65_535
DAYS = 60
DAY_US = 86_400_000_000
_LABELLED = ("name", "channel", "source")
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
            if (folder / "meta.json").exists():
                return folder
            try:
                _build(lake, current, folder)
            except FileNotFoundError:
                # The lake moved on and swept the files of this generation away.
                if attempt + 1 == _TRIES:
                    raise
                continue
            take_away_others(root, folder)
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


def _build(lake: Path, current: Manifest, folder: Path) -> None:
    fresh = folder.with_name(f".new-{folder.name}")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir()
    arrays = _Arrays(fresh, current.rows)
    files = [[file.path for file in current.files[bucket]] for bucket in sorted(current.files)]
    for paths in files:
        arrays.add(bucket_table(lake, paths, _LABELLED))
    meta = arrays.finish()
    keys = sampled_keys(lake, files)
    meta |= {"generation": current.generation, "files": files, "keys": keys}
    (fresh / "meta.json").write_text(json.dumps(meta), "utf-8")
    shutil.rmtree(folder, ignore_errors=True)
    fresh.rename(folder)


def bucket_table(lake: Path, paths: list[str], columns: tuple[str, ...]) -> Table:
    """The rows of a bucket in order, with customer, time and the columns; its files are sorted already, each
    by itself.
    """
    several = len(paths) > 1
    wanted = ["customer", "time", *(["seq"] if several else []), *columns]
    dictionaries = [name for name in columns if name in _LABELLED]
    tables = [
        pq.read_table(lake / path, columns=wanted, read_dictionary=dictionaries, partitioning=None)
        for path in paths
    ]
    if not several:
        return tables[0]
    table = pa.concat_tables(tables)
    order = np.lexsort([as_int64(table[name]) for name in ("seq", "time", "customer")])
    return table.take(pa.array(order))


class _Arrays:
    """The arrays of an index while they grow."""

    def __init__(self, folder: Path, rows: int) -> None:
        self._folder = folder
        self._time = ArrayWriter(folder / "time.npy", np.int64, rows)
        self._codes = {name: ArrayWriter(self._wide(name), np.uint16, rows) for name in _LABELLED}
        self._labels: dict[str, dict[str, int]] = {name: {} for name in _LABELLED}
        self._customers: list[npt.NDArray[np.int64]] = []
        self._offsets: list[npt.NDArray[np.int64]] = []
        self._length = rows
        self._rows = 0
        self._span: tuple[int, int] | None = None

    def add(self, table: Table) -> None:
        """Appends the rows of one bucket."""
        customers, time = as_int64(table["customer"]), as_int64(table["time"])
        begins = np.flatnonzero(np.diff(customers, prepend=customers[:1] - 1))
        self._customers.append(customers[begins])
        self._offsets.append(begins + self._rows)
        self._time.append(time)
        for name in _LABELLED:
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
        counts = _name_counts(both, names, self._span)
        for name in _LABELLED:
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


def new_array(path: Path, kind: Any, rows: int) -> npt.NDArray[Any]:
    """An array on disk to be filled; an empty one has nothing to map."""
    if not rows:
        np.save(path, np.empty(0, kind))
        return np.empty(0, kind)
    return np.lib.format.open_memmap(path, mode="w+", dtype=kind, shape=(rows,))


def flush(array: npt.NDArray[Any]) -> None:
    """Writes a mapped array to its file."""
    if isinstance(array, np.memmap):
        array.flush()


def _joined(parts: list[npt.NDArray[np.int64]]) -> npt.NDArray[np.int64]:
    return np.concatenate(parts) if parts else np.empty(0, np.int64)


def coded(column: ChunkedArray, labels: dict[str, int]) -> npt.NDArray[np.int64]:
    """Codes into `labels`, which grows by what is new in the column; -1 where the value is null."""
    parts = []
    for chunk in column.chunks:
        encoded = chunk if pa.types.is_dictionary(chunk.type) else chunk.dictionary_encode()
        table = np.array([labels.setdefault(label, len(labels)) for label in encoded.dictionary.to_pylist()])
        indices = pc.fill_null(encoded.indices, -1).to_numpy(zero_copy_only=False)
        parts.append(np.append(table, -1).astype(np.int64)[indices])
    return np.concatenate(parts) if parts else np.empty(0, np.int64)


def _name_counts(
    codes_and_times: Iterable[tuple[Any, Any]], names: list[str], span: tuple[int, int] | None
) -> list[tuple[str, int, int, int, list[int]]]:
    """Rows of `NameCount`, the most frequent first."""
    if span is None:
        return []
    last_day = span[1] // DAY_US
    days = np.zeros((len(names), DAYS), np.int64)
    totals: dict[int, tuple[int, int, int]] = {}
    for codes, times in codes_and_times:
        _add_days(days, codes, times, last_day)
        _add_totals(totals, codes, times)
    found = [(names[code], *totals[code], days[code].tolist()) for code in totals if code < len(names)]
    return sorted(found, key=lambda entry: (-entry[1], entry[0]))


def _add_days(days: npt.NDArray[np.int64], codes: Any, time: Any, last_day: int) -> None:
    place = time // DAY_US - (last_day - DAYS + 1)
    recent = (place >= 0) & (codes < len(days))
    flat = codes[recent].astype(np.int64) * DAYS + place[recent]
    days += np.bincount(flat, minlength=days.size).reshape(days.shape)


def _add_totals(totals: dict[int, tuple[int, int, int]], codes: Any, time: Any) -> None:
    grouped = (
        pa.table({"code": codes, "time": time})
        .group_by("code")
        .aggregate([("time", "count"), ("time", "min"), ("time", "max")])
    )
    for row in _rows(grouped):
        code, events, first, last = row
        before = totals.get(code, (0, first, last))
        totals[code] = (before[0] + events, min(before[1], first), max(before[2], last))


def _rows(grouped: Table) -> Iterator[tuple[int, int, int, int]]:
    names = ("code", "time_count", "time_min", "time_max")
    return zip(*(grouped[name].to_pylist() for name in names), strict=True)
