"""When the clock of the machine is set back, nothing waits until it has caught up.

Moments at which something is tried again were written by the clock as it was. The moments for which the
worker's regular jobs were asked last, a minute apart, say how late it has been: what is planned ahead is
moved back by as much, and those jobs are asked for again.
"""

import asyncio
import logging
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from django.db import connection, transaction
from procrastinate.periodic import PeriodicDeferrer, TaskAtTime

from parcours.core.clock import now
from parcours.core.registry import planned_ahead

log = logging.getLogger(__name__)

A_MINUTE = timedelta(minutes=1)


@transaction.atomic
def put_right() -> timedelta:
    """Moves what is planned ahead back by as much as the clock was; returns by how much. However many workers
    look at once, one finds the moments that are ahead.
    """
    moment = now()
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM procrastinate_periodic_defers WHERE defer_timestamp > %s RETURNING defer_timestamp",
            [moment.timestamp()],
        )
        last = max((at for (at,) in cursor.fetchall()), default=0)
        if last <= (moment + A_MINUTE).timestamp():
            return timedelta()
        back = datetime.fromtimestamp(last, UTC) + A_MINUTE - moment  # that minute may have been nearly over
        log.warning("the clock was set back by %s: what is planned ahead is moved back with it", back)
        cursor.execute(
            "UPDATE procrastinate_jobs SET scheduled_at = scheduled_at - make_interval(secs => %s)"
            " WHERE status = 'todo' AND scheduled_at > %s",
            [back.total_seconds(), moment],
        )
    for move in planned_ahead.all().values():
        move(back)
    return back


class HeedfulDeferrer(PeriodicDeferrer):
    """Asks for regular jobs again that it asked for by a clock that was ahead."""

    heeded = False
    """Whether what is planned ahead was looked at, since the start and since the clock was last set back."""

    def get_previous_tasks(self, at: float) -> Iterable[TaskAtTime]:
        if self.is_ahead_of(at):
            self.last_defers.clear()
            self.heeded = False
        return super().get_previous_tasks(at)

    async def defer_jobs(self, jobs_to_defer: Iterable[TaskAtTime]) -> None:
        if not self.heeded:
            self.heeded = True
            await asyncio.to_thread(_put_right_apart)
        await super().defer_jobs(jobs_to_defer)

    def is_ahead_of(self, at: float) -> bool:
        return any(last > at for last in self.last_defers.values())


def _put_right_apart() -> None:
    """In a thread of its own, whose connection ends with it. What fails is tried again at the next start."""
    try:
        put_right()
    except Exception:  # regular jobs matter more
        log.exception("what is planned ahead can't be moved back")
    finally:
        connection.close()
