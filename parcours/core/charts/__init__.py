"""The one renderer of charts: SVG made on the server, the same on a page, in a file and in a document."""

from parcours.core.charts.bars import Bar, bars
from parcours.core.charts.curves import Curve, curves
from parcours.core.charts.flow import Link, Node, flow
from parcours.core.charts.grid import Row, grid
from parcours.core.charts.svg import Svg

__all__ = ["Bar", "Curve", "Link", "Node", "Row", "Svg", "bars", "curves", "flow", "grid"]
