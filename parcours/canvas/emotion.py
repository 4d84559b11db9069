"""The emotion of a customer along the stages: a curve through the levels of the cards of one row."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from parcours.canvas.shapes import CardView, LaneView

WIDTH = HEIGHT = 100
"""Of one stage in the curve's own units; level 100 is at 0, level −100 at `HEIGHT`."""

Dot = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Point:
    """A card with a level; `stage` counts from 0."""

    card: CardView
    stage: int
    level: int


def level_of(card: CardView) -> int | None:
    level = card.details.get("level")
    return level if isinstance(level, int) else None


def points_of(lane: LaneView) -> tuple[Point, ...]:
    """The cards of a row that say how the customer feels, from left to right."""
    return tuple(
        Point(card, stage, level)
        for stage, cell in enumerate(lane.cells)
        for card in cell.cards
        if (level := level_of(card)) is not None
    )


def curve_of(lane: LaneView) -> str:
    """The path of an SVG, `WIDTH` wide a stage: in each stage its points share the width evenly."""
    groups = tuple(
        tuple(level for card in cell.cards if (level := level_of(card)) is not None) for cell in lane.cells
    )
    return _curve(groups)


@lru_cache(500)
def _curve(groups: tuple[tuple[int, ...], ...]) -> str:
    return path(
        [
            (WIDTH * (stage + (at + 0.5) / len(levels)), (100 - level) / 200 * HEIGHT)
            for stage, levels in enumerate(groups)
            for at, level in enumerate(levels)
        ]
    )


def path(dots: Sequence[Dot]) -> str:
    """A smooth line through the dots that never rises above or falls below two neighbours.

    Cubic pieces with the tangents of Steffen (1990), as d3's `curveMonotoneX` draws them.
    """
    if len(dots) < 2:
        return ""
    tangents = _tangents(dots)
    pieces = [f"M{_short(dots[0][0])},{_short(dots[0][1])}"]
    for (x0, y0), (x1, y1), t0, t1 in zip(dots, dots[1:], tangents, tangents[1:], strict=False):
        third = (x1 - x0) / 3
        pieces.append(
            f"C{_short(x0 + third)},{_short(y0 + third * t0)},"
            f"{_short(x1 - third)},{_short(y1 - third * t1)},{_short(x1)},{_short(y1)}"
        )
    return "".join(pieces)


def _tangents(dots: Sequence[Dot]) -> list[float]:
    slopes = [(y1 - y0) / (x1 - x0) for (x0, y0), (x1, y1) in pairwise(dots)]
    if len(slopes) == 1:
        return [slopes[0], slopes[0]]
    inner = [_inner(dots, slopes, at) for at in range(1, len(slopes))]
    first = (3 * slopes[0] - inner[0]) / 2
    last = (3 * slopes[-1] - inner[-1]) / 2
    return [first, *inner, last]


def _inner(dots: Sequence[Dot], slopes: Sequence[float], at: int) -> float:
    before, after = slopes[at - 1], slopes[at]
    if before * after <= 0:
        return 0.0
    left, right = dots[at][0] - dots[at - 1][0], dots[at + 1][0] - dots[at][0]
    mean = (before * right + after * left) / (left + right)
    size = 2 * min(abs(before), abs(after), abs(mean) / 2)
    return size if before > 0 else -size


def _short(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
