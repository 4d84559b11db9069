"""The one renderer of charts: the same SVG on a page, in a file and in a notebook."""

from parcours.engine.charts.bars import Bar, bars
from parcours.engine.charts.chevrons import Chevron, Trail, chevrons
from parcours.engine.charts.curves import Curve, curves
from parcours.engine.charts.flow import Link, Node, flow
from parcours.engine.charts.grid import Row, grid
from parcours.engine.charts.svg import Svg

__all__ = [
    "Bar", "Chevron", "Curve", "Link", "Node", "Row", "Svg", "Trail", "bars", "chevrons", "curves", "flow",
    "grid",
]  # fmt: skip
