"""Events and files of events about people, for export and erasure."""

import csv
import gzip
import re
import shutil
import uuid
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings

from parcours.accounts.reads import brand_by_id
from parcours.core.errors import ParcoursError
from parcours.customers.reads import identities_of
from parcours.events.lake import Lake
from parcours.events.lake.manifest import sole_writer
from parcours.events.models import Import
from parcours.events.reads import timeline
from parcours.events.uploads import path_of, waits

MOST_EVENTS = 10_000_000


class LakeRecords:
    """The events of the lake."""

    name = "events"

    def export(self, brand_id: uuid.UUID, customer_ids: Collection[int]) -> dict[str, list[dict[str, Any]]]:
        brand = brand_by_id(brand_id)
        rows = [
            {
                "id": event.id,
                "time": event.time,
                "name": event.name,
                "channel": event.channel,
                "source": event.source,
                "properties": event.properties,
            }
            for customer_id in customer_ids
            for event in timeline(brand, customer_id, size=MOST_EVENTS)[0]
        ]
        return {"events": sorted(rows, key=lambda row: row["time"])} if rows else {}

    def erase(self, brand_id: uuid.UUID, customer_ids: Collection[int]) -> dict[str, int]:
        return {"events": Lake(brand_id).forget(list(customer_ids))}


class FileRecords:
    """Rejected rows that are kept for people to look at, and files that wait to be taken in."""

    name = "files"

    def export(self, brand_id: uuid.UUID, customer_ids: Collection[int]) -> dict[str, list[dict[str, Any]]]:
        wanted = _naming(brand_id, customer_ids)
        if wanted is None:
            return {}
        rows = [
            {"file": path.name, "line": row[0], "reason": row[1], "text": row[2]}
            for path in _rejects(brand_id)
            for row in _rows(path)
            if wanted.search(row[-1])
        ]
        return {"rejected rows": rows} if rows else {}

    def erase(self, brand_id: uuid.UUID, customer_ids: Collection[int]) -> dict[str, int]:
        wanted = _naming(brand_id, customer_ids)
        if wanted is None:
            return {}
        with sole_writer(brand_id):  # no import writes its rejects meanwhile
            rejects = sum(_without(path, wanted) for path in _rejects(brand_id))
            uploads = sum(_discarded(row, wanted) for row in _waiting(brand_id))
        return {"rejected rows": rejects, "waiting files": uploads}


LAKE, FILES = LakeRecords(), FileRecords()


def _naming(brand_id: uuid.UUID, customer_ids: Collection[int]) -> re.Pattern[str] | None:
    """Finds one of the customers' identities where it stands as a word of its own."""
    values = sorted({value for _kind, value in identities_of(brand_id, customer_ids)}, key=len, reverse=True)
    if not values:
        return None
    return re.compile(rf"(?<![\w@])(?:{'|'.join(map(re.escape, values))})(?![\w@])", re.IGNORECASE)


def _rejects(brand_id: uuid.UUID) -> list[Path]:
    return sorted((Path(settings.DATA) / "rejects" / str(brand_id)).glob("*.csv"))


def _rows(path: Path) -> Iterator[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from (row for row in csv.reader(file) if len(row) == 3)


def _without(path: Path, wanted: re.Pattern[str]) -> int:
    """Writes the file anew without the rows about the person; returns how many those were."""
    kept = list(_rows(path))
    rest = [row for row in kept if not wanted.search(row[2])]
    if len(rest) == len(kept):
        return 0
    aside = path.with_suffix(f".{uuid.uuid4().hex}")
    with aside.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rest)
    aside.replace(path)
    return len(kept) - len(rest)


def _waiting(brand_id: uuid.UUID) -> list[Import]:
    return [row for row in Import.objects.filter(brand_id=brand_id) if waits(row)]


def _discarded(row: Import, wanted: re.Pattern[str]) -> int:
    """Forgets an upload that nobody has confirmed yet when it names the person: its owner still has it."""
    if not any(wanted.search(text) for text in _texts(path_of(row))):
        return 0
    folder = path_of(row).parent
    row.delete()
    shutil.rmtree(folder, ignore_errors=True)
    return 1


def _texts(path: Path) -> Iterator[str]:
    from parcours.events.imports.opening import guess_format

    try:
        if guess_format(path) == "parquet":
            yield from _parquet_texts(path)
            return
    except ParcoursError:
        pass
    with path.open("rb") as plain:
        packed = plain.read(2) == b"\x1f\x8b"
    with gzip.open(path, "rt", errors="replace") if packed else path.open(errors="replace") as file:
        yield from file


def _parquet_texts(path: Path) -> Iterator[str]:
    from parcours.events.arrow import pq

    for batch in pq.ParquetFile(path).iter_batches(batch_size=10_000):
        for column in batch.columns:
            yield from (str(value) for value in column.to_pylist() if value is not None)
