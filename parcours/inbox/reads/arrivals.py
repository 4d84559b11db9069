"""What channels brought, raw, and what could not be sent."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from parcours.inbox.enums import OutboxStatus
from parcours.inbox.models import Arrival, Outgoing

MOST_DEAD = 500


@dataclass(frozen=True, slots=True)
class ArrivalView:
    id: uuid.UUID
    account_id: uuid.UUID
    received_at: datetime
    status: str
    trouble: str
    tries: int
    body_size: int


@dataclass(frozen=True, slots=True)
class DeadLetter:
    message_id: uuid.UUID
    conversation_id: uuid.UUID
    account_id: uuid.UUID
    fault: str
    tries: int
    ended_at: datetime | None


def arrivals(
    brand_id: uuid.UUID,
    *,
    account_id: uuid.UUID | None = None,
    status: str = "",
    before: uuid.UUID | None = None,
    limit: int = 50,
) -> tuple[ArrivalView, ...]:
    """The newest first; those before an id, for the page behind."""
    rows = Arrival.objects.filter(brand_id=brand_id)
    if account_id is not None:
        rows = rows.filter(account_id=account_id)
    if status:
        rows = rows.filter(status=status)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = rows.order_by("-id").values_list(
        "id", "account_id", "received_at", "status", "trouble", "tries", "body_size"
    )[:limit]
    return tuple(ArrivalView(*row) for row in found)


def dead_letters(brand_id: uuid.UUID) -> tuple[DeadLetter, ...]:
    """Messages that were given up, the last one first."""
    rows = (
        Outgoing.objects.filter(brand_id=brand_id, status=OutboxStatus.DEAD)
        .order_by("-ended_at")
        .values_list("message_id", "message__conversation_id", "account_id", "fault", "tries", "ended_at")
    )
    return tuple(DeadLetter(*row) for row in rows[:MOST_DEAD])
