"""Stages of a log whose names mean nothing to Parcours: what customers do early, later and last.

Each activity stands where customers come to it: of all other activities that the same customers have, the
share that comes before it (first times compared; each other activity counts the same). The line of activities
is then cut where it costs least: the cuts leave the activities of a stage as close together as
can be (weighed by customers; exact, by dynamic programming).
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from parcours.insights.drift.marked import Marked

FEWEST_STAGES, MOST_STAGES = 3, 7
EXPLAINED = 0.9
"""As few stages as leave a tenth of the spread within them."""
MOST_ACTIVITIES = 200
SHARE = 0.005
TOGETHER = 0.01
"""What fewer of its customers have too says nothing about where an activity stands."""

Floats = npt.NDArray[np.float64]


def ordered_stages(log: Marked, wanted: int | None = None) -> list[list[int]]:
    """Codes of names by stage, each stage in its order; rare activities join the stage nearest to them."""
    codes, positions, weights = positions_of(log)
    if not len(codes):
        return []
    order = np.lexsort((codes, positions))
    codes, positions, weights = codes[order], positions[order], weights[order]
    count = min(wanted or MOST_STAGES, len(codes))
    cuts = _fewest(positions, weights, count) if wanted is None else _cuts(positions, weights, count)[0]
    bounds = [0, *cuts, len(codes)]
    return [codes[begin:end].tolist() for begin, end in pairwise(bounds)]


def positions_of(log: Marked) -> tuple[npt.NDArray[np.int64], Floats, Floats]:
    """Codes of the activities that enough customers have, where each stands (0 to 1), and its customers."""
    first = _first_times(log)
    customers = (first >= 0).sum(axis=0)
    fewest = max(2, SHARE * first.shape[0])
    frequent = np.flatnonzero(customers >= fewest)
    chosen = frequent[np.argsort(-customers[frequent], kind="stable")[:MOST_ACTIVITIES]]
    if not len(chosen):
        chosen = np.flatnonzero(customers)[:MOST_ACTIVITIES]
    there = first[:, chosen]
    positions = np.full(len(chosen), 0.5)
    for place in range(len(chosen)):
        mine = there[:, place]
        both = (mine >= 0)[:, None] & (there >= 0)
        both[:, place] = False
        together = both.sum(axis=0)
        before = (both & (there < mine[:, None])).sum(axis=0)
        enough = together >= max(2, TOGETHER * (mine >= 0).sum())
        if enough.any():
            positions[place] = float((before[enough] / together[enough]).mean())
    return chosen.astype(np.int64), positions, customers[chosen].astype(np.float64)


def _first_times(log: Marked) -> npt.NDArray[np.int64]:
    """int64[customers, names]: the place of each customer's first event of a name in the log; -1 for none.

    Of very many customers a fixed part, so that a large log doesn't take more than it gives.
    """
    n = len(log.offsets) - 1
    step = max(1, n * len(log.names) // 40_000_000 + 1)
    chosen = np.arange(0, n, step)
    place = np.full(n, -1, dtype=np.int64)
    place[chosen] = np.arange(len(chosen))
    first = np.full((len(chosen), len(log.names)), -1, dtype=np.int64)
    rows = np.flatnonzero((log.name >= 0) & (place[log.owner] >= 0))[::-1]
    first[place[log.owner[rows]], log.name[rows]] = rows
    return first


def _fewest(positions: Floats, weights: Floats, most: int) -> list[int]:
    whole = _cost(positions, weights)[0, len(positions)]
    cuts: list[int] = []
    for count in range(min(FEWEST_STAGES, most), most + 1):
        cuts, left = _cuts(positions, weights, count)
        if whole <= 0 or left <= (1 - EXPLAINED) * whole:
            break
    return cuts


def _cuts(positions: Floats, weights: Floats, count: int) -> tuple[list[int], float]:
    """Where to cut sorted positions into `count` parts, and the spread that is left within them."""
    n = len(positions)
    cost = _cost(positions, weights)
    best = np.full((count + 1, n + 1), np.inf)
    come = np.zeros((count + 1, n + 1), dtype=np.int64)
    best[0, 0] = 0
    for parts in range(1, count + 1):
        for end in range(parts, n + 1):
            totals = best[parts - 1, parts - 1 : end] + cost[parts - 1 : end, end]
            place = int(totals.argmin())
            best[parts, end] = totals[place]
            come[parts, end] = parts - 1 + place
    cuts, end = [], n
    for parts in range(count, 0, -1):
        end = int(come[parts, end])
        cuts.append(end)
    return sorted(cuts)[1:], float(best[count, n])


def _cost(positions: Floats, weights: Floats) -> Floats:
    """float[n + 1, n + 1]: the weighed squared distance to their middle of the activities from i up to j."""
    zero = np.zeros(1)
    mass = np.concatenate([zero, np.cumsum(weights)])
    once = np.concatenate([zero, np.cumsum(weights * positions)])
    twice = np.concatenate([zero, np.cumsum(weights * positions**2)])
    m = mass[None, :] - mass[:, None]
    o = once[None, :] - once[:, None]
    t = twice[None, :] - twice[:, None]
    spread = t - np.divide(o**2, m, out=np.zeros_like(o), where=m > 0)
    left: Floats = np.maximum(spread, 0.0)
    return left


def tidy_name(name: str) -> str:
    """“A_PARTLYSUBMITTED” → “A partlysubmitted”: as a person would write it."""
    words = name.replace("_", " ").strip()
    if words.isupper() and len(words) > 4:
        words = words[0] + words[1:].lower()
    return words[:1].upper() + words[1:]


def names_of(stages: Sequence[Sequence[int]], customers: npt.NDArray[np.int64]) -> list[int]:
    """The activity that names each stage: the one that most customers have; of equal ones the first."""
    return [max(stage, key=lambda code: int(customers[code])) for stage in stages]
