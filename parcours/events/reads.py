"""What is known about events, sources and imports."""

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import Max, QuerySet
from django.utils.translation import gettext as _

from parcours.accounts.models import Brand
from parcours.core.errors import NotFound
from parcours.events.lake import Lake
from parcours.events.lake.index import NameCount
from parcours.events.lake.layout import bucket_of
from parcours.events.models import Import, LakeFile, SchemaWarning, Source


@dataclass(frozen=True, slots=True)
class EventView:
    """One event of a customer's timeline."""

    id: str
    time: datetime
    name: str
    channel: str
    source: str
    properties: dict[str, Any]


def sources(brand: Brand) -> QuerySet[Source]:
    return Source.objects.filter(brand=brand, removed_at=None).order_by("name")


def source(brand: Brand, source_id: uuid.UUID) -> Source:
    """Raises NotFound."""
    found = sources(brand).filter(pk=source_id).first()
    if found is None:
        raise NotFound(_("There is no such source."))
    return found


def brand_of_key(digest: str) -> uuid.UUID | None:
    """The brand of the source that has the write key with this digest; None for a key that opens nothing."""
    return Source.objects.filter(digest=digest, removed_at=None).values_list("brand_id", flat=True).first()


def warnings(brand: Brand, *, source_id: uuid.UUID | None = None) -> QuerySet[SchemaWarning]:
    """What is unusual about the events that came in, the latest first; of one source, when given."""
    found = (
        SchemaWarning.objects.filter(brand=brand).select_related("source").order_by("-last_seen", "-count")
    )
    return found if source_id is None else found.filter(source_id=source_id)


def imports(brand: Brand) -> QuerySet[Import]:
    """The imports of a brand, the newest first."""
    return Import.objects.filter(brand=brand).order_by("-created_at")


def import_of(brand: Brand, import_id: uuid.UUID) -> Import:
    """Raises NotFound."""
    found = Import.objects.filter(brand=brand, pk=import_id).first()
    if found is None:
        raise NotFound(_("There is no such import."))
    return found


def latest_event_at(brand: Brand) -> datetime | None:
    """When the newest event happened; None without any."""
    found: datetime | None = LakeFile.objects.filter(brand=brand).aggregate(at=Max("last_time"))["at"]
    return found


def name_counts(brand: Brand) -> list[NameCount]:
    """Every event name with its counts, the most frequent first."""
    return Lake(brand.pk).index().name_counts()


def customers_with_events(brand: Brand) -> int:
    """How many customers have at least one event."""
    return Lake(brand.pk).index().n_customers


def count_events(brand: Brand, *, name: str | None = None, since: datetime | None = None) -> int:
    """How many events are stored; of one name, and at or after a moment, when given."""
    lake = Lake(brand.pk)
    if name is None and since is None:
        return lake.manifest().rows
    index = lake.index()
    start = None if since is None else _microseconds(since)
    if start is None:
        return next((count.events for count in index.name_counts() if count.name == name), 0)
    chosen = index.time >= start
    if name is not None:
        if name not in index.names:
            return 0
        chosen &= index.name_codes == index.names.index(name)
    return int(chosen.sum())


def timeline(
    brand: Brand, customer_id: int, *, page: int = 1, size: int = 100
) -> tuple[list[EventView], int]:
    """A page of a customer's events, the newest first, and how many there are in all."""
    rows = _rows_of(brand, customer_id)
    end = max(0, len(rows) - (page - 1) * size)
    return [view_of(row) for row in reversed(rows[max(0, end - size) : end])], len(rows)


def view_of(row: dict[str, Any]) -> EventView:
    """A stored row as an event of a timeline."""
    import msgspec

    return EventView(
        id=str(uuid.UUID(bytes=row["event_id"])),
        time=row["time"],
        name=row["name"],
        channel=row["channel"] or "",
        source=row["source"] or "",
        properties=msgspec.json.decode(row["properties"] or "{}"),
    )


def _rows_of(brand: Brand, customer_id: int) -> list[dict[str, Any]]:
    import numpy as np

    from parcours.events.arrow import pq

    lake = Lake(brand.pk)
    bucket = int(bucket_of(np.array([customer_id]))[0])
    rows: list[dict[str, Any]] = []
    for path in lake.manifest().paths(bucket):
        wanted = [("customer", "==", customer_id)]
        rows += pq.read_table(lake.folder / path, filters=wanted, partitioning=None).to_pylist()
    return sorted(rows, key=lambda row: (row["time"], row["seq"]))


def _microseconds(moment: datetime) -> int:
    from parcours.engine.moments import moment as as_microseconds

    return as_microseconds(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
