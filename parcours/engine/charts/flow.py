"""A flow through columns: nodes as tall as what passes through them, joined by bands as wide."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from parcours.engine.charts.svg import SIZE, Svg, fitted

WIDTH, HEIGHT, NODE, GAP = 980, 460, 12, 8
ABOVE, TEXT, LAST = 16, 30, 170
"""Room above the nodes, for the two lines beside each, and for the words of the last column."""


@dataclass(frozen=True, slots=True)
class Node:
    """`text` is its number as written; an `end` is where something stops."""

    key: str
    column: int
    label: str
    value: float
    text: str
    hue: int | None = None
    end: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    source: str
    target: str
    value: float
    text: str


def flow(
    title: str, description: str, nodes: Sequence[Node], links: Sequence[Link], heads: Sequence[str] = ()
) -> Svg:
    """Columns from left to right; within one, nodes in the order given."""
    drawing = Svg(WIDTH, HEIGHT, title, description)
    columns: dict[int, list[Node]] = defaultdict(list)
    for node in nodes:
        columns[node.column].append(node)
    last = max(columns, default=0)
    step = (WIDTH - LAST) / max(1, last)
    scale = min((_scale([node.value for node in each]) for each in columns.values()), default=1.0)
    tops: dict[str, float] = {}
    for column, each in columns.items():
        if column < len(heads):
            drawing.text(column * step, SIZE, heads[column], "soft")
        top = float(ABOVE)
        for node in each:
            tops[node.key] = top
            top += max(TEXT, node.value * scale) + GAP
    _bands(drawing, nodes, links, tops, (scale, step))
    for node in nodes:
        x, y, height = node.column * step, tops[node.key], max(2.0, node.value * scale)
        css = "link-end" if node.end else f"mark hue-{node.hue}" if node.hue else "mark"
        drawing.rect(x, y, NODE, height, css)
        drawing.text(
            x + NODE + 5,
            y + SIZE - 2,
            fitted(node.label, (LAST if node.column == last else step) - NODE - 12),
        )
        drawing.text(x + NODE + 5, y + 2 * SIZE, node.text, "soft")
    return drawing


def _scale(values: Sequence[float]) -> float:
    """How tall one of these is drawn, so that a column fits with the words beside each of its nodes."""
    room = HEIGHT - ABOVE - GAP * len(values)
    tall = sorted(values, reverse=True)
    for small in range(len(tall)):
        drawn = tall[: len(tall) - small]
        scale = (room - TEXT * small) / (sum(drawn) or 1.0)
        if drawn[-1] * scale >= TEXT or len(drawn) == 1:
            return max(scale, 0.0)
    return 1.0


def _bands(
    drawing: Svg,
    nodes: Sequence[Node],
    links: Sequence[Link],
    tops: dict[str, float],
    size: tuple[float, float],
) -> None:
    scale, step = size
    by_key = {node.key: node for node in nodes}
    leaving, entering = dict(tops), dict(tops)
    for link in sorted(links, key=lambda each: (tops[each.source], tops[each.target])):
        width = link.value * scale
        x1 = by_key[link.source].column * step + NODE
        x2 = by_key[link.target].column * step
        y1, y2 = leaving[link.source], entering[link.target]
        leaving[link.source] += width
        entering[link.target] += width
        bend = (x2 - x1) / 2
        drawing.path(
            f"M{x1:.1f} {y1:.1f}C{x1 + bend:.1f} {y1:.1f} {x2 - bend:.1f} {y2:.1f} {x2:.1f} {y2:.1f}"
            f"v{max(width, 0.5):.1f}C{x2 - bend:.1f} {y2 + width:.1f} {x1 + bend:.1f} {y1 + width:.1f}"
            f" {x1:.1f} {y1 + max(width, 0.5):.1f}Z",
            "link-end" if by_key[link.target].end else "link",
            link.text,
        )
