"""What shops sent about people: for export, erasure, and rules about how long it is kept."""

import re
import uuid
from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy

from parcours.core.clock import now
from parcours.customers.reads import identities_of
from parcours.events.hooks.models import HookDelivery, ShopObject
from parcours.events.hooks.telling import person

_AT_ONCE = 2_000


class DeliveryRecords:
    """Raw deliveries, and what a person's carts held."""

    name = "shop deliveries"

    def export(self, brand_id: uuid.UUID, customer_ids: Collection[int]) -> dict[str, list[dict[str, Any]]]:
        rows = [
            {
                "received": row.received_at,
                "shop": row.account.name,
                "about": row.topic,
                "payload": bytes(row.body).decode("utf-8", "replace"),
            }
            for row in _deliveries_about(brand_id, customer_ids)
        ]
        return {"shop deliveries": rows} if rows else {}

    @transaction.atomic
    def erase(self, brand_id: uuid.UUID, customer_ids: Collection[int]) -> dict[str, int]:
        erased = 0
        for row in _deliveries_about(brand_id, customer_ids):
            # The row stays for the count; nothing in it is about anybody any more.
            row.body, row.headers, row.people, row.events = b"", {}, [], []
            row.external_id, row.where, row.forgotten_at = f"forgotten {row.pk}", "", now()
            row.save()
            erased += 1
        people = _people(brand_id, customer_ids)
        carts, _models = ShopObject.objects.filter(account__brand=brand_id, people__overlap=people).delete()
        return {"shop deliveries": erased, "carts": carts}


class OldDeliveries:
    """Raw deliveries by when they came. The events made of them are not touched."""

    label = gettext_lazy("What shops sent, raw")
    explanation = gettext_lazy(
        "Payloads of shops as they came, with what became of them; the events made of them stay."
    )
    suggested_days = 90

    def count(self, brand_id: uuid.UUID, before: datetime) -> int:
        return HookDelivery.objects.filter(account__brand=brand_id, received_at__lt=before).count()

    def remove(self, brand_id: uuid.UUID, before: datetime) -> int:
        old = HookDelivery.objects.filter(account__brand=brand_id, received_at__lt=before)
        removed = 0
        while some := list(old.values_list("pk", flat=True)[:_AT_ONCE]):
            HookDelivery.objects.filter(pk__in=some).delete()
            removed += len(some)
        ShopObject.objects.filter(account__brand=brand_id, version__lt=before).delete()
        return removed


RECORDS, OLD = DeliveryRecords(), OldDeliveries()


def _people(brand_id: uuid.UUID, customer_ids: Collection[int]) -> list[str]:
    return [person(kind, value) for kind, value in identities_of(brand_id, customer_ids)]


def _deliveries_about(brand_id: uuid.UUID, customer_ids: Collection[int]) -> Iterator[HookDelivery]:
    known = identities_of(brand_id, customer_ids)
    if not known:
        return
    rows = HookDelivery.objects.select_related("account").filter(
        account__brand=brand_id, forgotten_at__isnull=True
    )
    yield from rows.filter(people__overlap=[person(kind, value) for kind, value in known])
    # Of what wasn't understood, or was refused, nobody noted whom it is about.
    values = sorted({value for _kind, value in known}, key=len, reverse=True)
    named = re.compile(rf"(?<![\w@])(?:{'|'.join(map(re.escape, values))})(?![\w@])", re.IGNORECASE)
    for row in rows.filter(people=[]).iterator(chunk_size=200):
        if named.search(bytes(row.body).decode("utf-8", "replace")):
            yield row
