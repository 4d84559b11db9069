"""The language of the engine's sentences and pictures: English, unless the program around it speaks another.

from parcours.engine import words

words.speak(words.Language(gettext=catalogue.gettext, number=lambda value, decimals: …))
"""

from collections.abc import Callable
from dataclasses import dataclass


def _english(value: float, decimals: int) -> str:
    return f"{value:,.{decimals}f}"


@dataclass(frozen=True, slots=True)
class Language:
    """Both are asked at each use, so that a program may serve people of several languages at once."""

    gettext: Callable[[str], str] = str
    """An English sentence, with its `{placeholders}`, in the reader's language."""
    number: Callable[[float, int], str] = _english
    """A number with so many decimals, as the reader writes it."""


_spoken = Language()


def speak(language: Language) -> None:
    """From now on, in the whole process."""
    global _spoken  # noqa: PLW0603 - one process speaks in one way
    _spoken = language


def gettext(sentence: str) -> str:
    return _spoken.gettext(sentence)


def gettext_noop(sentence: str) -> str:
    """Marks a sentence that is translated where it is used."""
    return sentence


def number(value: float, decimals: int = 0) -> str:
    """1234.5 → “1,234.5”."""
    return _spoken.number(round(value, decimals), decimals)


def count(value: float) -> str:
    """A whole number, or one decimal of what is none: conversions may be shared out."""
    return number(value, 1 if round(value, 1) % 1 else 0)


def percent(share: float | None, decimals: int | None = None) -> str:
    """0.3812 → “38 %”; small shares keep one decimal, and so do those that fall just short of all."""
    if share is None:
        return "–"
    value = share * 100
    if decimals is None:
        size = round(abs(value), 1)
        decimals = 1 if 0 < size < 10 or 99.5 <= size < 100 else 0
    return f"{number(value, decimals)}\N{NO-BREAK SPACE}%"
