"""Sequences as rows of chevrons, each with its name, and how many share the sequence."""

from collections.abc import Sequence
from dataclasses import dataclass

from parcours.engine.charts.svg import Svg, fitted, room

WIDTH, ROW, HIGH, POINT = 980, 38, 28, 9
MOST, NARROWEST, WIDEST = 8, 64, 170
WASH = "0.3"
"""Light enough for the ink of the name to stand out on every hue, in light and dark."""


@dataclass(frozen=True, slots=True)
class Chevron:
    """`hue` from 1 to 5; None for the accent."""

    label: str
    hue: int | None = None


@dataclass(frozen=True, slots=True)
class Trail:
    """A sequence, the text beside it, and the whole of it in words."""

    chevrons: Sequence[Chevron]
    text: str
    tip: str


def chevrons(title: str, description: str, found: Sequence[Trail]) -> Svg:
    """The first chevrons of a sequence that is too long for its row, and how many more there are."""
    drawing = Svg(WIDTH, max(1, len(found)) * ROW + 8, title, description)
    if not found:
        drawing.say_nothing_is_here()
    left = max((room(trail.text) for trail in found), default=0.0) + 20
    wide = _width(found, WIDTH - left - 48)
    for place, trail in enumerate(found):
        top = place * ROW + 8
        drawing.text(left - 14, top + HIGH / 2 + 5, trail.text, anchor="end")
        for number, chevron in enumerate(trail.chevrons[:MOST]):
            x = left + number * (wide + 3)
            css = f"mark hue-{chevron.hue}" if chevron.hue else "mark"
            drawing.path(_outline(x, top, wide, first=number == 0), css, trail.tip, opacity=WASH)
            drawing.text(
                x + wide / 2 + POINT / 2,
                top + HIGH / 2 + 5,
                fitted(chevron.label, wide - 2 * POINT),
                anchor="middle",
            )
        if len(trail.chevrons) > MOST:
            x = left + MOST * (wide + 3) + POINT + 4
            drawing.text(x, top + HIGH / 2 + 5, f"+{len(trail.chevrons) - MOST}", "soft")
    return drawing


def _width(found: Sequence[Trail], space: float) -> float:
    """As wide as the longest name wants, if the longest row has the space."""
    longest = max((min(MOST, len(trail.chevrons)) for trail in found), default=1) or 1
    labels = [room(each.label) for trail in found for each in trail.chevrons[:MOST]]
    wanted = max(NARROWEST, min(WIDEST, max(labels, default=0.0) + 3 * POINT))
    return min(wanted, space / longest - 3)


def _outline(x: float, y: float, wide: float, *, first: bool) -> str:
    notch = 0 if first else POINT
    return (
        f"M{x:.1f} {y:.1f}h{wide:.1f}l{POINT} {HIGH / 2}l-{POINT} {HIGH / 2}h-{wide:.1f}l{notch} -{HIGH / 2}Z"
    )
