"""A table whose cells are the darker the more there is: rows by columns, each with its number."""

from collections.abc import Sequence
from dataclasses import dataclass

from parcours.core.charts.svg import Svg, fitted, room

CELL, ROW, HEAD = 58, 28, 30


@dataclass(frozen=True, slots=True)
class Row:
    """Cells (value from 0 to 1, its text); a value of None leaves the cell empty."""

    label: str
    cells: Sequence[tuple[float | None, str]]


def grid(title: str, description: str, columns: Sequence[str], rows: Sequence[Row]) -> Svg:
    left = min(240.0, max((room(row.label) for row in rows), default=0.0)) + 12
    drawing = Svg(left + CELL * len(columns) + 8, HEAD + ROW * len(rows) + 8, title, description)
    for place, name in enumerate(columns):
        drawing.text(left + CELL * (place + 0.5), HEAD - 10, fitted(name, CELL), "soft", anchor="middle")
    for line, row in enumerate(rows):
        top = HEAD + ROW * line
        drawing.text(left - 10, top + ROW / 2 + 4, fitted(row.label, left - 12), anchor="end")
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
