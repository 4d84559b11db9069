"""Asking a worker to hand over what waits in the inbox."""

import uuid
from datetime import timedelta

from parcours.core.clock import now
from parcours.core.waiting_jobs import waits

TOGETHER = 1
"""Seconds in which messages are gathered: each hand-over writes a file, and has numbers counted again."""


def ask_to_hand_over(brand_id: uuid.UUID, *, wait: int = 0) -> None:
    """Once is enough however often it is asked: a hand-over that hasn't begun takes everything."""
    from procrastinate.exceptions import AlreadyEnqueued

    from parcours.events.tasks import hand_over

    lock = f"events.hand_over.{brand_id}"
    if waits(lock):
        return
    try:
        at = now() + timedelta(seconds=wait) if wait else None
        hand_over.configure(lock=lock, queueing_lock=lock, schedule_at=at).defer(brand=str(brand_id))
    except AlreadyEnqueued:
        return
