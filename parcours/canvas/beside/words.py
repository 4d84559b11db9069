"""What changed in a text, word by word."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

_WORD = re.compile(r"\s+|[^\s]+")
MOST_WORDS = 2_000
"""Of longer texts the whole counts as changed: comparing them word by word takes too long."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words that both texts have, or only the one or the other."""

    words: str
    state: Literal["same", "gone", "new"]


def word_changes(one: str, other: str) -> tuple[Piece, ...]:
    """The pieces of both texts in their order; leaving out `new` gives `one`, without `gone` the other."""
    if one == other:
        return (Piece(one, "same"),) if one else ()
    left, right = _WORD.findall(one), _WORD.findall(other)
    if max(len(left), len(right)) > MOST_WORDS:
        return tuple(_changed(one, other))
    return tuple(_pieces(left, right))


def _pieces(left: list[str], right: list[str]) -> Iterator[Piece]:
    """A space alone between two changes belongs to both: what changed reads as one."""
    gone = new = ""
    codes = SequenceMatcher(None, left, right, autojunk=False).get_opcodes()
    for place, (kind, a, b, c, d) in enumerate(codes):
        words = "".join(left[a:b])
        if kind != "equal":
            gone, new = gone + words, new + "".join(right[c:d])
        elif 0 < place < len(codes) - 1 and words.isspace():
            gone, new = gone + words, new + words
        else:
            yield from _changed(gone, new)
            gone = new = ""
            yield Piece(words, "same")
    yield from _changed(gone, new)


def _changed(gone: str, new: str) -> Iterator[Piece]:
    if gone:
        yield Piece(gone, "gone")
    if new:
        yield Piece(new, "new")
