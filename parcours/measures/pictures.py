"""The engine's tables as pictures: the same for a page's download and for a file of the command line."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from parcours.core.charts import Bar, Curve, Row, Svg, bars, curves, grid
from parcours.events.catalogue import label_of

if TYPE_CHECKING:
    import pyarrow as pa

    from parcours.measures.flow import Flow

MOST_BARS = 40
ARROW = " → "
DAY = 86_400

Names = Mapping[str, str]
"""What activities are called; those that aren't named are called by the catalogue."""


def percent(share: float | None) -> str:
    from django.utils.formats import number_format

    if share is None:
        return "–"
    value = share * 100
    decimals = 1 if 0 < abs(value) < 10 else 0
    return f"{number_format(round(value, decimals), decimals)} %"


def whole(number: float) -> str:
    from django.utils.formats import number_format

    return number_format(round(number, 1) if number % 1 else int(number), force_grouping=True)


def _called(names: Names | None, activity: str | None) -> str:
    if activity is None:
        return _("nothing more")
    return (names or {}).get(activity) or label_of(activity)


def funnel(table: "pa.Table", names: Names | None = None) -> Svg:
    found = []
    for row in table.to_pylist()[:MOST_BARS]:
        label = _called(names, row["activity"])
        if "segment" in row:
            label = f"{row['segment'] if row['segment'] is not None else '–'}: {label}"
        found.append(
            Bar(label, row["conversion"] or 0.0, f"{percent(row['conversion'])} · {whole(row['customers'])}")
        )
    return bars(_("Funnel"), _("Share of the customers of the first step that reach each one."), found, top=1)


def transitions(table: "pa.Table", names: Names | None = None) -> Svg:
    found = [
        Bar(
            _called(names, row["source"]) + ARROW + _called(names, row["target"]),
            row["count"],
            whole(row["count"]),
        )
        for row in table.slice(0, MOST_BARS).to_pylist()
    ]
    return bars(_("What follows what"), _("How often one activity directly follows another."), found)


def variants(table: "pa.Table", names: Names | None = None) -> Svg:
    found = [
        Bar(
            ARROW.join(_called(names, each) for each in row["variant"]),
            row["customers"],
            whole(row["customers"]),
        )
        for row in table.slice(0, MOST_BARS).to_pylist()
    ]
    return bars(_("Paths"), _("How many customers share each whole sequence."), found)


def attribution(table: "pa.Table") -> Svg:
    found = [
        Bar(str(row["channel"]), row["share"], f"{percent(row['share'])} · {whole(row['conversions'])}")
        for row in table.slice(0, MOST_BARS).to_pylist()
    ]
    return bars(_("Attribution"), _("Share of the conversions that each channel is owed."), found)


def dropoff(table: "pa.Table", names: Names | None = None) -> Svg:
    found = []
    for row in table.slice(0, MOST_BARS).to_pylist():
        label = f"{row['name']}: {_called(names, row['value'])}" if row["value"] else str(row["since"])
        text = f"+{percent(row['difference'])}"
        found.append(Bar(label, row["difference"], text, row["low"], row["high"]))
    return bars(
        _("Why customers are lost"),
        _("How many more are lost of those it applies to than of the others, with the 95 % interval."),
        found,
    )


def comparison(table: "pa.Table", names: Names | None = None) -> Svg:
    found = []
    for row in table.slice(0, MOST_BARS).to_pylist():
        label = _called(names, row["activity"])
        if row["source"]:
            label = _called(names, row["source"]) + ARROW + label
        up = row["difference"] >= 0
        low, high = (row["low"], row["high"]) if up else (-row["high"], -row["low"])
        text = f"{'+' if up else '−'}{percent(abs(row['difference']))}"
        found.append(Bar(label, abs(row["difference"]), text, max(0.0, low), high, 1 if up else 4))
    return bars(_("What differs"), _("Share of the customers of one group less that of the other."), found)


