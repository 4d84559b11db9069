"""The events of a brand a page at a time, the newest first, read from the lake's files."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import numpy as np
from django.utils.translation import gettext as _

from parcours.accounts.models import Brand
from parcours.core.errors import BadInput
from parcours.customers.reads import merges_not_in_lake
from parcours.events.lake import Lake
from parcours.events.lake.layout import bucket_of
from parcours.events.reads import EventView, view_of

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LONGEST_CURSOR = 60


@dataclass(frozen=True, slots=True)
class ListedEvent:
    """An event, and whose it is."""

    event: EventView
    customer_id: int


@dataclass(frozen=True, slots=True)
class EventsPage:
    """`following` is the cursor of the next page, empty on the last."""

    events: tuple[ListedEvent, ...]
    following: str


class Cursor(NamedTuple):
    """The last event of a page: its time (microseconds since 1970) and id."""

    time: int
    event_id: bytes

    def __str__(self) -> str:
        return f"{self.time}.{self.event_id.hex()}"


def read_cursor(text: str) -> Cursor:
    """Raises BadInput for a cursor that no page gave."""
    time, _dot, event_id = text.partition(".")
    try:
        if len(text) > _LONGEST_CURSOR or len(event_id) != 32:
            raise ValueError(text)
        cursor = Cursor(int(time), bytes.fromhex(event_id))
        _moment(cursor.time)
    except (ValueError, OverflowError) as error:
        raise BadInput(_("There is no such page."), where="cursor") from error
    return cursor


def events_page(
    brand: Brand,
    *,
    cursor: str = "",
    limit: int = 100,
    name: str = "",
    customer_id: int | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> EventsPage:
    """The newest events before the cursor, of one name or customer when given, from `since` on and before
    `until`. Raises BadInput for a cursor that can't be.
    """
    conditions: list[tuple[str, list[Any]]] = []
    if cursor:
        at = read_cursor(cursor)
        moment = _moment(at.time)
        conditions.append(("(time < ? OR (time = ? AND event_id < ?))", [moment, moment, at.event_id]))
    if name:
        conditions.append(("name = ?", [name]))
    if since is not None:
        conditions.append(("time >= ?", [_aware(since)]))
    if until is not None:
        conditions.append(("time < ?", [_aware(until)]))
    buckets: list[int | None] = [None]
    if customer_id is not None:
        ids = _ids_in_lake(brand, customer_id)
        conditions.append((f"customer IN ({', '.join('?' * len(ids))})", list(ids)))
        buckets = list(dict.fromkeys(int(bucket) for bucket in bucket_of(np.array(ids, np.int64))))
    rows = _rows(brand, buckets, conditions, limit + 1)
    following = ""
    if len(rows) > limit:
        last = rows[limit - 1]
        following = str(Cursor((last["time"] - _EPOCH) // timedelta(microseconds=1), last["event_id"]))
    listed = tuple(ListedEvent(view_of(row), int(row["customer"])) for row in rows[:limit])
    return EventsPage(listed, following)


def _rows(
    brand: Brand, buckets: list[int | None], conditions: list[tuple[str, list[Any]]], limit: int
) -> list[dict[str, Any]]:
    """Once more when a file went away under us: the lake had just been rewritten."""
    import duckdb

    try:
        return _read(brand, buckets, conditions, limit)
    except duckdb.IOException:
        return _read(brand, buckets, conditions, limit)


def _read(
    brand: Brand, buckets: list[int | None], conditions: list[tuple[str, list[Any]]], limit: int
) -> list[dict[str, Any]]:
    import duckdb

    lake = Lake(brand.pk)
    manifest = lake.manifest()
    files = [str(lake.folder / path) for bucket in buckets for path in manifest.paths(bucket)]
    if not files:
        return []
    where = " AND ".join(sql for sql, _values in conditions) or "TRUE"
    values = [value for _sql, some in conditions for value in some]
    query = (
        "SELECT time, event_id, customer, name::VARCHAR AS name, channel::VARCHAR AS channel,"  # noqa: S608 - fixed names and placeholders
        " source::VARCHAR AS source, properties FROM read_parquet(?)"
        f" WHERE {where} ORDER BY time DESC, event_id DESC LIMIT {int(limit)}"
    )
    database = duckdb.connect(config={"threads": "2", "memory_limit": "192MB"})
    try:
        database.execute("SET TimeZone = 'UTC'")
        found: list[dict[str, Any]] = (
            database.sql(query, params=[files, *values]).to_arrow_table().to_pylist()
        )
        return found
    finally:
        database.close()


def _ids_in_lake(brand: Brand, customer_id: int) -> list[int]:
    """The ids under which the lake holds the customer's events until it follows the latest merges."""
    moves = merges_not_in_lake(brand)
    return [customer_id, *(loser for loser, winner in moves.items() if winner == customer_id)]


def _moment(microseconds: int) -> datetime:
    return _EPOCH + timedelta(microseconds=microseconds)


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
