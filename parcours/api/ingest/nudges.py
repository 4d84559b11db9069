"""After something arrived: asks for the hand-over, at most once a second and brand however much arrives."""

import asyncio
import logging
import uuid

from django.db import connections

from parcours.events.ingest.nudging import ask_to_hand_over

logger = logging.getLogger(__name__)

SECONDS = 1.0


class Nudges:
    """Belongs to one event loop. What a killed process didn't ask for, the worker finds within a minute."""

    def __init__(self) -> None:
        self._planned: set[uuid.UUID] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    def arrived(self, brand_id: uuid.UUID) -> None:
        if brand_id in self._planned:
            return
        self._planned.add(brand_id)
        task = asyncio.create_task(self._ask(brand_id))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Asks no more; the worker finds what waits by itself."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _ask(self, brand_id: uuid.UUID) -> None:
        await asyncio.sleep(SECONDS)
        self._planned.discard(brand_id)
        await asyncio.to_thread(_ask, brand_id)


def _ask(brand_id: uuid.UUID) -> None:
    try:
        ask_to_hand_over(brand_id)
    except Exception:
        logger.exception("could not ask for events to be handed over; the worker looks within a minute")
    finally:
        connections.close_all()
