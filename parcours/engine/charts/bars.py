"""Bars from zero, each with its words, its number and, where one is known, its interval."""

from collections.abc import Sequence
from dataclasses import dataclass

from parcours.engine.charts.svg import Svg, fitted, room

WIDTH, ROW, BAR, GAP, MARGIN = 760, 30, 16, 12, 6
CLOSE_ROW, CLOSE_BAR, BETWEEN = 20, 12, 12
MOST_LABEL, USUAL_LABEL = 440, 280
BEHIND = "0.55"
"""How much of a bar’s colour is left where its interval must be seen before it."""


@dataclass(frozen=True, slots=True)
class Bar:
    """`text` is the number as it is written; `low` and `high` bound its interval, in the bar's unit.

    A bar without a label belongs to the one above.
    """

    label: str
    value: float
    text: str
    low: float | None = None
    high: float | None = None
    hue: int | None = None


@dataclass(frozen=True, slots=True)
class _Scale:
    """From the bars' unit to the drawing's; where some are below zero, zero lies inside."""

    left: float
    least: float
    factor: float

    def at(self, value: float) -> float:
        return self.left + (value - self.least) * self.factor


def bars(title: str, description: str, found: Sequence[Bar], *, top: float | None = None) -> Svg:
    """`top` is the value of a whole width; by default the largest there is."""
    grouped = any(not bar.label for bar in found)
    row, thick = (CLOSE_ROW, CLOSE_BAR) if grouped else (ROW, BAR)
    heads = sum(1 for bar in found[1:] if bar.label) if grouped else 0
    label = min(MOST_LABEL, max((room(bar.label) for bar in found), default=0.0)) + MARGIN
    width = WIDTH + max(0.0, label - USUAL_LABEL)
    drawing = Svg(width, max(1, len(found)) * row + heads * BETWEEN + 8, title, description)
    if not found:
        drawing.say_nothing_is_here()
        return drawing
    scale = _scale(found, top, label + GAP, width)
    faded: dict[str, object] = {"opacity": BEHIND} if any(bar.low is not None for bar in found) else {}
    middle = row / 2 + 4
    for place, bar in enumerate(found):
        if place:
            middle += row + (BETWEEN if grouped and bar.label else 0)
        drawing.text(label, middle + 4, fitted(bar.label, label), anchor="end")
        _draw(drawing, bar, (middle, thick), scale, faded)
    drawing.line(scale.at(0), 0, scale.at(0), drawing.height, "line")
    return drawing


def _draw(
    drawing: Svg, bar: Bar, place: tuple[float, float], scale: _Scale, faded: dict[str, object]
) -> None:
    middle, thick = place
    css = f"mark hue-{bar.hue}" if bar.hue else "mark"
    start, end = scale.at(min(0.0, bar.value)), scale.at(max(0.0, bar.value))
    drawing.rect(start, middle - thick / 2, end - start, thick, css, rx=2, **faded)
    last = max(end, scale.at(0.0))
    if bar.low is not None and bar.high is not None:
        low, high = scale.at(max(bar.low, scale.least)), scale.at(bar.high)
        drawing.path(f"M{low:.1f} {middle - 4:.1f}v8m0 -4H{high:.1f}m0 -4v8", "interval")
        last = max(last, high)
    drawing.text(last + GAP / 2, middle + 4, bar.text)


def _scale(found: Sequence[Bar], top: float | None, left: float, width: float) -> _Scale:
    right = max((room(bar.text) for bar in found), default=0) + 2 * GAP
    below = any(bar.value < 0 for bar in found)
    least = min((min(bar.value, bar.low or 0.0) for bar in found), default=0.0) if below else 0.0
    most = top or max((max(bar.value, bar.high or 0.0, 0.0) for bar in found), default=0.0)
    return _Scale(left, least, (width - left - right) / ((most - least) or 1.0))
