"""The engine's pictures with the words of a page: events by their labels, stages by their names."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from parcours.engine.charts import Link, Node, Svg, flow
from parcours.engine.pictures import shares, times, ways
from parcours.engine.pictures.common import ARROW
from parcours.engine.words import count, percent
from parcours.events.catalogue import label_of

if TYPE_CHECKING:
    import pyarrow as pa

    from parcours.engine.pictures.times import Points
    from parcours.measures.flow import Flow

Names = Mapping[str, str]
"""What activities are called; those that aren't named are called by the catalogue."""


def naming(names: Names | None) -> Callable[[str], str]:
    return lambda activity: (names or {}).get(activity) or label_of(activity)


def funnel(table: "pa.Table", names: Names | None = None) -> Svg:
    return ways.funnel(table, naming(names))


def transitions(table: "pa.Table", names: Names | None = None) -> Svg:
    return ways.transitions(table, naming(names))


def variants(table: "pa.Table", names: Names | None = None) -> Svg:
    return ways.variants(table, naming(names))


def dropoff(table: "pa.Table", names: Names | None = None) -> Svg:
    return shares.dropoff(table, naming(names))


def comparison(table: "pa.Table", names: Names | None = None) -> Svg:
    return shares.comparison(table, naming(names))


def conformance(table: "pa.Table", names: Names | None = None) -> Svg:
    return ways.conformance(table, naming(names))


def retention(table: "pa.Table") -> Svg:
    return times.retention(table)


def survival(found: "Sequence[tuple[str, Points]]") -> Svg:
    return times.survivals(found)


def step_flow(found: "Flow") -> Svg:
    last = max((place.column for place in found.places), default=0)

    def column(place: int) -> int:
        return last - place if found.backwards else place

    def label(place: Any) -> str:
        if place.step is not None:
            return str(place.step.name)
        if place.activity == "other":
            return _("other")
        return _("the beginning") if found.backwards else _("nothing more")

    nodes = [
        Node(
            place.key,
            column(place.column),
            label(place),
            place.customers,
            f"{count(place.customers)} · {percent(place.share)}",
            place.step.hue if place.step else None,
            end=place.activity == "nothing",
        )
        for place in found.places
    ]
    links = []
    for band in found.bands:
        source, target = (band.target, band.source) if found.backwards else (band.source, band.target)
        words = f"{label(source)}{ARROW}{label(target)}: {count(band.customers)}"
        links.append(Link(source.key, target.key, band.customers, words))
    return flow(
        _("Step by step"),
        _("How many customers go from each step to the next; bands are as wide as the customers are many."),
        nodes,
        links,
    )
