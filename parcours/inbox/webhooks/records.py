"""What other programs were told about somebody: for export, erasure and retention."""

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from parcours.inbox.models import Contact
from parcours.inbox.webhooks.models import DeliveryStatus, WebhookDelivery, WebhookEvent

_AT_ONCE = 2_000


def told_about(contacts: Iterable[Contact]) -> list[dict[str, Any]]:
    """Which programs were told what, and when."""
    rows = (
        WebhookDelivery.objects.filter(
            event__contact_id__in=[contact.pk for contact in contacts], status=DeliveryStatus.SENT
        )
        .select_related("event", "endpoint")
        .order_by("event_id")
    )
    return [{"at": row.ended_at, "what": row.event.kind, "to": row.endpoint.name} for row in rows]


def forget_told(contacts: Iterable[Contact]) -> None:
    """Also what receivers answered: it may name them."""
    WebhookEvent.objects.filter(contact_id__in=[contact.pk for contact in contacts]).delete()


class OldEvents:
    """Events that programs were, or could have been, told of; with them the log of their deliveries."""

    label = _("What webhooks told")
    explanation = _("Events sent to other programs, with their answers. What is gone can’t be sent again.")
    suggested_days = 30

    def count(self, brand_id: uuid.UUID, before: datetime) -> int:
        return self._old(brand_id, before).count()

    def remove(self, brand_id: uuid.UUID, before: datetime) -> int:
        removed = 0
        while some := list(self._old(brand_id, before).values_list("pk", flat=True)[:_AT_ONCE]):
            WebhookEvent.objects.filter(pk__in=some).delete()
            removed += len(some)
        return removed

    def _old(self, brand_id: uuid.UUID, before: datetime) -> QuerySet[WebhookEvent]:
        return WebhookEvent.objects.filter(brand_id=brand_id, at__lt=before)


OLD_EVENTS = OldEvents()
