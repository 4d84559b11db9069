"""What streams ask the database: those that come while others are being answered are answered together.

After a web process died thousands come back within a second; asked one by one they would take a minute.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

import psycopg

from parcours.core.line import Line

logger = logging.getLogger(__name__)

Question = TypeVar("Question")
Answer = TypeVar("Answer")
Together = Callable[[Line, Sequence[Question]], Awaitable[Sequence[Answer]]]
"""Answers in the order of the questions. A question can be compared and hashed."""

MOST_TOGETHER = 100
"""Few enough that those who are here get their answers between those who come."""
IDLE_SECONDS = 30.0
"""After so long without a question the connection is closed: at rest it would cost the server a process."""


class Questions:
    """Through one connection. Belongs to one event loop."""

    def __init__(self) -> None:
        self._line = Line()
        self._waiting: dict[Together[Any, Any], list[tuple[Any, asyncio.Future[Any]]]] = {}
        self._arrived = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def ask(self, together: Together[Question, Answer], question: Question) -> Answer:
        """Raises psycopg.Error when the database doesn't answer."""
        answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(together, []).append((question, answer))
        self._arrived.set()
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run())
        return await answer

    async def _run(self) -> None:
        try:
            while True:
                async with asyncio.timeout(IDLE_SECONDS):
                    await self._arrived.wait()
                self._arrived.clear()
                while self._waiting:
                    await self._answer(next(iter(self._waiting)))
        except TimeoutError:
            self._task = None
        finally:
            await self._line.hang_up()

    async def _answer(self, together: Together[Any, Any]) -> None:
        """The next few of one kind; what is left of it stands behind the other kinds."""
        asked = self._waiting.pop(together)
        asked, later = asked[:MOST_TOGETHER], asked[MOST_TOGETHER:]
        if later:
            self._waiting[together] = later
        questions = list(dict.fromkeys(question for question, _answer in asked))
        try:
            answers = dict(zip(questions, await together(self._line, questions), strict=True))
        except Exception as error:
            if not isinstance(error, psycopg.Error):
                logger.exception("a question of streams failed")
            for _question, answer in asked:
                if not answer.done():
                    answer.set_exception(error)
            return
        for question, answer in asked:
            if not answer.done():
                answer.set_result(answers[question])


_of_loops: WeakKeyDictionary[asyncio.AbstractEventLoop, Questions] = WeakKeyDictionary()


async def ask(together: Together[Question, Answer], question: Question) -> Answer:
    """Asks together with whoever else of this web process asks the like just now. Raises psycopg.Error."""
    loop = asyncio.get_running_loop()
    return await _of_loops.setdefault(loop, Questions()).ask(together, question)
