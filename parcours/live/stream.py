"""A stream of server-sent events: backlog first, then what comes, with a sign of life every few seconds."""

import asyncio
import json
import uuid
from collections.abc import AsyncIterator, Callable, Collection
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from asgiref.sync import SyncToAsync, sync_to_async
from django.db import connection

from parcours.live.hub import Follower, Message, hub
from parcours.live.models import Update
from parcours.live.reads import newest_id, updates_after

SIGN_OF_LIFE_SECONDS = 20
ASK_AT_ONCE = 2
APART = 0.1
"""Seconds between what a stream sends: each time costs more than all that it says."""
SIGN_OF_LIFE = b": here\n\n"
Answer = TypeVar("Answer")
_turns: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()


async def briefly(question: Callable[..., Answer], *given: Any) -> Answer:
    """Asks the database for somebody who comes. A few ask at a time, so that thousands who come back at once
    leave room for those who are here.
    """
    async with _turn():
        return await at_once(question, *given)


async def at_once(question: Callable[..., Answer], *given: Any) -> Answer:
    """Asks the database and gives back the connection and the thread: a stream lasts for hours, and there may
    be thousands.
    """

    answer = await sync_to_async(and_give_back)(question, *given)
    _let_go_of_thread()
    return answer


def and_give_back(question: Callable[..., Answer], *given: Any) -> Answer:
    """In a thread that others will use: without its database connection."""
    try:
        return question(*given)
    finally:
        if not connection.in_atomic_block:
            connection.close()


def _turn() -> asyncio.Semaphore:
    return _turns.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(ASK_AT_ONCE))


def _let_go_of_thread() -> None:
    """A request has a thread of its own, which else would stay as long as it; the next question makes one."""
    context = SyncToAsync.thread_sensitive_context.get(None)
    executor = SyncToAsync.context_to_thread_executor.pop(context, None) if context else None
    if executor is not None:
        executor.shutdown(wait=False)


def as_message(update: Update) -> Message:
    """An update of the backlog as it would have come."""
    return Message(update.pk, update.brand_id, update.topic, update.name, json.dumps(update.payload))


async def messages(follower: Follower) -> AsyncIterator[Message | None]:
    """What comes for a follower, and None when nothing came for a while: time for a sign of life.

    Ends when the database connection was lost. What is there already comes without a turn of the loop: with
    busy threads beside it each turn may take milliseconds, and a desk hears of hundreds of things a second.
    """
    while True:
        try:
            if follower.queue.empty():
                async with asyncio.timeout(SIGN_OF_LIFE_SECONDS):
                    message = await follower.queue.get()
            else:
                message = follower.queue.get_nowait()
        except TimeoutError:
            yield None
            continue
        if message is None:
            return
        yield message


async def stream(brand_id: uuid.UUID, topics: Collection[str], last_id: int | None) -> AsyncIterator[bytes]:
    """Bytes for a `text/event-stream` answer.

    With `last_id` everything after it is sent before anything new, each message once. `reset` tells a client
    that its place is too old and it must load afresh. Ends when the database connection was lost; the client
    then resumes.
    """
    async with hub().follow(brand_id, topics) as follower:
        yield b"retry: 1500\n\n"
        if last_id is None:
            last_id = await briefly(newest_id, brand_id)
            yield f"id: {last_id}\nevent: ready\ndata: {{}}\n\n".encode()
        else:
            backlog = await briefly(updates_after, brand_id, topics, last_id)
            if backlog is None:
                last_id = await briefly(newest_id, brand_id)
                yield f"id: {last_id}\nevent: reset\ndata: {{}}\n\n".encode()
            for update in backlog or []:
                last_id = update.pk
                yield as_message(update).encoded
        async for together in _gathered(follower):
            fresh = [each for each in together if not each.id or each.id > last_id]
            last_id = max([last_id, *(each.id for each in fresh)])
            if fresh or not together:
                yield b"".join(each.encoded for each in fresh) or SIGN_OF_LIFE


async def _gathered(follower: Follower) -> AsyncIterator[list[Message]]:
    """What comes for a follower, in order: what comes alone at once, in a flood all that came in a tenth of a
    second. Nothing when it is time for a sign of life.
    """
    now = asyncio.get_running_loop().time
    began = -APART
    async for message in messages(follower):
        if message is None:
            yield []
            continue
        if began + APART > now():
            await asyncio.sleep(began + APART - now())
        began = now()
        together = [message]
        while not follower.queue.empty():
            following = follower.queue.get_nowait()
            if following is None:
                yield together
                return
            together.append(following)
        yield together
