"""Messages about people in the inbox, for export and erasure."""

import uuid
from collections.abc import Collection
from typing import Any

from django.db import connection

from parcours.customers.reads import identities_of
from parcours.events.ingest.reading import UnreadableError, object_in
from parcours.events.models import ReceivedEvent, RefusedEvent

_NAMING = (
    "EXISTS (SELECT FROM unnest(%s::text[]) named WHERE"
    " position(lower(encode(convert_to('\"' || named || '\"', 'UTF8'), 'escape'))"
    " IN lower(encode(body, 'escape'))) > 0)"
)
"""Whether a body holds one of the values as a text of its own."""

MOST_VALUES = 500
"""Of more (a retention rule lets thousands go) only the messages known to be theirs are looked for: to hold
each value against each body would take hours, and nothing stays here for longer than some weeks.
"""


class InboxRecords:
    """What clients sent in the last days, as it came, and what of it could not be taken in.

    What still waits needs no erasing: an erased person's messages are emptied when their turn comes.
    """

    name = "inbox"

    def export(self, brand_id: uuid.UUID, customer_ids: Collection[int]) -> dict[str, list[dict[str, Any]]]:
        found = ReceivedEvent.objects.filter(brand_id=brand_id, customer_id__in=list(customer_ids))
        rows = [
            {"id": row.message_id, "received": row.received_at, "message": _content(bytes(row.body))}
            for row in found.order_by("id").iterator()
        ]
        return {"messages": rows} if rows else {}

    def erase(self, brand_id: uuid.UUID, customer_ids: Collection[int]) -> dict[str, int]:
        values = [value for _kind, value in identities_of(brand_id, customer_ids)]
        if len(values) > MOST_VALUES:
            values = []
        return {
            "messages": _delete(
                ReceivedEvent,
                f"brand_id = %s AND handed_at IS NOT NULL AND (customer_id = ANY(%s) OR {_NAMING})",
                [brand_id, list(customer_ids), values],
            ),
            "refused messages": _delete(RefusedEvent, f"brand_id = %s AND {_NAMING}", [brand_id, values]),
        }


def _delete(model: type[ReceivedEvent] | type[RefusedEvent], where: str, values: list[Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {model._meta.db_table} WHERE {where}", values)  # noqa: S608, SLF001
        return int(cursor.rowcount)


def _content(body: bytes) -> dict[str, Any]:
    try:
        return object_in(body)
    except UnreadableError:
        return {}


RECORDS = InboxRecords()
