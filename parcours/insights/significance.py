"""The few tests by which a difference is told from chance. Pure; formulas as in docs/guide/numbers.md."""

from collections.abc import Sequence
from math import sqrt
from statistics import NormalDist

_NORMAL = NormalDist()


def above(hits: int, n: int, threshold: float) -> float:
    """How likely `hits` or more of `n` would be if the true share were `threshold`: one-sided score test.

    The interval that belongs to it is Wilson's. 1 of nothing.
    """
    if not n or not 0 < threshold < 1:
        return 1.0
    return 1 - _NORMAL.cdf((hits / n - threshold) / sqrt(threshold * (1 - threshold) / n))


def differ(hits: int, n: int, other_hits: int, other_n: int) -> float:
    """How likely two shares would be so far apart, or farther, if they were the same: two-sided z-test with
    the pooled share. 1 where nothing can be said.
    """
    if not n or not other_n:
        return 1.0
    pooled = (hits + other_hits) / (n + other_n)
    spread = sqrt(pooled * (1 - pooled) * (1 / n + 1 / other_n))
    if not spread:
        return 1.0
    return 2 * (1 - _NORMAL.cdf(abs(hits / n - other_hits / other_n) / spread))


Counted = tuple[int, int]
"""Hits, and of how many."""


def differ_more(group: Counted, others: Counted, group_then: Counted, others_then: Counted) -> float:
    """How likely a group would be so much farther from the others now than it was then, if it were as far:
    two-sided z-test of the difference of two differences of shares. One is added to hits and misses each
    (Agresti and Caffo), so that shares of nothing and of all have a spread too.
    """
    shares = [((hits + 1) / (n + 2), n + 2) for hits, n in (group, others, group_then, others_then)]
    (now, _), (other, _), (then, _), (other_then, _) = shares
    spread = sqrt(sum(share * (1 - share) / n for share, n in shares))
    return 2 * (1 - _NORMAL.cdf(abs((now - other) - (then - other_then)) / spread))


def holm(chances: Sequence[float], level: float) -> list[bool]:
    """Which of several questions asked at once count as answered, so that none is by chance with probability
    1 − `level` (Holm 1979): the smallest at level/m, the next at level/(m − 1), until the first that fails.
    """
    order = sorted(range(len(chances)), key=lambda place: chances[place])
    answered = [False] * len(chances)
    for rank, place in enumerate(order):
        if chances[place] > level / (len(chances) - rank):
            break
        answered[place] = True
    return answered
