"""A lake's index made from an earlier one: what stayed is copied, what is new is put in its place."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from parcours.events.arrow import Table
from parcours.events.lake.array_files import ArrayReader, ArrayWriter
from parcours.events.lake.bucket_rows import coded
from parcours.events.lake.carried_columns import CarriedColumns, put
from parcours.events.lake.index_changes import NOWHERE, Arrangement, Before, Change, arrangement
from parcours.events.lake.index_names import NO_CODE, with_more_names
from parcours.events.lake.layout import LABELLED, as_int64
from parcours.events.lake.manifest import Manifest

Int64s = npt.NDArray[np.int64]
MOST_SHARE = 4
"""With more new events than one in this many the index is built anew."""
_MOST_KEYS = 200
_SAMPLED = 1_000


def update_index(lake: Path, before: Path, current: Manifest, folder: Path) -> dict[str, Any] | None:
    """Writes the arrays into a new folder and returns what its meta.json says; None when they must be built
    from the files.
    """
    meta = json.loads((before / "meta.json").read_text("utf-8"))
    if not meta["events"] or (current.rows - meta["events"]) * MOST_SHARE > current.rows:
        return None
    mapped = {
        name: np.asarray(np.load(before / f"{name}.npy", mmap_mode="r"))
        for name in ("customers", "offsets", "time")
    }
    known = Before(meta, **mapped)
    changes = list(known.changes(lake, current))
    if all(change.is_altered and not change.earlier_files for change in changes):
        return None
    try:
        return _Update(lake, before, current, folder, known).run(changes)
    except OverflowError:
        return None  # more labels than the codes can tell apart
    except FileNotFoundError:
        return None  # files of the earlier generation are gone, or of this one: the builder will find out


class _Update:
    def __init__(self, lake: Path, before: Path, current: Manifest, folder: Path, known: Before) -> None:
        self._lake, self._folder, self._current, self._known = lake, folder, current, known
        self._old = {name: ArrayReader(before / f"{name}.npy") for name in ("time", *LABELLED)}
        self._new = {
            name: ArrayWriter(folder / f"{name}.npy", reader.kind, current.rows)
            for name, reader in self._old.items()
        }
        self._labels = {
            name: {label: code for code, label in enumerate(known.meta["labels"][name])} for name in LABELLED
        }
        self._columns = CarriedColumns(before, folder, current.rows)
        self._customers: list[Int64s] = []
        self._counts: list[Int64s] = []
        self._arrived: list[tuple[Int64s, Int64s]] = []
        self._keys: Counter[str] = Counter()

    def run(self, changes: list[Change]) -> dict[str, Any] | None:
        try:
            self._columns.read_ahead([change.new for change in changes if change.new is not None])
            for change in changes:
                self._add(change)
        finally:
            self._columns.close()
            for reader in self._old.values():
                reader.close()
            for writer in self._new.values():
                writer.close()
        names = np.concatenate([codes for codes, _times in self._arrived] or [np.empty(0, np.int64)])
        times = np.concatenate([times for _codes, times in self._arrived] or [np.empty(0, np.int64)])
        meta = self._known.meta
        if meta["events"] + len(times) != self._current.rows:
            return None  # events went that the earlier index still counts
        self._finish_customers()
        first, last = meta["span"]
        span = (min(first, int(times.min())), max(last, int(times.max()))) if len(times) else (first, last)
        labels = {name: list(labels) for name, labels in self._labels.items()}
        return {
            "events": self._current.rows,
            "span": span,
            "labels": labels,
            "names": with_more_names(meta["names"], labels["name"], names, times, (last, span[1])),
            "keys": self._all_keys(),
            "buckets": [
                {
                    "bucket": change.bucket,
                    "altered": change.altered,
                    "customers": len(customers),
                    "rows": int(counts.sum()),
                }
                for change, customers, counts in zip(changes, self._customers, self._counts, strict=True)
            ],
        }

    def _add(self, change: Change) -> None:
        """Appends a bucket to every array."""
        arranged = arrangement(self._lake, change) if change.is_altered else None
        table = arranged.new if arranged else change.new
        inserted = self._values(table) if table is not None else {}
        if arranged:
            self._note_arranged(arranged)
        else:
            self._note_customers(change, table)
        for name, writer in self._new.items():
            put(writer, self._old[name], change, arranged, inserted.get(name, NOWHERE))
        self._columns.add(change, arranged, table)
        if table is not None:
            self._note_arrived(table, inserted)

    def _values(self, table: Table) -> dict[str, Int64s]:
        """What the arrays say of new rows."""
        values = {"time": as_int64(table["time"])}
        for name in LABELLED:
            codes = coded(table[name], self._labels[name])
            none = np.iinfo(self._old[name].kind).max
            if len(self._labels[name]) >= none:
                raise OverflowError
            values[name] = np.where((codes < 0) | (codes >= NO_CODE), none, codes)
        return values

    def _note_arrived(self, table: Table, inserted: dict[str, Any]) -> None:
        fresh = as_int64(table["seq"]) >= self._known.meta["next_seq"]
        self._arrived.append((inserted["name"][fresh].astype(np.int64), inserted["time"][fresh]))
        for text in table["properties"].slice(0, _SAMPLED).to_pylist():
            self._keys.update(json.loads(text or "{}").keys())

    def _note_arranged(self, arranged: Arrangement) -> None:
        customers, counts = np.unique(arranged.owners, return_counts=True)
        self._customers.append(customers)
        self._counts.append(counts)

    def _note_customers(self, change: Change, table: Table | None) -> None:
        first, last = change.customers
        customers = self._known.customers[first:last]
        counts = np.diff(self._known.offsets[first : last + 1]) if last > first else np.empty(0, np.int64)
        if table is not None:
            owners, own = np.unique(as_int64(table["customer"]), return_counts=True)
            both = np.union1d(customers, owners)
            total = np.zeros(len(both), np.int64)
            total[np.searchsorted(both, customers)] += counts
            total[np.searchsorted(both, owners)] += own
            customers, counts = both, total
        self._customers.append(customers)
        self._counts.append(counts)

    def _finish_customers(self) -> None:
        counts = np.concatenate(self._counts)
        offsets = np.zeros(len(counts) + 1, np.int64)
        np.cumsum(counts, out=offsets[1:])
        np.save(self._folder / "customers.npy", np.concatenate(self._customers))
        np.save(self._folder / "offsets.npy", offsets)

    def _all_keys(self) -> list[str]:
        known = self._known.meta["keys"]
        new = [key for key, _count in self._keys.most_common() if key not in known]
        return [*known, *new][:_MOST_KEYS]
