"""Answers that were computed once, for as long as a process lives.

What names an answer holds everything that it depends on, so nothing kept is ever wrong.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from threading import Lock
from typing import TypeVar, cast

from django.utils.translation import get_language

from parcours.core.recent import Recent
from parcours.customers.reads import customers_revision, segments_as_of
from parcours.events.lake import Lake
from parcours.measures.drawing import Drawing
from parcours.measures.scope import Question

MOST = 256

Answer = TypeVar("Answer")
_kept: Recent[object, object] = Recent(MOST)
_computing = Lock()
_without_computing: ContextVar[bool] = ContextVar("without_computing", default=False)


class NotKept(Exception):  # noqa: N818 - nothing went wrong
    """The answer would have to be computed."""


def kept(
    question: Question, drawing: Drawing | None, words: Sequence[object], compute: Callable[[], Answer]
) -> Answer:
    """The answer to a question, told apart from others by `words`. One is computed at a time.

    Raises NotKept within `only_kept`.
    """
    key = _key(question, drawing, words)
    found = _kept.get(key)
    if found is None:
        if _without_computing.get():
            raise NotKept
        with _computing:
            found = _kept.get(key)
            if found is None:
                found = _kept.keep(key, compute())
    return cast("Answer", found)


@contextmanager
def only_kept() -> Iterator[None]:
    """Within, an answer that isn't kept raises NotKept."""
    before = _without_computing.set(True)
    try:
        yield
    finally:
        _without_computing.reset(before)


def forget() -> None:
    _kept.forget()


def _key(question: Question, drawing: Drawing | None, words: Sequence[object]) -> object:
    brand, period = question.brand, question.period
    facts = (
        brand.pk,
        Lake(brand.pk).generation,
        segments_as_of(brand) if question.segment else customers_revision(brand),
        period.start,
        period.end,
    )
    # Labels in an answer are in the reader’s language.
    asked = (get_language(), question.segment, question.channel, question.where)
    return (*facts, *asked, drawing.facts if drawing else None, *words)
