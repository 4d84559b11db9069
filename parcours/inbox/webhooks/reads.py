"""Endpoints with how they do, and the log of what they were sent."""

import json
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from parcours.core.clock import now
from parcours.core.errors import NotFound
from parcours.inbox.webhooks.models import DeliveryStatus, WebhookDelivery, WebhookEndpoint
from parcours.inbox.webhooks.payloads import payload

LATELY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class EndpointView:
    """`waiting` is now, `sent` and `dead` of the last day. `changing` until then: two secrets sign."""

    id: uuid.UUID
    name: str
    url: str
    kinds: tuple[str, ...]
    channels: tuple[str, ...]
    with_text: bool
    revision: int
    created_at: datetime
    delivered_at: datetime | None
    failing_since: datetime | None
    off_since: datetime | None
    off_why: str
    changing: datetime | None
    waiting: int = 0
    sent: int = 0
    dead: int = 0


@dataclass(frozen=True, slots=True)
class TryView:
    at: datetime
    seconds: float
    answered: int | None
    answer: str
    fault: str


@dataclass(frozen=True, slots=True)
class DeliveryView:
    """`answered` and `fault` are of the last try."""

    id: uuid.UUID
    event_id: uuid.UUID
    kind: str
    at: datetime
    status: str
    status_label: str
    tries: int
    next_try_at: datetime | None
    answered: int | None
    fault: str


@dataclass(frozen=True, slots=True)
class DeliveryWhole:
    """With what was (or is to be) sent, as text, and every try, the last one first."""

    row: DeliveryView
    endpoint_id: uuid.UUID
    body: str
    attempts: tuple[TryView, ...]


def endpoints(brand_id: uuid.UUID) -> tuple[EndpointView, ...]:
    """In the order in which they were added; two queries."""
    return tuple(_endpoint_view(row) for row in _counted(brand_id).order_by("created_at"))


def endpoint(brand_id: uuid.UUID, endpoint_id: uuid.UUID) -> EndpointView:
    """Raises NotFound."""
    row = _counted(brand_id).filter(pk=endpoint_id).first()
    if row is None:
        raise NotFound(_("There is no such webhook."))
    return _endpoint_view(row)


def _counted(brand_id: uuid.UUID) -> QuerySet[WebhookEndpoint]:
    lately = Q(deliveries__ended_at__gte=now() - LATELY)
    return WebhookEndpoint.objects.filter(brand_id=brand_id, removed_at=None).annotate(
        waiting=Count("deliveries", filter=Q(deliveries__status=DeliveryStatus.WAITING)),
        sent=Count("deliveries", filter=lately & Q(deliveries__status=DeliveryStatus.SENT)),
        dead=Count("deliveries", filter=lately & Q(deliveries__status=DeliveryStatus.DEAD)),
    )


def deliveries(
    endpoint_id: uuid.UUID, *, status: str = "", before: uuid.UUID | None = None, limit: int = 50
) -> tuple[DeliveryView, ...]:
    """The log of an endpoint, the newest event first; those before an id, for the page behind."""
    rows = WebhookDelivery.objects.filter(endpoint_id=endpoint_id)
    if status:
        rows = rows.filter(status=status)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = rows.select_related("event").prefetch_related("attempts").order_by("-id")[:limit]
    return tuple(_delivery_view(row) for row in found)


def delivery(brand_id: uuid.UUID, delivery_id: uuid.UUID) -> DeliveryWhole:
    """Raises NotFound."""
    row = (
        WebhookDelivery.objects.select_related("event", "endpoint")
        .prefetch_related("attempts")
        .filter(pk=delivery_id, endpoint__brand_id=brand_id, endpoint__removed_at=None)
        .first()
    )
    if row is None:
        raise NotFound(_("There is no such delivery."))
    attempts = sorted(row.attempts.all(), key=lambda each: -each.pk)
    return DeliveryWhole(
        row=_delivery_view(row),
        endpoint_id=row.endpoint_id,
        body=json.dumps(payload(row.event, row.endpoint), ensure_ascii=False, indent=2),
        attempts=tuple(
            TryView(each.at, each.seconds, each.answered, each.answer, each.fault) for each in attempts
        ),
    )


def _delivery_view(row: WebhookDelivery) -> DeliveryView:
    last = max(row.attempts.all(), key=lambda each: each.pk, default=None)
    return DeliveryView(
        id=row.pk,
        event_id=row.event_id,
        kind=row.event.kind,
        at=row.event.at,
        status=row.status,
        status_label=str(DeliveryStatus(row.status).label),
        tries=row.tries,
        next_try_at=row.next_try_at if row.status == DeliveryStatus.WAITING else None,
        answered=last.answered if last else None,
        fault=last.fault if last else "",
    )


def _endpoint_view(row: WebhookEndpoint) -> EndpointView:
    changing = row.old_until if row.old_until and row.old_until > now() else None
    return EndpointView(
        id=row.pk,
        name=row.name,
        url=row.url,
        kinds=tuple(row.kinds),
        channels=tuple(row.channels),
        with_text=row.with_text,
        revision=row.revision,
        created_at=row.created_at,
        delivered_at=row.delivered_at,
        failing_since=row.failing_since,
        off_since=row.off_since,
        off_why=row.off_why,
        changing=changing,
        waiting=getattr(row, "waiting", 0),
        sent=getattr(row, "sent", 0),
        dead=getattr(row, "dead", 0),
    )
