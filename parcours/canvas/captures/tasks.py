import uuid

from django.db import transaction
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from parcours.canvas.captures.chromium.faults import NoPicture
from parcours.core.lanes import OUTSIDE

_AGAIN = RetryStrategy(max_attempts=3, exponential_wait=15, retry_exceptions=[NoPicture])
"""After a quarter of a minute, four minutes, an hour."""


@app.task(name="canvas.take_picture", queue=OUTSIDE, retry=_AGAIN)
def take_picture(card_id: str) -> None:
    """One look at the shop for one moment."""
    from parcours.canvas.captures.taking import look

    look(uuid.UUID(card_id))


@app.periodic(cron="*/5 * * * *")
@app.task(name="canvas.take_due_pictures", queue=OUTSIDE, queueing_lock="canvas.take_due_pictures")
def take_due_pictures(timestamp: int) -> None:  # noqa: ARG001
    """Gives each moment that is due a job of its own."""
    from parcours.canvas.captures.models import Capturing
    from parcours.core.clock import now

    due = Capturing.objects.filter(next_at__lte=now(), card__deleted_at=None, card__journey__deleted_at=None)
    for card_id in due.order_by("next_at").values_list("pk", flat=True):
        enqueue(card_id)


def enqueue(card_id: uuid.UUID) -> None:
    """One browser at a time: jobs with the same lock wait for each other. A moment waits once at most."""
    job = take_picture.configure(lock="canvas.captures", queueing_lock=f"canvas.capture.{card_id}")
    try:
        with transaction.atomic():
            job.defer(card_id=str(card_id))
    except AlreadyEnqueued:
        return
