"""Names for the arrays that the simulation is made of."""

from typing import Any

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Texts = npt.NDArray[np.object_]
Random = np.random.Generator


def pick(random: Random, labels: tuple[str, ...], weights: tuple[float, ...], count: int) -> Texts:
    """`count` labels, drawn with these weights."""
    shares = np.array(weights, dtype=float)
    drawn = random.choice(len(labels), count, p=shares / shares.sum())
    return np.array(labels, dtype=object)[drawn]


def chosen(random: Random, chance: Floats | float, count: int) -> Flags:
    """For each of `count`: does it happen, with this chance?"""
    return random.random(count) < chance


def either(flags: Flags, yes: Any, no: Any) -> Texts:
    """`yes` where the flag is set, `no` elsewhere: texts, or None for nothing."""
    result = np.empty(len(flags), dtype=object)
    result[flags] = yes[flags] if isinstance(yes, np.ndarray) else yes
    result[~flags] = no[~flags] if isinstance(no, np.ndarray) else no
    return result
