"""The durable inbox: a message is in it once, however often it is sent."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from parcours.core.errors import NotFound
from parcours.events.enums import Dialect
from parcours.events.ingest.messages import Message, Verdict, as_body
from parcours.events.ingest.nudging import TOGETHER, ask_to_hand_over
from parcours.events.models import Source

STORE = (
    "INSERT INTO events_receivedevent"
    " (brand_id, source_id, message_id, dialect, body, received_at, sent_at)"
    " SELECT s.brand_id, s.id, e.message_id, r.dialect, e.body, r.received_at, r.sent_at"
    " FROM unnest(%(requests)s::int[], %(message_ids)s::text[], %(bodies)s::bytea[])"
    " WITH ORDINALITY e (request, message_id, body, place)"
    " JOIN unnest(%(numbers)s::int[], %(sources)s::uuid[], %(dialects)s::text[],"
    " %(received)s::timestamptz[], %(sent)s::timestamptz[])"
    " r (number, source_id, dialect, received_at, sent_at) ON r.number = e.request"
    " JOIN events_source s ON s.id = r.source_id AND s.removed_at IS NULL"
    " ORDER BY e.place ON CONFLICT (source_id, message_id) DO NOTHING RETURNING source_id, message_id"
)
"""Stores the messages of several requests in one statement, in their order, those that aren't there yet.

The join with the source keeps out what was sent with the key of a source that is being removed.
"""

REFUSE = (
    "INSERT INTO events_refusedevent (brand_id, source_id, reason, body, received_at)"
    " SELECT %(brand)s, %(source)s, e.reason, substring(e.body FOR 32768), %(received)s"
    " FROM unnest(%(reasons)s::text[], %(bodies)s::bytea[]) e (reason, body)"
)
"""Keeps the beginning of what can't be an event, for people to look at."""


def take_in(
    brand_id: uuid.UUID, source_id: uuid.UUID, messages: Sequence[Message], *, received_at: datetime
) -> list[Verdict]:
    """Puts messages into the inbox, each once; a verdict for each, in their order.

    Part of the caller's transaction, if there is one: they are durable when that commits. The hand-off to the
    lake is asked for then. Raises NotFound for a source that was removed.
    """
    if not messages:
        return []
    values: dict[str, Any] = {
        "requests": [0] * len(messages),
        "message_ids": [message.message_id for message in messages],
        "bodies": [as_body(message) for message in messages],
        "numbers": [0],
        "sources": [source_id],
        "dialects": [Dialect.SEGMENT.value],
        "received": [received_at],
        "sent": [None],
    }
    with transaction.atomic(savepoint=False), connection.cursor() as cursor:
        cursor.execute(STORE, values)
        new = {message_id for _source, message_id in cursor.fetchall()}
    if not new and not Source.objects.filter(pk=source_id, removed_at=None).exists():
        raise NotFound(_("There is no such source."))
    transaction.on_commit(lambda: ask_to_hand_over(brand_id, wait=TOGETHER))
    verdicts = []
    for message in messages:
        verdicts.append(
            Verdict(message_id=message.message_id, accepted=True, duplicate=message.message_id not in new)
        )
        new.discard(message.message_id)
    return verdicts
