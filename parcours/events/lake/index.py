"""All events of a brand as sorted arrays, mapped into memory: what the journey engine and the canvas compute
on.
"""

import json
import uuid
import weakref
from collections.abc import Sequence
from functools import cached_property, partial
from pathlib import Path
from threading import Lock
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from parcours.engine import Column, EventLog
from parcours.events.lake import manifest
from parcours.events.lake.index_folders import lock_of
from parcours.events.lake.layout import LABELLED, lake_folder

Int64s = npt.NDArray[np.int64]
Codes = npt.NDArray[np.uint8] | npt.NDArray[np.uint16]


class LakeColumn(NamedTuple):
    """One value an event: `codes` are signed positions in `labels`, -1 where the event has no value."""

    codes: npt.NDArray[np.signedinteger[Any]]
    labels: tuple[str, ...]


class NameCount(NamedTuple):
    """How often an event name occurs. Times are microseconds since 1970; `days` counts the last ones up to
    the lake's last day.
    """

    name: str
    events: int
    first: int
    last: int
    days: list[int]


class LakeIndex:
    """One generation of a brand's lake.

    The events of customer c (a position; ids are `customers[c]`, in the order of the buckets, not of the ids)
    stand at `offsets[c]` to `offsets[c + 1]`. `time` is in microseconds since 1970 in UTC. `name_codes` are
    one or two bytes wide and the highest code means “none”.
    """

    def __init__(self, folder: Path, lake: Path) -> None:
        """For `open_index`."""
        self._folder = folder
        self._lake = lake
        use = lock_of(folder)
        use.share()
        weakref.finalize(self, use.let_go)
        self._meta: dict[str, Any] = json.loads((folder / "meta.json").read_text("utf-8"))
        self._columns: dict[str, LakeColumn] = {}
        self._lock = Lock()

    @property
    def generation(self) -> int:
        return int(self._meta["generation"])

    def __len__(self) -> int:
        """The number of events."""
        return int(self._meta["events"])

    @cached_property
    def customers(self) -> Int64s:
        return self._mapped("customers")

    @cached_property
    def offsets(self) -> Int64s:
        return self._mapped("offsets")

    @cached_property
    def time(self) -> Int64s:
        return self._mapped("time")

    @property
    def n_customers(self) -> int:
        return len(self.customers)

    @property
    def names(self) -> tuple[str, ...]:
        return self._labels("name")

    @property
    def channels(self) -> tuple[str, ...]:
        return self._labels("channel")

    @property
    def sources(self) -> tuple[str, ...]:
        return self._labels("source")

    @cached_property
    def name_codes(self) -> Codes:
        return self._mapped("name")

    @cached_property
    def channel_codes(self) -> Codes:
        return self._mapped("channel")

    @cached_property
    def source_codes(self) -> Codes:
        return self._mapped("source")

    @cached_property
    def span(self) -> tuple[int, int] | None:
        """The first and the last time; None without events."""
        return tuple(self._meta["span"]) if self._meta["span"] else None

    def log(self, columns: Sequence[str] = ()) -> EventLog:
        """The engine's log over the same arrays; the activity is the event's name. `columns` are made known
        to it.
        """
        return self._log if not columns else self._log_with(tuple(columns))

    @cached_property
    def _log(self) -> EventLog:
        return self._log_with(())

    def _log_with(self, columns: tuple[str, ...]) -> EventLog:
        known = {name: Column(partial(self._arrow, name)) for name in ("source", *columns)}
        return EventLog.from_codes(
            customers=self.customers,
            offsets=self.offsets,
            time=self.time,
            activity=self.name_codes,
            activities=self.names,
            channel=self.channel_codes,
            channels=self.channels,
            columns=known,
        )

    def _arrow(self, name: str) -> Any:
        return Column.of_codes(*self.column(name)).arrow

    def column(self, field: str) -> LakeColumn:
        """The values of `name`, `channel`, `source` or `properties.<key>`, one an event, as text.

        A property is read from the files once a generation and kept beside the index. Raises LookupError for
        other fields.
        """
        with self._lock:
            if field not in self._columns:
                self._columns[field] = self._load_column(field)
            return self._columns[field]

    def read_ahead(self, keys: Sequence[str]) -> None:
        """Makes the columns of these properties in one reading; `column` would read the files for each."""
        from parcours.events.lake.property_columns import build_missing

        with self._lock:
            build_missing(self._lake, self._folder, self._meta["files"], len(self), keys)

    def property_keys(self) -> tuple[str, ...]:
        """Keys that events' properties have, the more frequent first, from a sample of every bucket."""
        return tuple(self._meta["keys"])

    def name_counts(self) -> list[NameCount]:
        """Every event name with its counts, the most frequent first."""
        return [NameCount(*entry) for entry in self._meta["names"]]

    def _load_column(self, field: str) -> LakeColumn:
        if field in LABELLED:
            return LakeColumn(signed(self._mapped(field)), self._labels(field))
        key = field.removeprefix("properties.")
        if key == field or not key:
            raise LookupError(f"{field!r} is not a column of the lake")
        from parcours.events.lake.property_columns import property_column

        return property_column(self._lake, self._folder, self._meta["files"], len(self), key)

    def _labels(self, field: str) -> tuple[str, ...]:
        return tuple(self._meta["labels"][field])

    def _mapped(self, name: str) -> npt.NDArray[Any]:
        return mapped(self._folder / f"{name}.npy")


def mapped(path: Path) -> npt.NDArray[Any]:
    """The array of a file, read as it is used. A plain array over the map: numpy's memmap type is slow to
    slice.
    """
    return np.asarray(np.load(path, mmap_mode="r"))


def signed(codes: npt.NDArray[Any]) -> npt.NDArray[np.signedinteger[Any]]:
    """Unsigned codes whose highest value means “none” as signed ones where -1 does."""
    wider = np.int16 if codes.dtype == np.uint8 else np.int32
    result: npt.NDArray[Any] = codes.astype(wider)
    result[codes == np.iinfo(codes.dtype).max] = -1
    return result


MOST_OPEN = 32
"""Brands whose indexes a process keeps open."""
_TRIES = 5
_open: dict[Path, LakeIndex] = {}
_opening = Lock()


def open_index(brand_id: uuid.UUID) -> LakeIndex:
    """The index of the generation in effect, built when nobody has yet; one object a process."""
    lake = lake_folder(brand_id)
    generation = manifest.generation_of(brand_id)
    found = _open.get(lake)
    if found is not None and found.generation == generation:
        return found
    with _opening:
        found = _open.pop(lake, None)
        if found is None or found.generation != generation:
            found = _newest(brand_id, lake)
        _open[lake] = found
        while len(_open) > MOST_OPEN:
            del _open[next(iter(_open))]
    return found


def _newest(brand_id: uuid.UUID, lake: Path) -> LakeIndex:
    from parcours.events.lake.index_build import ensure_index

    for _attempt in range(_TRIES):
        try:
            return LakeIndex(ensure_index(brand_id, lake), lake)
        except FileNotFoundError:
            continue  # another process has made the next one, and taken this one away
    return LakeIndex(ensure_index(brand_id, lake), lake)
