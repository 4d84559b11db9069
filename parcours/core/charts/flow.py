"""A flow through columns: nodes as tall as what passes through them, joined by bands as wide."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from parcours.core.charts.svg import SIZE, Svg, fitted

WIDTH, HEIGHT, NODE, GAP = 980, 460, 12, 26
ABOVE = 22


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
    step = (WIDTH - 150) / max(1, last)
    scale = (
        min(
            ((HEIGHT - ABOVE - 8 - GAP * len(each)) / (sum(node.value for node in each) or 1.0))
            for each in columns.values()
        )
        if columns
        else 1.0
    )
    tops: dict[str, float] = {}
    for column, each in columns.items():
        if column < len(heads):
            drawing.text(column * step, SIZE, heads[column], "soft")
        top = ABOVE + 8.0
        for node in each:
            tops[node.key] = top
            top += max(2.0, node.value * scale) + GAP
    _bands(drawing, nodes, links, tops, (scale, step))
    for node in nodes:
        x, y, height = node.column * step, tops[node.key], max(2.0, node.value * scale)
        css = "link-end" if node.end else f"mark hue-{node.hue}" if node.hue else "mark"
        drawing.rect(x, y, NODE, height, css)
        drawing.text(x + NODE + 5, y + SIZE - 2, fitted(node.label, step - NODE - 12))
        drawing.text(x + NODE + 5, y + 2 * SIZE, node.text, "soft")
    return drawing


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
