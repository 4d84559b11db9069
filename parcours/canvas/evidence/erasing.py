"""Customers' words that evidence shows, for export and erasure."""

import uuid
from collections.abc import Collection
from typing import Any

from django.db import transaction

from parcours.canvas.evidence.models import Evidence, EvidenceCount
from parcours.core.registry import changed_evidence


class EvidenceRecords:
    """The samples that are shown beside numbers. Everything else is counted anew from the events."""

    name = "evidence"

    def export(self, brand_id: uuid.UUID, customer_ids: Collection[int]) -> dict[str, list[dict[str, Any]]]:
        wanted = set(customer_ids)
        rows = [
            {"text": sample["text"], "at": sample["at"]}
            for row in EvidenceCount.objects.filter(evidence__brand_id=brand_id).exclude(samples=[])
            for sample in row.samples
            if sample.get("customer") in wanted
        ]
        return {"words shown as evidence": rows} if rows else {}

    @transaction.atomic
    def erase(self, brand_id: uuid.UUID, customer_ids: Collection[int]) -> dict[str, int]:
        # Whoever is storing counts right now holds these rows; what they stored is seen afterwards.
        list(Evidence.objects.select_for_update(no_key=True).filter(brand_id=brand_id).values_list("pk"))
        wanted, gone = set(customer_ids), 0
        for row in EvidenceCount.objects.filter(evidence__brand_id=brand_id).exclude(samples=[]):
            kept = [sample for sample in row.samples if sample.get("customer") not in wanted]
            if len(kept) != len(row.samples):
                gone += len(row.samples) - len(kept)
                row.samples, row.digest = kept, ""
                row.save(update_fields=["samples", "digest"])
        for handler in changed_evidence.all().values():
            handler(brand_id)
        return {"words shown as evidence": gone} if gone else {}


RECORDS = EvidenceRecords()
