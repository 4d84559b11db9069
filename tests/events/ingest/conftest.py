import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor
from parcours.events.ingest.handoff import hand_over_all
from parcours.events.ingest.inbox import take_in
from parcours.events.ingest.messages import Message, Verdict
from parcours.events.models import Source
from parcours.events.writes import add_source

ARRIVED = datetime(2026, 3, 1, 12, tzinfo=UTC)
Send = Callable[..., list[Verdict]]


@pytest.fixture
def source(brand: Brand, system: Actor) -> Source:
    return add_source(brand, "Shop", acting_user=system)[0]


@pytest.fixture
def send(brand: Brand, source: Source) -> Send:
    """Takes messages in, as a client would send them (the wire's names), and hands them over."""

    def run(*messages: dict[str, Any], at: datetime = ARRIVED, hand_over: bool = True) -> list[Verdict]:
        verdicts = take_in(
            brand.pk,
            source.pk,
            [
                Message(message_id=fields["messageId"], type="track", raw=json.dumps(fields).encode())
                for fields in messages
            ],
            received_at=at,
        )
        if hand_over:
            hand_over_all(brand.pk)
        return verdicts

    return run


def track(event: str, message_id: str = "", **fields: Any) -> dict[str, Any]:
    return {
        "type": "track",
        "event": event,
        "messageId": message_id or f"m-{event}-{sorted(fields.items(), key=str)}",
        **fields,
    }
