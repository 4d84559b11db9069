"""What waits in the inbox, and what becomes of it once it was handed over."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import connection
from django.db.models import Max

from parcours.core.clock import now
from parcours.events.enums import Refusal
from parcours.events.models import ReceivedEvent, RefusedEvent, SchemaWarning

MOST_ROWS = 20_000
MOST_BYTES = 32 * 1024 * 1024
KEPT = timedelta(days=7)
"""How long a message stays after its hand-over: clients may send it again, and people look at it."""
REFUSED_KEPT = timedelta(days=30)
WARNINGS_KEPT = timedelta(days=90)


class Waiting(NamedTuple):
    """A message in the inbox."""

    id: int
    source_id: uuid.UUID
    source: str
    source_kind: str
    message_id: str
    dialect: str
    body: bytes
    received_at: datetime
    sent_at: datetime | None


class Handed(NamedTuple):
    """A message that was handed over; `customer` is None when it was left out, and then its body goes too."""

    id: int
    customer: int | None


def next_waiting(brand_id: uuid.UUID) -> list[Waiting]:
    """The next messages in the order of their arrival, as many as fit into memory."""
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, {"brand": brand_id, "rows": MOST_ROWS, "bytes": MOST_BYTES})
        return [Waiting._make(row) for row in cursor.fetchall()]


def newest_waiting(brand_id: uuid.UUID) -> int:
    """The id of the message that came last; 0 when nothing waits."""
    waiting = ReceivedEvent.objects.filter(brand_id=brand_id, handed_at=None)
    return waiting.aggregate(newest=Max("id"))["newest"] or 0


def brands_waiting() -> list[uuid.UUID]:
    waiting = ReceivedEvent.objects.filter(handed_at=None)
    return list(waiting.values_list("brand_id", flat=True).distinct())


def note_handed(rows: Sequence[Handed], at: datetime) -> None:
    """In the transaction that puts the events in effect."""
    kept = [row for row in rows if row.customer is not None]
    left_out = [row.id for row in rows if row.customer is None]
    with connection.cursor() as cursor:
        if kept:
            cursor.execute(
                "UPDATE events_receivedevent r SET handed_at = %s, customer_id = h.customer"
                " FROM unnest(%s::bigint[], %s::bigint[]) h (id, customer) WHERE r.id = h.id",
                [at, [row.id for row in kept], [row.customer for row in kept]],
            )
        if left_out:
            cursor.execute(
                "UPDATE events_receivedevent SET handed_at = %s, body = '{}' WHERE id = ANY(%s)",
                [at, left_out],
            )


def count_for_sources(rows: Iterable[Waiting]) -> None:
    """Tells the sources how much of theirs was handed over, and when the newest of it arrived."""
    counts: dict[uuid.UUID, tuple[int, datetime]] = {}
    for row in rows:
        count, newest = counts.get(row.source_id, (0, row.received_at))
        counts[row.source_id] = (count + 1, max(newest, row.received_at))
    with connection.cursor() as cursor:
        for source_id, (count, newest) in sorted(counts.items()):
            cursor.execute(
                "UPDATE events_source SET event_count = event_count + %s,"
                " last_event_at = GREATEST(last_event_at, %s) WHERE id = %s",
                [count, newest, source_id],
            )


def set_aside(brand_id: uuid.UUID, row: Waiting, reason: Refusal) -> None:
    """Takes a message out of the way of those behind it, and keeps it where people see it."""
    RefusedEvent.objects.create(
        brand_id=brand_id,
        source_id=row.source_id,
        reason=reason,
        body=row.body,
        received_at=row.received_at,
    )
    note_handed([Handed(row.id, None)], now())


def forget_old() -> int:
    """Deletes what was handed over long ago and what nobody will look at any more; returns how many rows."""
    moment = now()
    deleted = 0
    for rows in (
        ReceivedEvent.objects.filter(handed_at__lt=moment - KEPT),
        RefusedEvent.objects.filter(received_at__lt=moment - REFUSED_KEPT),
        SchemaWarning.objects.filter(last_seen__lt=moment - WARNINGS_KEPT),
    ):
        deleted += rows.delete()[0]
    return deleted + _forget_most_refused()


def _forget_most_refused() -> int:
    """A source that sends nothing but rubbish keeps the newest of it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM events_refusedevent WHERE id IN (SELECT id FROM (SELECT id, row_number()"
            " OVER (PARTITION BY source_id ORDER BY id DESC) AS place FROM events_refusedevent) numbered"
            " WHERE place > %s)",
            [MOST_REFUSED],
        )
        return int(cursor.rowcount)


MOST_REFUSED = 500
_NEXT = """
SELECT id, source_id, name, kind, message_id, dialect, body, received_at, sent_at FROM (
  SELECT *, sum(octet_length(body)) OVER (ORDER BY id) - octet_length(body) AS before FROM (
    SELECT r.*, s.name, s.kind FROM events_receivedevent r JOIN events_source s ON s.id = r.source_id
    WHERE r.brand_id = %(brand)s AND r.handed_at IS NULL ORDER BY r.id LIMIT %(rows)s
  ) first
) summed WHERE before < %(bytes)s ORDER BY id
"""
