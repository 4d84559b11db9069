"""Two groups of customers, and how many of each fared so: what every comparison of groups is made of."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from parcours.core.conditions import as_number
from parcours.insights.drift.marked import Int64s

FEWEST, FEWEST_OTHERS = 40, 100
LEAST = 0.1
LEAST_RELATIVE = 2 / 3
MOST_VALUES = 60
SAME = 0.7
"""From this overlap of customers on, two values mean one thing, and the plainer is told."""
PLAIN = ("channel", *(f"properties.{key}" for key in ("region", "country", "language", "device", "browser")))

Column = tuple[npt.NDArray[np.integer], Sequence[str]]
Columns = Callable[[str], Column]
Flags = npt.NDArray[np.bool_]
C = TypeVar("C", bound="Compared")


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """Of the `n` customers with an event `name` in a stage and this value of `field`, `hits` fared so; of the
    `other_n` with another value, `other_hits`. `also` are other fields and values that nearly the same
    customers have.
    """

    stage: int
    name: str
    field: str
    value: str
    hits: int
    n: int
    other_hits: int
    other_n: int
    also: tuple[tuple[str, str], ...] = ()

    @property
    def share(self) -> float:
        return self.hits / self.n

    @property
    def other_share(self) -> float:
        return self.other_hits / self.other_n

    @property
    def difference(self) -> float:
        return self.share - self.other_share


def unlike(share: float, other: float, *, least: float = LEAST) -> bool:
    """Whether the difference is large enough to matter: `least`, and one share two thirds of the other."""
    low, high = sorted((share, other))
    return high - low >= least and low <= LEAST_RELATIVE * high


def groups_of(
    values: npt.NDArray[np.integer],
    labels: Sequence[str],
    *,
    fewest: int = FEWEST,
    others: int = FEWEST_OTHERS,
) -> Iterator[tuple[str, Flags]]:
    """Each value that enough have, with who has it; the codes are of customers, -1 for an unknown value.

    Numbers are no groups (a score of 4 is between 3 and 5), nor are values nearly as many as customers.
    """
    known = values >= 0
    n_known = int(known.sum())
    counts = np.bincount(values[known], minlength=1)
    if n_known < fewest + others or np.count_nonzero(counts) > MOST_VALUES:
        return
    for code in np.flatnonzero((counts >= fewest) & (n_known - counts >= others)).tolist():
        if as_number(labels[code]) is None:
            yield labels[code], values == code


def told_once(found: Sequence[tuple[C, Int64s]]) -> list[C]:
    """One value of a field in a stage, the one farthest from the others. Nearly the same customers count
    once, by the plainest field; what else they have in common stands beside it.
    """
    ranked = sorted(found, key=lambda pair: (_plainness(pair[0].field), -abs(pair[0].difference)))
    told: list[tuple[C, Int64s]] = []
    for each, who in ranked:
        place = next((at for at, (one, they) in enumerate(told) if _same(one, they, each, who)), None)
        if place is None:
            told.append((each, who))
        elif each.field != (one := told[place][0]).field and (each.field, each.value) not in one.also:
            told[place] = (replace(one, also=(*one.also, (each.field, each.value))), told[place][1])
    return sorted((each for each, _who in told), key=lambda each: -abs(each.difference))


def _plainness(field: str) -> int:
    return PLAIN.index(field) if field in PLAIN else len(PLAIN)


def _same(one: Compared, they: Int64s, other: Compared, who: Int64s) -> bool:
    if one.stage != other.stage:
        return False
    return one.field == other.field or len(np.intersect1d(they, who)) >= SAME * min(len(they), len(who))
