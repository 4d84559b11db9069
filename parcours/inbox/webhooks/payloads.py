"""What an endpoint is sent: thin and versioned. Words of messages are read when it leaves, and never kept."""

import json
import uuid
from typing import Any

from parcours.inbox.models import Message
from parcours.inbox.webhooks.models import WebhookEndpoint, WebhookEvent

VERSION = 1
MOST_WORDS = 10_000


def event_name(event_id: uuid.UUID) -> str:
    """What the receiver knows it by, however often it comes: `webhook-id`."""
    return f"evt_{event_id.hex}"


def payload(event: WebhookEvent, endpoint: WebhookEndpoint) -> dict[str, Any]:
    data = dict(event.data)
    if endpoint.with_text and event.message_id is not None:
        row = Message.objects.filter(pk=event.message_id).values("text", "fault").first()
        if row is not None:
            data["message"] = {**data["message"], "text": row["text"][:MOST_WORDS], "fault": row["fault"]}
    return {
        "id": event_name(event.pk),
        "type": event.kind,
        "version": VERSION,
        "timestamp": event.at.isoformat(),
        "brand": str(event.brand_id),
        "data": data,
    }


def body_of(event: WebhookEvent, endpoint: WebhookEndpoint) -> bytes:
    return json.dumps(payload(event, endpoint), ensure_ascii=False, separators=(",", ":")).encode()
