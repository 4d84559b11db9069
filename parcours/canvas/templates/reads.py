"""Which cards came with a template and are still as they came."""

import uuid
from typing import Any

from django.db.models import QuerySet, Value

from parcours.canvas.models import Card


def untouched_examples(journey_id: uuid.UUID, *, deleted: bool = False) -> QuerySet[Card]:
    """Cards that came with a template and that nobody has edited: they stand, or were taken away."""
    return Card.objects.filter(
        journey_id=journey_id,
        details__example=True,
        content_revision=1,
        deleted_at__isnull=not deleted,
        stage__deleted_at=None,
        lane__deleted_at=None,
    )


def example_rows(journey_id: uuid.UUID) -> QuerySet[Any, Any]:
    """Those that stand: a row (card, 1) each, not asked yet."""
    return untouched_examples(journey_id).order_by().values_list("pk").annotate(n=Value(1))
