import uuid
from collections.abc import Collection

from parcours.live.models import Update

BACKLOG = 1_000


def updates_after(brand_id: uuid.UUID, topics: Collection[str], last_id: int) -> list[Update] | None:
    """The messages after `last_id` in order; None when some are gone and the client must load afresh."""
    if last_id and not Update.objects.filter(pk__lte=last_id).exists() and Update.objects.exists():
        return None
    found = list(
        Update.objects.filter(brand_id=brand_id, topic__in=topics, pk__gt=last_id).order_by("pk")[
            : BACKLOG + 1
        ]
    )
    return None if len(found) > BACKLOG else found


def newest_id(brand_id: uuid.UUID) -> int:
    """The id to resume from for somebody who starts to follow now."""
    newest = Update.objects.filter(brand_id=brand_id).order_by("-pk").values_list("pk", flat=True).first()
    return newest or 0
