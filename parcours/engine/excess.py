"""Which of many groups of cases have more than their share of something, beyond chance.

Each group is compared with all other cases inside of strata (Mantel-Haenszel), so that what the strata differ
in does not count. The adjusted difference of shares has the interval of Greenland and Robins at 95 %; the
probability is that of the Cochran-Mantel-Haenszel test with continuity correction, times the number of groups
looked at (Bonferroni).
"""

from dataclasses import dataclass
from math import erfc, sqrt

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Z_95 = 1.959963984540054

# Below these a group says nothing.
LEAST_CASES = 20
LEAST_HITS = 5


@dataclass(frozen=True, slots=True)
class Comparison:
    """A group against all other cases."""

    cases: int
    hits: int
    share: float
    others_share: float
    difference: float
    """Of the shares, adjusted for the strata."""
    low: float
    high: float
    z: float


def scores(cases: Floats, hits: Floats, all_cases: Floats, all_hits: Floats) -> Floats:
    """z of each group, (groups, strata) against (strata,): above 0 for more than its share, -inf if too
    small.
    """
    others = all_cases - cases
    with np.errstate(divide="ignore", invalid="ignore"):
        expected = np.nan_to_num(cases * all_hits / all_cases).sum(axis=1)
        spread = cases * others * all_hits * (all_cases - all_hits) / (all_cases**2 * (all_cases - 1))
        variance = np.nan_to_num(spread, posinf=0.0).sum(axis=1)
        surplus = hits.sum(axis=1) - expected
        found = (surplus - 0.5) / np.sqrt(variance)
    enough = (cases.sum(axis=1) >= LEAST_CASES) & (others.sum(axis=1) >= LEAST_CASES)
    enough &= (hits.sum(axis=1) >= LEAST_HITS) & (variance > 0) & (surplus > 0.5)
    result: Floats = np.where(enough, found, -np.inf)
    return result


def probability(z: float, tried: int) -> float:
    """That any of `tried` groups would be as far off by chance (two-sided)."""
    return min(1.0, erfc(z / sqrt(2)) * tried) if z > 0 else 1.0


def compare(cases: Floats, hits: Floats, all_cases: Floats, all_hits: Floats) -> Comparison:
    """One group (strata,) against the others."""
    others, other_hits = all_cases - cases, all_hits - hits
    weight = np.divide(cases * others, all_cases, out=np.zeros(len(cases)), where=all_cases > 0)
    both = weight > 0
    n, m, a, b, whole = cases[both], others[both], hits[both], other_hits[both], all_cases[both]
    total = weight.sum()
    difference = float((weight[both] * (a / n - b / m)).sum() / total) if total else 0.0
    squares = (a * (n - a) * m**3 + b * (m - b) * n**3) / (n * m * whole**2)
    width = Z_95 * sqrt(float(squares.sum())) / float(total) if total else 0.0
    return Comparison(
        cases=int(cases.sum()),
        hits=int(hits.sum()),
        share=float(hits.sum() / max(1, cases.sum())),
        others_share=float(other_hits.sum() / max(1, others.sum())),
        difference=difference,
        low=max(-1.0, difference - width),
        high=min(1.0, difference + width),
        z=float(scores(cases[None], hits[None], all_cases, all_hits)[0]),
    )
