"""What changed in a text, word by word."""

import re
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
        return tuple(Piece(text, state) for text, state in ((one, "gone"), (other, "new")) if text)  # type: ignore[arg-type]
    pieces: list[Piece] = []
    for kind, a, b, c, d in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if kind == "equal":
            pieces.append(Piece("".join(left[a:b]), "same"))
            continue
        if a < b:
            pieces.append(Piece("".join(left[a:b]), "gone"))
        if c < d:
            pieces.append(Piece("".join(right[c:d]), "new"))
    return tuple(pieces)
