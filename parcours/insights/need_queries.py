"""The query that finds a need again: words and turns by which it is told from all else that customers say."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from parcours.core.masking import MASK

if TYPE_CHECKING:
    from parcours.insights.needs import Sayings

PRECISION = 0.8
"""Of the customers whose words a turn is in, so many at least mean the need."""
MOST_TURNS = 8
FEWEST = 3
"""Customers who use a turn: what one or two wrote may name them."""
SHORTEST, LONGEST = 4, 60
_WORD = re.compile(r"[^\W\d_]+", re.UNICODE)

Rows = npt.NDArray[np.int64]


def queries(said: "Sayings", members: Rows) -> tuple[dict[str, Any], ...]:
    """A rule over events for each property in which the need is said, with that property; none where no turn
    tells it from other needs.
    """
    inside = np.isin(said.text, members)
    found = []
    for key in dict.fromkeys(said.keys[source] for source in np.unique(said.source[inside]).tolist()):
        here = np.isin(said.source, [at for at, one in enumerate(said.keys) if one == key])
        turns = _turns(said, here & inside, here & ~inside)
        if turns:
            names = sorted({said.names[source] for source in np.unique(said.source[here & inside]).tolist()})
            conditions = [
                {"field": "name", "op": "is", "value": names},
                {"field": f"properties.{key}", "op": "contains", "value": turns},
            ]
            found.append({"rule": {"all": conditions}, "words": key})
    return tuple(found)


def _turns(said: "Sayings", inside: npt.NDArray[np.bool_], outside: npt.NDArray[np.bool_]) -> list[str]:
    """Again and again the turn that most customers use who weren't found yet, while it means the need."""
    users = _users(said, inside)
    others = Counter(
        turn
        for text, people in _people_by_text(said, outside).items()
        for turn in set(_parts(text)) & users.keys()
        for _one in people
    )
    precise = {
        turn: people
        for turn, people in users.items()
        if len(people) >= FEWEST and len(people) >= PRECISION * (len(people) + others[turn])
    }
    chosen: list[str] = []
    found: set[int] = set()
    while precise and len(chosen) < MOST_TURNS:
        best = min(precise, key=lambda turn: (-len(precise[turn] - found), len(turn), turn))
        if len(precise.pop(best) - found) < FEWEST:
            break
        chosen.append(best)
        found |= users[best]
    return chosen


def _users(said: "Sayings", rows: npt.NDArray[np.bool_]) -> dict[str, set[int]]:
    """The customers who use each turn in these sayings."""
    users: dict[str, set[int]] = defaultdict(set)
    for text, people in _people_by_text(said, rows).items():
        for turn in _parts(text):
            users[turn] |= people
    return users


def _people_by_text(said: "Sayings", rows: npt.NDArray[np.bool_]) -> dict[str, set[int]]:
    people: dict[str, set[int]] = defaultdict(set)
    for text, customer in zip(said.text[rows].tolist(), said.customer[rows].tolist(), strict=True):
        people[said.texts[text]].add(customer)
    return people


def _parts(text: str) -> Iterator[str]:
    """The longer words of a text, each two words that stand side by side, and a short text as a whole."""
    low = text.casefold()
    words = list(_WORD.finditer(low))
    for word in words:
        if len(word[0]) >= SHORTEST:
            yield word[0]
    for one, next_one in pairwise(words):
        turn = low[one.start() : next_one.end()]
        if SHORTEST < len(turn) <= LONGEST:
            yield turn
    if len(low) <= LONGEST and MASK not in low:
        yield low
