"""The curve of a row of emotions as a drawing for files: an SVG with a word for those who can't see it."""

from itertools import groupby

from parcours.canvas.emotion import path
from parcours.canvas.exports.sheet import Sheet, SheetRow
from parcours.canvas.kinds import signed

STAGE, HEIGHT, EDGE = 600, 170, 16
"""Of one stage and of the whole, in the drawing's own units; no point touches the edge."""

INK, LINE = "#46549c", "#d9d6cf"


def as_curve(row: SheetRow, stages: int, *, shown: range | None = None) -> str:
    """An SVG as wide as `stages`, or as those `shown` of them; empty without two points."""
    seen = range(stages) if shown is None else shown
    points = row.points
    if len(points) < 2:
        return ""
    dots: list[tuple[float, float]] = []
    for stage, group in groupby(points, key=lambda point: point[0]):
        levels = [card.level or 0 for _stage, card in group]
        dots += [
            (STAGE * (stage + (place + 0.5) / len(levels)), _height(level))
            for place, level in enumerate(levels)
        ]
    wide = STAGE * stages
    middle = _height(0)
    circles = "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="7"/>' for x, y in dots)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" '
        f'viewBox="{STAGE * seen.start} 0 {STAGE * len(seen)} {HEIGHT}">'
        f'<path d="M0 {middle}H{wide}" stroke="{LINE}" stroke-width="2" stroke-dasharray="8 8"/>'
        f'<path d="{path(dots)}" fill="none" stroke="{INK}" stroke-width="4"/>'
        f'<g fill="#ffffff" stroke="{INK}" stroke-width="4">{circles}</g></svg>'
    )


def said(row: SheetRow, sheet: Sheet, *, shown: range | None = None) -> str:
    """The curve in words: “Awareness: Curious, +40; Decision: Surprised, −65”; of the stages `shown`."""
    parts = [
        f"{sheet.stages[stage].name}: {card.title}, {signed(card.level or 0)}"
        for stage, card in row.points
        if shown is None or stage in shown
    ]
    return f"{row.name}. {'; '.join(parts)}"


def _height(level: int) -> float:
    return EDGE + (100 - level) / 200 * (HEIGHT - 2 * EDGE)
