"""When the hand-over is asked for: soon, and once for what comes together."""

from typing import Any

import pytest
from django.db import connection

from parcours.accounts.models import Brand
from parcours.events.ingest.nudging import TOGETHER
from tests.events.ingest.conftest import Send, track


def asked_for(brand: Brand) -> list[Any]:
    """Seconds until each hand-over of the brand that waits may begin."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT extract(epoch FROM scheduled_at - now()) FROM procrastinate_jobs"
            " WHERE task_name = 'events.hand_over' AND status = 'todo' AND queueing_lock LIKE %s",
            [f"%{brand.pk}"],
        )
        return [float(seconds) for (seconds,) in cursor.fetchall()]


@pytest.mark.django_db(transaction=True)
def test_messages_that_come_one_by_one_are_gathered_for_one_hand_over(brand: Brand, send: Send) -> None:
    for number in range(5):
        send(track("Cart Viewed", f"m{number}"), hand_over=False)
    (seconds,) = asked_for(brand)
    assert TOGETHER - 1 < seconds <= TOGETHER
