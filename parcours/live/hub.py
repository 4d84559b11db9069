"""One LISTEN connection a web process, fanned out to every open stream of that process."""

import asyncio
import json
import logging
import uuid
from collections import defaultdict
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import psycopg
from django.db import connections

from parcours.live.presence import CHANNEL as PRESENCE
from parcours.live.writes import CHANNEL

logger = logging.getLogger(__name__)

QUEUE_LENGTH = 2_000
AT_ONCE = 200
A_MOMENT = 0.01
"""Seconds in which notices are gathered: one look at the rows costs as much as the next, however many."""


@dataclass(frozen=True)
class Message:
    """An update as a stream sends it; `data` is JSON text. One with the id 0 isn't kept."""

    id: int
    brand_id: uuid.UUID
    topic: str
    name: str
    data: str

    @cached_property
    def encoded(self) -> bytes:
        """Once for all who are sent it."""
        place = f"id: {self.id}\n" if self.id else ""
        return f"{place}event: {self.name}\ndata: {self.data}\n\n".encode()


@dataclass(eq=False, slots=True)
class Follower:
    """An open stream. `None` in the queue ends it: the client reconnects and resumes."""

    brand_id: uuid.UUID
    topics: frozenset[str]
    queue: asyncio.Queue[Message | None] = field(default_factory=lambda: asyncio.Queue(QUEUE_LENGTH))

    def offer(self, message: Message | None) -> None:
        try:
            self.queue.put_nowait(message)
        except asyncio.QueueFull:
            # A client this slow is cut off; it resumes from its last id and loses nothing.
            while not self.queue.empty():
                self.queue.get_nowait()
            self.queue.put_nowait(None)


class Hub:
    """Starts listening with the first follower and stops with the last."""

    def __init__(self) -> None:
        self._followers: set[Follower] = set()
        self._by_topic: defaultdict[tuple[uuid.UUID, str], set[Follower]] = defaultdict(set)
        self._task: asyncio.Task[None] | None = None
        self._listening = asyncio.Event()

    @asynccontextmanager
    async def follow(self, brand_id: uuid.UUID, topics: Collection[str]) -> AsyncIterator[Follower]:
        """Yields a follower whose queue already receives; read the backlog after entering."""
        follower = Follower(brand_id, frozenset())
        self._followers.add(follower)
        self.turn(follower, topics)
        if self._task is None or self._task.done():
            self._listening.clear()
            self._task = asyncio.create_task(self._run())
        try:
            await self._listening.wait()
            yield follower
        finally:
            self.turn(follower, ())
            self._followers.discard(follower)
            if not self._followers and self._task is not None:
                self._task.cancel()
                with suppress(asyncio.CancelledError):
                    await self._task
                self._task = None

    def turn(self, follower: Follower, topics: Collection[str]) -> None:
        """The follower hears of these topics from now on."""
        wanted = frozenset(topics)
        for topic in follower.topics - wanted:
            here = self._by_topic[follower.brand_id, topic]
            here.discard(follower)
            if not here:
                del self._by_topic[follower.brand_id, topic]
        for topic in wanted:
            self._by_topic[follower.brand_id, topic].add(follower)
        follower.topics = wanted

    async def _run(self) -> None:
        while True:
            try:
                await self._listen()
            except* psycopg.Error as errors:
                logger.warning(
                    "live updates: the database connection was lost (%s); trying again", errors.exceptions[0]
                )
            self._listening.clear()
            self._end_all()
            await asyncio.sleep(1)

    async def _listen(self) -> None:
        parameters = _connection_parameters()
        async with (
            await psycopg.AsyncConnection.connect(**parameters, autocommit=True) as listening,
            await psycopg.AsyncConnection.connect(**parameters, autocommit=True) as reading,
        ):
            await listening.execute(f"LISTEN {CHANNEL}")
            await listening.execute(f"LISTEN {PRESENCE}")
            self._listening.set()
            told: asyncio.Queue[int] = asyncio.Queue()
            async with asyncio.TaskGroup() as both:
                both.create_task(self._pass_on(reading, told))
                async for notice in listening.notifies():
                    if notice.channel == PRESENCE:
                        self._deliver(_passing(notice.payload))
                    else:
                        told.put_nowait(int(notice.payload))

    async def _pass_on(self, reading: psycopg.AsyncConnection[Any], told: asyncio.Queue[int]) -> None:
        """In the order in which it was told; what comes within a moment is read together."""
        while True:
            ids = [await told.get()]
            await asyncio.sleep(A_MOMENT)
            while not told.empty() and len(ids) < AT_ONCE:
                ids.append(told.get_nowait())
            for message in await _load(reading, ids):
                self._deliver(message)

    def _deliver(self, message: Message) -> None:
        for follower in list(self._by_topic.get((message.brand_id, message.topic), ())):
            follower.offer(message)

    def _end_all(self) -> None:
        for follower in list(self._followers):
            follower.offer(None)


def _passing(payload: str) -> Message:
    told = json.loads(payload)
    return Message(0, uuid.UUID(told["brand"]), told["topic"], told["name"], json.dumps(told["data"]))


_COLUMNS = "id, brand_id, topic, name, payload::text"


async def _load(connection: psycopg.AsyncConnection[Any], ids: list[int]) -> list[Message]:
    cursor = await connection.execute(
        f"SELECT {_COLUMNS} FROM live_update WHERE id = ANY(%s) ORDER BY id",  # noqa: S608 - a constant
        [ids],
    )
    return [
        Message(id=row[0], brand_id=row[1], topic=row[2], name=row[3], data=row[4])
        for row in await cursor.fetchall()
    ]


def _connection_parameters() -> dict[str, Any]:
    settings = connections["default"].settings_dict
    named = {
        "dbname": settings["NAME"],
        "user": settings["USER"],
        "password": settings["PASSWORD"],
        "host": settings["HOST"],
        "port": settings["PORT"],
    }
    return {name: value for name, value in named.items() if value}


_hubs: dict[asyncio.AbstractEventLoop, Hub] = {}


def hub() -> Hub:
    """The hub of the running event loop: one a web process."""
    loop = asyncio.get_running_loop()
    for known in [known for known in _hubs if known.is_closed()]:
        del _hubs[known]
    return _hubs.setdefault(loop, Hub())
