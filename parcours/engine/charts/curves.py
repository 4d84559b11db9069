"""Shares over time as steps, with the band of their interval and their names at their ends."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from parcours.engine.charts.svg import SIZE, Svg, fitted

WIDTH, HEIGHT, LEFT, BELOW, ABOVE = 760, 320, 48, 34, 12
TICKS = 5
LEAST_APART = 0.8

Point = tuple[float, float, float | None, float | None]


@dataclass(frozen=True, slots=True)
class Curve:
    """Points (x, share, low, high) by rising x; each share holds until the next. `hue` from 1, or None."""

    label: str
    points: Sequence[Point]
    hue: int | None = None


def curves(
    title: str,
    description: str,
    found: Sequence[Curve],
    *,
    x_text: Callable[[float], str],
    y_text: Callable[[float], str],
    x_most: float | None = None,
    ticks: Sequence[float] | None = None,
) -> Svg:
    """Shares from 0 to 1, over 0 to `x_most`."""
    drawing = Svg(WIDTH, HEIGHT, title, description)
    right = 12 + (130 if len(found) > 1 else 0)
    most = x_most or max((points.points[-1][0] for points in found if points.points), default=0.0) or 1.0
    bottom = HEIGHT - BELOW

    def across(value: float) -> float:
        return LEFT + min(value, most) / most * (WIDTH - LEFT - right)

    def up(share: float) -> float:
        return bottom - share * (bottom - ABOVE)

    if not any(curve.points for curve in found):
        drawing.say_nothing_is_here()
        return drawing
    for quarter in range(5):
        drawing.line(LEFT, up(quarter / 4), WIDTH - right, up(quarter / 4), "line")
        drawing.text(LEFT - 8, up(quarter / 4) + 4, y_text(quarter / 4), "soft", anchor="end")
    for value in ticks if ticks is not None else [most * tick / TICKS for tick in range(TICKS + 1)]:
        drawing.text(across(value), bottom + SIZE + 8, x_text(value), "soft", anchor="middle")
    taken: list[float] = []
    for curve in found:
        shown = _apart([point for point in curve.points if point[0] <= most], across)
        if not shown:
            continue
        css = f" hue-{curve.hue}" if curve.hue else ""
        end = across(shown[-1][0])
        banded = [point for point in shown if point[2] is not None and point[3] is not None]
        if banded:
            upper = _steps([(across(x), up(high or 0.0)) for x, _, _, high in banded], end)
            lower = _steps([(across(x), up(low or 0.0)) for x, _, low, _ in banded], end)
            outline = [*upper, *reversed(lower)]
            drawing.path("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in outline) + "Z", "band" + css)
        line = _steps([(across(x), up(share)) for x, share, _, _ in shown], end)
        drawing.path("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in line), "curve" + css)
        if len(found) > 1:
            height = _free(line[-1][1] + 4, taken)
            drawing.text(WIDTH - right + 8, height, fitted(curve.label, right - 12))
    return drawing


def _apart(points: Sequence[Point], across: Callable[[float], float]) -> list[Point]:
    """Points that can be told apart; of those that cannot, the last, which holds from there on."""
    kept: list[Point] = []
    for point in points:
        if len(kept) > 1 and across(point[0]) - across(kept[-2][0]) < LEAST_APART:
            kept.pop()
        kept.append(point)
    return kept


def _steps(points: Sequence[tuple[float, float]], end: float) -> list[tuple[float, float]]:
    """The corners of a line that keeps its height until the next point."""
    corners: list[tuple[float, float]] = []
    for x, y in points:
        if corners:
            corners.append((x, corners[-1][1]))
        corners.append((x, y))
    corners.append((max(end, corners[-1][0]), corners[-1][1]))
    return corners


def _free(height: float, taken: list[float]) -> float:
    """A height at which no other name stands."""
    step = 2 if height < HEIGHT / 2 else -2
    while any(abs(height - other) < SIZE + 2 for other in taken):
        height += step
    taken.append(height)
    return height
