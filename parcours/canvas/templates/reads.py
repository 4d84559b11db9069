"""Which cards came with a template and are still as they came."""

import uuid
from collections.abc import Collection

from django.db.models import QuerySet

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


def example_cards(journey_id: uuid.UUID, card_ids: Collection[uuid.UUID] | None = None) -> list[uuid.UUID]:
    """Of the whole canvas, or among `card_ids`."""
    rows = untouched_examples(journey_id)
    return list((rows if card_ids is None else rows.filter(pk__in=card_ids)).values_list("pk", flat=True))
