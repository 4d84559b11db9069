"""Telling open pages what has just arrived."""

import uuid
from collections.abc import Sequence

from parcours.events.ingest.messages import Message
from parcours.events.ingest.waiting import Waiting
from parcours.live.writes import publish

MOST_EVENTS = 30
MOST_CUSTOMERS = 300


def tell_followers(
    brand_id: uuid.UUID, events: Sequence[tuple[Waiting, Message, int]], *, handed: int
) -> None:
    """To `events:<brand>`: the newest events, and whose timelines grew. One update a hand-over, however much
    it brings; part of its transaction.
    """
    newest = [
        {
            "id": row.id,
            "name": message.event,
            "channel": message.channel,
            "source": row.source,
            "customer": customer,
            "time": message.timestamp.isoformat() if message.timestamp else "",
            "received": row.received_at.isoformat(),
        }
        for row, message, customer in events[-MOST_EVENTS:]
    ]
    customers = list(dict.fromkeys(customer for _row, _message, customer in events))
    publish(
        brand_id,
        f"events:{brand_id}",
        "events.arrived",
        {
            "messages": handed,
            "events": newest,
            "customers": customers[:MOST_CUSTOMERS],
            "all_customers": len(customers) <= MOST_CUSTOMERS,
        },
    )
