"""Group commit: what arrives while one commit is under way goes into the next, all of it in one statement."""

import asyncio
import logging
import uuid
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

import psycopg

from parcours.api.ingest.line import Line
from parcours.events.enums import Dialect
from parcours.events.ingest.checking import Checked
from parcours.events.ingest.inbox import REFUSE, STORE

logger = logging.getLogger(__name__)

MOST_A_COMMIT = 2_000
IDLE_SECONDS = 30.0
"""After so long without work the connection is closed: at rest it would cost the server a process."""


class NotStoredError(Exception):
    """The database didn't take it; the log says why."""


class KnownSource(NamedTuple):
    """Whom a write key belongs to."""

    id: uuid.UUID
    brand_id: uuid.UUID


@dataclass(eq=False, slots=True)
class Delivery:
    """The messages of one request, on their way into the inbox. `done` has the ids that were new."""

    source: KnownSource
    dialect: Dialect
    received_at: datetime
    sent_at: datetime | None
    messages: Sequence[Checked]
    done: "asyncio.Future[set[str]]" = field(
        default_factory=lambda: asyncio.get_running_loop().create_future()
    )


class Store:
    """The one connection through which a web process fills the inbox. Belongs to one event loop."""

    def __init__(self) -> None:
        self._waiting: deque[Delivery] = deque()
        self._arrived = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._line = Line()

    async def put(self, delivery: Delivery) -> set[str]:
        """Returns the ids that were new, once they are durable. Raises NotStoredError."""
        self._waiting.append(delivery)
        self._arrived.set()
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run())
        return await delivery.done

    async def source_of(self, digest: str) -> KnownSource | None:
        """The source with that key, if there is one and it wasn't removed."""
        asked = "SELECT id, brand_id FROM events_source WHERE digest = %s AND removed_at IS NULL"
        try:
            found = await self._line.execute(asked, [digest])
        except psycopg.Error as error:
            raise NotStoredError from error
        return KnownSource(*found[0]) if found else None

    async def keep_refused(
        self, source: KnownSource, refused: Sequence[Checked], received_at: datetime
    ) -> None:
        rows = {
            "brand": source.brand_id,
            "source": source.id,
            "received": received_at,
            "reasons": [each.refusal for each in refused],
            "bodies": [each.raw for each in refused],
        }
        try:
            await self._line.execute(REFUSE, rows)
        except psycopg.Error as error:
            raise NotStoredError from error

    async def close(self) -> None:
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
        await self._line.hang_up()

    async def _run(self) -> None:
        while True:
            try:
                await asyncio.wait_for(self._arrived.wait(), IDLE_SECONDS)
            except TimeoutError:
                await self._line.hang_up()
                if not self._waiting:
                    self._task = None
                    return
            self._arrived.clear()
            while self._waiting:
                await self._commit(self._next_group())

    def _next_group(self) -> list[Delivery]:
        group: list[Delivery] = []
        size = 0
        while self._waiting and (not group or size + len(self._waiting[0].messages) <= MOST_A_COMMIT):
            group.append(self._waiting.popleft())
            size += len(group[-1].messages)
        return group

    async def _commit(self, group: list[Delivery]) -> None:
        """Stores a group; when that fails each by itself, so that none fails for another one's sake."""
        try:
            await self._insert(group)
        except Exception as error:  # noqa: BLE001 - the rim of the loop that all requests wait for
            if len(group) > 1 and not isinstance(error, psycopg.OperationalError):
                for delivery in group:
                    await self._commit([delivery])
                return
            logger.error("events could not be stored, their sender will try again: %r", error)
            for delivery in group:
                if not delivery.done.done():
                    delivery.done.set_exception(NotStoredError())

    async def _insert(self, group: list[Delivery]) -> None:
        """By COPY, which is three times as fast, as long as nothing of it is there yet."""
        new: dict[uuid.UUID, set[str]] = {}
        if await self._line.copy(rows_of(group), {delivery.source.id for delivery in group}):
            stored = [(each.source.id, message.message_id) for each in group for message in each.messages]
        else:
            stored = await self._line.execute(STORE, values_of(group))
        for source_id, message_id in stored:
            new.setdefault(source_id, set()).add(message_id)
        for delivery in group:
            left = new.get(delivery.source.id, set())
            ours = left.intersection(message.message_id for message in delivery.messages)
            left -= ours  # the same message of a later request is a duplicate
            if not delivery.done.done():
                delivery.done.set_result(ours)


def values_of(group: Sequence[Delivery]) -> dict[str, Any]:
    """The parameters of `STORE`."""
    return {
        "requests": [number for number, delivery in enumerate(group) for _ in delivery.messages],
        "message_ids": [message.message_id for delivery in group for message in delivery.messages],
        "bodies": [message.raw for delivery in group for message in delivery.messages],
        "numbers": list(range(len(group))),
        "sources": [delivery.source.id for delivery in group],
        "dialects": [delivery.dialect.value for delivery in group],
        "received": [delivery.received_at for delivery in group],
        "sent": [delivery.sent_at for delivery in group],
    }


def rows_of(group: Sequence[Delivery]) -> list[tuple[Any, ...]]:
    """The rows for `Line.copy`."""
    return [
        (
            delivery.source.brand_id,
            delivery.source.id,
            message.message_id,
            delivery.dialect.value,
            message.raw,
            delivery.received_at,
            delivery.sent_at,
        )
        for delivery in group
        for message in delivery.messages
    ]
