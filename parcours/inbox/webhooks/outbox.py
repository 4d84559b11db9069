"""What happened, for the programs that want to know: written in the transaction in which it happens."""

import uuid
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

from django.db import transaction

from parcours.core.clock import now
from parcours.inbox.webhooks.models import DeliveryStatus, WebhookDelivery, WebhookEndpoint, WebhookEvent

Data = Callable[[], dict[str, Any]]
_STANDING = "SELECT * FROM inbox_webhookendpoint WHERE brand_id = %s AND removed_at IS NULL"
"""Asked with every message: putting it together from Python took longer than the answer."""


def announce(
    brand_id: uuid.UUID,
    kind: str,
    data: Data,
    *,
    channel: str = "",
    conversation_id: uuid.UUID | None = None,
    contact_id: uuid.UUID | None = None,
    message_id: uuid.UUID | None = None,
) -> None:
    """Tells every endpoint of the brand that wants it, once the transaction is over.

    `data` is asked only when somebody wants it: JSON with ids and what changed, no words and no names. For
    an endpoint that is off the event is kept, so that it can be told later.
    """
    standing = WebhookEndpoint.objects.raw(_STANDING, [brand_id])
    wanting = [each for each in standing if wants(each, kind, channel)]
    if not wanting:
        return
    event = WebhookEvent.objects.create(
        brand_id=brand_id,
        kind=kind,
        at=now(),
        channel=channel,
        conversation_id=conversation_id,
        contact_id=contact_id,
        message_id=message_id,
        data=data(),
    )
    put_in_outbox(event, [each for each in wanting if each.off_since is None])


def has_listeners(brand_id: uuid.UUID) -> bool:
    return WebhookEndpoint.objects.filter(brand_id=brand_id, removed_at=None).exists()


def put_in_outbox(event: WebhookEvent, endpoints: Sequence[WebhookEndpoint]) -> list[WebhookDelivery]:
    """Behind those that wait: where an endpoint is down, it rests until the first of them is tried again."""
    rests = {each.pk: _rests_until(each) for each in endpoints if each.failing_since is not None}
    rows = [
        WebhookDelivery(endpoint=each, event=event, next_try_at=max(rests.get(each.pk, event.at), event.at))
        for each in endpoints
    ]
    WebhookDelivery.objects.bulk_create(rows)
    ask_when_committed(row.endpoint_id for row in rows if row.next_try_at <= event.at)
    return rows


def _rests_until(endpoint: WebhookEndpoint) -> datetime:
    waiting = endpoint.deliveries.filter(status=DeliveryStatus.WAITING).order_by("next_try_at")
    return waiting.values_list("next_try_at", flat=True).first() or now()


def wants(endpoint: WebhookEndpoint, kind: str, channel: str) -> bool:
    """What belongs to no channel is told whatever channels were chosen."""
    return (not endpoint.kinds or kind in endpoint.kinds) and (
        not endpoint.channels or not channel or channel in endpoint.channels
    )


def ask_when_committed(endpoint_ids: Iterable[uuid.UUID]) -> None:
    for endpoint_id in endpoint_ids:
        transaction.on_commit(lambda wanted=endpoint_id: ask_to_deliver(wanted))  # type: ignore[misc]


def ask_to_deliver(endpoint_id: uuid.UUID) -> None:
    """One job an endpoint at a time, and at most one that waits: it takes all that is due."""
    from procrastinate.exceptions import AlreadyEnqueued

    from parcours.inbox.tasks import deliver_webhooks

    lock = f"inbox.webhook.{endpoint_id}"
    with suppress(AlreadyEnqueued):
        deliver_webhooks.configure(lock=lock, queueing_lock=lock).defer(endpoint=str(endpoint_id))
