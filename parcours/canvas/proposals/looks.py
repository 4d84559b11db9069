"""When the log was looked at for what a journey should change."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from parcours.canvas.proposals.models import Look
from parcours.core.clock import now

WAITED_LONG = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class LookView:
    """`under_way`: somebody asked for a look that hasn't ended; one that takes too long counts as lost."""

    looked_at: datetime | None
    under_way: bool
    found: int
    generation: int
    rules_revision: int
    told_at: datetime | None


def look_at(journey_id: uuid.UUID) -> LookView:
    row = Look.objects.filter(journey_id=journey_id).first()
    if row is None:
        return LookView(None, False, 0, 0, 0, None)
    waits = row.asked_at is not None and row.asked_at > now() - WAITED_LONG
    return LookView(row.looked_at, waits, row.found, row.generation, row.rules_revision, row.told_at)


def note_asked(journey_id: uuid.UUID) -> None:
    Look.objects.update_or_create(journey_id=journey_id, defaults={"asked_at": now()})


def note_looked(journey_id: uuid.UUID, *, generation: int, rules_revision: int, found: int) -> None:
    Look.objects.update_or_create(
        journey_id=journey_id,
        defaults={
            "asked_at": None,
            "looked_at": now(),
            "generation": generation,
            "rules_revision": rules_revision,
            "found": found,
        },
    )


def note_told(journey_id: uuid.UUID) -> None:
    Look.objects.filter(journey_id=journey_id).update(told_at=now())
