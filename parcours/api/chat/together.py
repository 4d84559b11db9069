"""What many ask within a moment, done together."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar
from weakref import WeakKeyDictionary

Asked = TypeVar("Asked")
Done = TypeVar("Done")


class Together(Generic[Asked, Done]):
    """Waits `seconds` for others, then calls `work` with all; it answers in their order. Where that fails for
    all each is tried alone, so that nobody's fault is another's.
    """

    def __init__(self, work: Callable[[Sequence[Asked]], Awaitable[Sequence[Done]]], seconds: float) -> None:
        self._work = work
        self._seconds = seconds
        self._waiting: WeakKeyDictionary[
            asyncio.AbstractEventLoop, list[tuple[Asked, asyncio.Future[Done]]]
        ] = WeakKeyDictionary()
        self._going: set[asyncio.Task[None]] = set()

    async def do(self, asked: Asked) -> Done:
        """Raises what `work` raises for this one alone."""
        loop = asyncio.get_running_loop()
        done: asyncio.Future[Done] = loop.create_future()
        waiting = self._waiting.setdefault(loop, [])
        waiting.append((asked, done))
        if len(waiting) == 1:
            task = asyncio.create_task(self._go(loop))
            self._going.add(task)
            task.add_done_callback(self._going.discard)
        return await done

    async def _go(self, loop: asyncio.AbstractEventLoop) -> None:
        await asyncio.sleep(self._seconds)
        waiting, self._waiting[loop] = self._waiting[loop], []
        if not await self._try(waiting) and len(waiting) > 1:
            await asyncio.gather(*(self._try([each]) for each in waiting))

    async def _try(self, waiting: Sequence[tuple[Asked, asyncio.Future[Done]]]) -> bool:
        """Whether it was done; somebody who is alone is told why not."""
        try:
            answers = await self._work([asked for asked, _done in waiting])
        except Exception as error:  # noqa: BLE001 - whoever asked is told
            _asked, done = waiting[0]
            if len(waiting) == 1 and not done.done():
                done.set_exception(error)
            return False
        for (_asked, done), answer in zip(waiting, answers, strict=True):
            if not done.done():
                done.set_result(answer)
        return True