def conformance(table: "pa.Table", names: Names | None = None) -> Svg:
    found = [
        Bar(
            (names or {}).get(row["name"]) or row["name"],
            row["followed"] / max(1, row["followed"] + row["skipped"]),
            percent(row["followed"] / max(1, row["followed"] + row["skipped"])),
        )
        for row in table.to_pylist()[:MOST_BARS]
    ]
    return bars(_("Conformance"), _("Share of the customers who take each step as drawn."), found, top=1)


def sessions(table: "pa.Table") -> Svg:
    """How many sessions have one event, two, …, with all longer ones together."""
    counts: dict[int, int] = {}
    for events, sessions_so_long in Counter(row["events"] for row in table.to_pylist()).items():
        size = min(events, 10)
        counts[size] = counts.get(size, 0) + sessions_so_long
    found = [
        Bar(_("{n} or more").format(n=size) if size == 10 else str(size), counts[size], whole(counts[size]))
        for size in sorted(counts)
    ]
    return bars(_("Sessions"), _("How many sessions have so many events."), found)


def retention(table: "pa.Table") -> Svg:
    cohorts: dict[Any, list[dict[str, Any]]] = {}
    for row in table.to_pylist():
        cohorts.setdefault(row["cohort"], []).append(row)
    width = max((len(rows) for rows in cohorts.values()), default=0)
    rows = [
        Row(
            f"{day} ({whole(found[0]['customers'])})",
            [(row["retention"], percent(row["retention"])) for row in found],
        )
        for day, found in cohorts.items()
    ]
    description = _("Share of each cohort’s customers who are active so many periods later.")
    return grid(_("Who comes back"), description, [str(place) for place in range(width)], rows)


def survival(found: "Sequence[tuple[str, Sequence[tuple[float, float, float | None, float | None]]]]") -> Svg:
    """Curves by name: the share to whom it has happened by then, which is what one waits for."""
    drawn = [
        Curve(
            name,
            [
                (seconds, 1 - share, None if high is None else 1 - high, None if low is None else 1 - low)
                for seconds, share, low, high in points
            ],
            None if len(found) == 1 else place,
        )
        for place, (name, points) in enumerate(found, 1)
    ]
    most = max((points[-1][0] for _name, points in found if points), default=DAY) or DAY
    every = next((days for days in (1, 2, 7, 14, 30, 60, 90, 180, 365) if most / DAY / days <= 7), 730)
    ticks = [float(tick * every * DAY) for tick in range(int(most / DAY / every) + 1)]
    return curves(
        _("How long until it happens"),
        _("Share of customers to whom it has happened so long after the start, with the 95 % interval."),
        drawn,
        x_text=lambda seconds: _("{n} d").format(n=whole(seconds / DAY)),
        y_text=percent,
        x_most=most,
        ticks=ticks,
    )


def survival_table(table: "pa.Table") -> Svg:
    groups: dict[str, list[tuple[float, float, float | None, float | None]]] = {}
    for row in table.to_pylist():
        points = groups.setdefault(str(row.get("segment") or ""), [])
        points.append((row["seconds"], row["survival"], row["low"], row["high"]))
    return survival(list(groups.items()))


def step_flow(found: "Flow") -> Svg:
    from parcours.core.charts import Link, Node, flow

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
            f"{whole(place.customers)} · {percent(place.share)}",
            place.step.hue if place.step else None,
            end=place.activity == "nothing",
        )
        for place in found.places
    ]
    links = []
    for band in found.bands:
        source, target = (band.target, band.source) if found.backwards else (band.source, band.target)
        words = f"{label(source)}{ARROW}{label(target)}: {whole(band.customers)}"
        links.append(Link(source.key, target.key, band.customers, words))
    return flow(
        _("Step by step"),
        _("How many customers go from each step to the next; bands are as wide as the customers are many."),
        nodes,
        links,
    )
