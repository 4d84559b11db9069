"""A table whose cells are the darker the more there is: rows by columns, each with its number."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, radians, sin

from parcours.engine.charts.svg import SIZE, Svg, fitted, room

CELL, ROW, HEAD, LEAST_WIDTH = 58, 28, 30, 320
MOST_LABEL, MOST_HEAD, TURN = 300.0, 180.0, 35


@dataclass(frozen=True, slots=True)
class Row:
    """Cells (value from 0 to 1, its text); a value of None leaves the cell empty."""

    label: str
    cells: Sequence[tuple[float | None, str]]


def grid(title: str, description: str, columns: Sequence[str], rows: Sequence[Row]) -> Svg:
    """Column names that are wider than a cell are slanted."""
    left = min(MOST_LABEL, max((room(row.label) for row in rows), default=0.0)) + 16
    widest = min(MOST_HEAD, max((room(name) for name in columns), default=0.0))
    slanted = widest > CELL
    head = widest * sin(radians(TURN)) + SIZE + 12 if slanted else HEAD
    past = widest * cos(radians(TURN)) - CELL / 2 if slanted else 0.0
    width = left + CELL * len(columns) + 8 + max(0.0, past)
    drawing = Svg(max(width, LEAST_WIDTH), head + ROW * len(rows) + 8, title, description)
    if not rows:
        drawing.say_nothing_is_here()
    for place, name in enumerate(columns):
        x = left + CELL * (place + 0.5)
        if slanted:
            drawing.text(x - 4, head - 6, fitted(name, MOST_HEAD + 1), "soft", turn=-TURN)
        else:
            drawing.text(x, head - 10, fitted(name, CELL), "soft", anchor="middle")
    for line, row in enumerate(rows):
        top = head + ROW * line
        drawing.text(left - 10, top + ROW / 2 + 4, fitted(row.label, left - 10), anchor="end")
        for place, (value, text) in enumerate(row.cells):
            if value is None:
                continue
            x = left + CELL * place
            # The washed half of the scale only, so that the ink of the number always stands out.
            drawing.rect(
                x + 1, top + 1, CELL - 2, ROW - 2, "mark", rx=2, opacity=f"{0.06 + 0.36 * value:.2f}"
            )
            drawing.text(x + CELL / 2, top + ROW / 2 + 4, text, anchor="middle")
    return drawing
