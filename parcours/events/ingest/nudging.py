"""Asking a worker to hand over what waits in the inbox."""

import uuid

from parcours.core.waiting_jobs import waits


def ask_to_hand_over(brand_id: uuid.UUID) -> None:
    """Once is enough however often it is asked: a hand-over that hasn't begun takes everything."""
    from procrastinate.exceptions import AlreadyEnqueued

    from parcours.events.tasks import hand_over

    lock = f"events.hand_over.{brand_id}"
    if waits(lock):
        return
    try:
        hand_over.configure(lock=lock, queueing_lock=lock).defer(brand=str(brand_id))
    except AlreadyEnqueued:
        return
