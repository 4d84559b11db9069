"""Customers' words that stand beside brand values, for export and erasure."""

import uuid
from collections.abc import Collection
from typing import Any

from parcours.canvas.brand_values.models import Quote


class QuoteRecords:
    """Quotes taken over from evidence, which knows whose words they are."""

    name = "brand values"

    def export(self, brand_id: uuid.UUID, customer_ids: Collection[int]) -> dict[str, list[dict[str, Any]]]:
        rows = Quote.objects.filter(value__brand_id=brand_id, customer_id__in=list(customer_ids)).order_by(
            "at"
        )
        found = [{"text": row.text, "at": row.at.isoformat()} for row in rows]
        return {"words quoted beside brand values": found} if found else {}

    def erase(self, brand_id: uuid.UUID, customer_ids: Collection[int]) -> dict[str, int]:
        rows = Quote.objects.filter(value__brand_id=brand_id, customer_id__in=list(customer_ids))
        gone, _by_model = rows.delete()
        return {"words quoted beside brand values": gone} if gone else {}


RECORDS = QuoteRecords()
