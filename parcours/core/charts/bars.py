"""Bars from zero, each with its words, its number and, where one is known, its interval."""

from collections.abc import Sequence
from dataclasses import dataclass

from parcours.core.charts.svg import Svg, fitted, room

WIDTH, ROW, BAR, GAP = 760, 30, 16, 12
MOST_LABEL = 280


@dataclass(frozen=True, slots=True)
class Bar:
    """`text` is the number as it is written; `low` and `high` bound its interval, in the bar's unit."""

    label: str
    value: float
    text: str
    low: float | None = None
    high: float | None = None
    hue: int | None = None


def bars(title: str, description: str, found: Sequence[Bar], *, top: float | None = None) -> Svg:
    """`top` is the value of a whole width; by default the largest there is."""
    drawing = Svg(WIDTH, max(1, len(found)) * ROW + 8, title, description)
    left = min(MOST_LABEL, max((room(bar.label) for bar in found), default=0)) + GAP
    right = max((room(bar.text) for bar in found), default=0) + 2 * GAP
    ends = [max(bar.value, bar.high or 0.0) for bar in found]
    scale = (WIDTH - left - right) / ((top or max(ends, default=0.0)) or 1.0)
    for place, bar in enumerate(found):
        middle = place * ROW + ROW / 2 + 4
        drawing.text(left - GAP, middle + 4, fitted(bar.label, left - GAP), anchor="end")
        css = f"mark hue-{bar.hue}" if bar.hue else "mark"
        drawing.rect(left, middle - BAR / 2, max(0.0, bar.value) * scale, BAR, css, rx=2)
        end = left + max(0.0, bar.value, bar.high or 0.0) * scale
        if bar.low is not None and bar.high is not None:
            low, high = left + max(0.0, bar.low) * scale, left + max(0.0, bar.high) * scale
            drawing.path(f"M{low:.1f} {middle - 4:.1f}v8m0 -4H{high:.1f}m0 -4v8", "interval")
        drawing.text(end + GAP / 2, middle + 4, bar.text)
    drawing.line(left, 0, left, drawing.height, "line")
    return drawing
