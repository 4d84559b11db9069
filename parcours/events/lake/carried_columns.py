"""Columns of properties that an index takes over from an earlier one: those asked for lately."""

import json
import os
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from parcours.events.arrow import Table, pa
from parcours.events.lake.array_files import ArrayReader, ArrayWriter
from parcours.events.lake.bucket_rows import coded
from parcours.events.lake.index_changes import NOWHERE, Arrangement, Change
from parcours.events.lake.property_columns import as_in_rules, extracted, write_labels

LATELY = 86_400.0
MOST = 32


def put(
    writer: ArrayWriter, array: ArrayReader, change: Change, arranged: Arrangement | None, values: Any
) -> None:
    """Appends a bucket to an array of the later index; `values` are those of its new rows."""
    if arranged:
        writer.rearrange(array, *change.rows, arranged.taken, values)
    else:
        writer.merge(array, *change.rows, change.at, values)


class CarriedColumns:
    """Columns that are written along with the other arrays, bucket by bucket."""

    def __init__(self, before: Path, folder: Path, rows: int) -> None:
        (folder / "columns").mkdir(exist_ok=True)
        self._carried = {
            kept["key"]: _Carried(labels, kept, folder / "columns", rows)
            for labels in _asked_for_lately(before / "columns")
            for kept in [json.loads(labels.read_text("utf-8"))]
        }
        self._ahead: Iterator[dict[str, Any]] = iter(())

    @property
    def keys(self) -> list[str]:
        return list(self._carried)

    def read_ahead(self, tables: Sequence[Table]) -> None:
        """The values of all new rows in one reading; `add` is then called for these tables in this order."""
        if not self._carried or not tables:
            return
        values = extracted(pa.concat_tables([table.select(["properties"]) for table in tables]), self.keys)
        starts = np.cumsum([0, *(len(table) for table in tables)]).tolist()
        self._ahead = iter(
            [self._named(values.slice(start, len(table))) for start, table in zip(starts, tables)]  # noqa: B905
        )

    def add(self, change: Change, arranged: Arrangement | None, table: Table | None) -> None:
        """Appends a bucket to every column; a column that grows too wide is left to be made anew."""
        values = {}
        if table is not None and self._carried:
            values = self._named(extracted(table, self.keys)) if arranged else next(self._ahead)
        for carried in self._carried.values():
            carried.add(change, arranged, values.get(carried.key))

    def close(self) -> None:
        for carried in self._carried.values():
            carried.close()

    def _named(self, values: Table) -> dict[str, Any]:
        return {key: values.column(place) for place, key in enumerate(self._carried)}


class _Carried:
    """One column; nothing of it is kept unless it was added to until the end."""

    def __init__(self, labels: Path, kept: dict[str, Any], folder: Path, rows: int) -> None:
        self.key: str = kept["key"]
        self._codes: dict[str, int] = {text: code for code, text in enumerate(kept["labels"])}
        self._asked = labels.stat().st_mtime
        self._old = ArrayReader(labels.with_suffix(".npy"))
        self._target = folder / labels.name
        self._new: ArrayWriter | None
        self._new = ArrayWriter(self._target.with_suffix(".npy"), self._old.kind, rows)
        self._rows, self._written = rows, 0

    def add(self, change: Change, arranged: Arrangement | None, values: Any) -> None:
        if self._new is None:
            return
        codes = NOWHERE if values is None else self._coded(values)
        try:
            put(self._new, self._old, change, arranged, codes)
        except OverflowError:
            self._give_up()
        self._written += len(arranged.taken) if arranged else change.rows[1] - change.rows[0] + len(change.at)

    def _coded(self, values: Any) -> npt.NDArray[Any]:
        found: dict[str, int] = {}
        codes = coded(values, found)
        texts, places = as_in_rules(list(found))
        known = np.array([*(self._codes.setdefault(text, len(self._codes)) for text in texts), -1], np.int64)
        result: npt.NDArray[Any] = known[places[codes]]
        return result

    def _give_up(self) -> None:
        if self._new is not None:
            self._new.close()
            self._target.with_suffix(".npy").unlink()
        self._new = None

    def close(self) -> None:
        self._old.close()
        if self._written != self._rows:
            self._give_up()
        if self._new is not None:
            self._new.close()
            write_labels(self._target, self.key, list(self._codes))
            os.utime(self._target, (self._asked, self._asked))


def _asked_for_lately(columns: Path) -> list[Path]:
    found = [(labels.stat().st_mtime, labels) for labels in columns.glob("[0-9a-f]*.json")]
    since = time.time() - LATELY
    return [labels for asked, labels in sorted(found, reverse=True)[:MOST] if asked > since]
