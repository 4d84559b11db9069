"""Keeping canvases current: what they show first is counted ahead, and open ones are told."""

import uuid
from contextlib import suppress
from datetime import timedelta
from time import monotonic

from django.db import transaction

from parcours.accounts.models import Brand
from parcours.canvas.reads import board, journeys
from parcours.core.clock import now
from parcours.core.periods import read_period
from parcours.core.recent import Recent
from parcours.core.waiting_jobs import waits
from parcours.insights.reads import canvas_numbers
from parcours.live.writes import publish

APART = 2.0
"""Seconds between two counts of a brand: what comes alone is counted at once, a flood in steps."""
AHEAD = 10.0
"""Seconds after which what came is read ahead."""
_MOST_BRANDS = 1_000
_asked: Recent[uuid.UUID, float] = Recent(_MOST_BRANDS)
"""For when this process asked last."""


def ask_to_count_again(brand_id: uuid.UUID, generation: int) -> None:  # noqa: ARG001 - as stored_events calls it
    """Called when new events are in the lake, by whichever process stored them."""
    from procrastinate.exceptions import AlreadyEnqueued

    from parcours.insights.tasks import count_again

    last = _asked.get(brand_id)
    pause = last + APART - monotonic() if last is not None else 0
    at = now() + timedelta(seconds=pause) if pause > 0 else None
    lock = f"insights.count_again.{brand_id}"
    try:
        count_again.configure(queueing_lock=lock, schedule_at=at).defer(brand=str(brand_id))
    except AlreadyEnqueued:
        return  # a count that hasn't begun yet will see these events too
    _asked.keep(brand_id, monotonic() + max(pause, 0))


def ask_to_read_ahead(brand_id: uuid.UUID) -> None:
    """In a while, once for all that comes until then: it reads every property again, and nobody waits for it;
    whoever asks before has it read for themselves.
    """
    from procrastinate.exceptions import AlreadyEnqueued

    from parcours.insights.tasks import read_ahead

    lock = f"insights.read_ahead.{brand_id}"
    if waits(lock):
        return
    with suppress(AlreadyEnqueued):
        at = now() + timedelta(seconds=AHEAD)
        read_ahead.configure(queueing_lock=lock, schedule_at=at).defer(brand=str(brand_id))


def count_default_views(brand: Brand) -> list[uuid.UUID]:
    """Counts every journey of a brand as its canvas shows it without filters; returns the journeys."""
    period = read_period({}, brand.time_zone)
    found = [summary.journey.id for summary in journeys(brand.pk)]
    for journey in found:
        canvas_numbers(brand, board(brand.pk, journey), period)
    return found


@transaction.atomic
def tell_canvases(brand_id: uuid.UUID, journeys: list[uuid.UUID]) -> None:
    """Open canvases fetch their numbers again."""
    from parcours.events.lake import Lake

    generation = Lake(brand_id).generation
    for journey in journeys:
        publish(brand_id, f"journey:{journey}", "numbers.changed", {"generation": generation})
