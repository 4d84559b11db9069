"""A stream loses nothing and doubles nothing, across a reconnect too."""

import asyncio
import json
import uuid
from collections.abc import AsyncIterator, Iterator
from threading import Event, Thread

import pytest
from asgiref.sync import sync_to_async
from django.db import connection, transaction

from parcours.core.clock import clock_at, now
from parcours.live import writes
from parcours.live.models import Update
from parcours.live.reads import newest_id, updates_after
from parcours.live.stream import stream
from parcours.live.writes import forget_old_updates, publish

BRAND = uuid.uuid4()
TOPIC = "journey:1"


@pytest.fixture(autouse=True)
def _emptied(transactional_db: None) -> Iterator[None]:
    yield
    Update.objects.all().delete()


def say(number: int, topic: str = TOPIC, brand: uuid.UUID = BRAND) -> int:
    with transaction.atomic():
        publish(brand, topic, "said", {"number": number})
    return newest_id(brand)


async def elsewhere(number: int, topic: str = TOPIC, brand: uuid.UUID = BRAND) -> None:
    """Says it in another thread, which leaves no connection behind."""

    def say_and_leave() -> None:
        say(number, topic, brand)
        connection.close()

    await sync_to_async(say_and_leave)()


async def heard(events: AsyncIterator[bytes], count: int) -> list[int]:
    """The numbers of the next `count` messages, whatever comes between them."""
    numbers: list[int] = []
    async with asyncio.timeout(20):
        while len(numbers) < count:
            blocks = (await anext(events)).decode().split("\n\n")
            said = [block for block in blocks if "event: said" in block]
            numbers += [json.loads(block.split("data: ")[1])["number"] for block in said]
    return numbers


async def opened(last_id: int | None = None) -> AsyncIterator[bytes]:
    events = stream(BRAND, [TOPIC], last_id)
    assert (await anext(events)).startswith(b"retry")
    if last_id is None:
        assert b"event: ready" in await anext(events)
    return events


def test_what_comes_together_is_sent_together_and_in_order() -> None:
    async def scene() -> tuple[list[bytes], list[int]]:
        events = await opened()
        for number in range(20):
            await elsewhere(number)  # nobody reads yet: all of it waits
        sent: list[bytes] = []

        async def noted() -> AsyncIterator[bytes]:
            async for piece in events:
                sent.append(piece)
                yield piece

        numbers = await heard(noted(), 20)
        await events.aclose()  # type: ignore[attr-defined]
        return sent, numbers

    sent, numbers = asyncio.run(scene())
    assert numbers == list(range(20))
    assert len(sent) < 20


def test_who_follows_hears_what_is_committed_on_the_topic_and_nothing_else() -> None:
    async def scene() -> list[int]:
        events = await opened()
        await elsewhere(1)
        await elsewhere(99, "journey:2")
        await elsewhere(98, TOPIC, uuid.uuid4())
        await elsewhere(2)
        numbers = await heard(events, 2)
        await events.aclose()  # type: ignore[attr-defined]
        return numbers

    assert asyncio.run(scene()) == [1, 2]


def test_who_comes_back_hears_what_was_missed_once_and_in_order() -> None:
    async def scene(last_id: int) -> list[int]:
        events = await opened(last_id)
        await elsewhere(4)
        numbers = await heard(events, 3)
        await events.aclose()  # type: ignore[attr-defined]
        return numbers

    first = say(1)
    say(2)
    say(3)
    assert asyncio.run(scene(first)) == [2, 3, 4]


def test_a_write_that_is_rolled_back_is_not_heard() -> None:
    with transaction.atomic():
        publish(BRAND, TOPIC, "said", {"number": 1})
        transaction.set_rollback(True)
    assert newest_id(BRAND) == 0


def test_whoever_commits_first_is_heard_first_and_nobody_waits_before_the_end() -> None:
    """What was said first and is committed last stands last: who has heard the other misses nothing."""
    early, late = Event(), Event()

    def slow() -> None:
        with transaction.atomic():
            publish(BRAND, TOPIC, "said", {"number": 1})
            early.set()
            assert late.wait(10)
        connection.close()

    slowly = Thread(target=slow)
    slowly.start()
    assert early.wait(10)
    seen = say(2)
    late.set()
    slowly.join()
    assert [update.payload["number"] for update in updates_after(BRAND, [TOPIC], seen) or []] == [1]


def test_publishing_outside_a_transaction_is_a_mistake() -> None:
    with pytest.raises(RuntimeError):
        publish(BRAND, TOPIC, "said", {})


def test_a_place_that_is_too_old_asks_for_a_fresh_start() -> None:
    with clock_at(now() - 2 * writes.KEPT):
        Update.objects.create(brand_id=BRAND, topic=TOPIC, name="said")
    old = newest_id(BRAND)
    say(2)
    assert [update.payload for update in updates_after(BRAND, [TOPIC], old) or []] == [{"number": 2}]
    assert forget_old_updates() == 1
    assert updates_after(BRAND, [TOPIC], old) is None
