"""Pictures over time: who comes back, and how long it takes."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from parcours.engine.charts import Curve, Row, Svg, curves, grid
from parcours.engine.charts.svg import HUES
from parcours.engine.pictures.common import Names, segment
from parcours.engine.words import count, percent
from parcours.engine.words import gettext as _

if TYPE_CHECKING:
    import pyarrow as pa

Points = Sequence[tuple[float, float, float | None, float | None]]
"""(seconds, share to whom it has not happened yet, low, high), by rising seconds."""

MINUTE, HOUR, DAY = 60, 3_600, 86_400
_TICKS = (
    *(seconds for seconds in (1, 5, 15, 30)),
    *(minutes * MINUTE for minutes in (1, 5, 15, 30)),
    *(hours * HOUR for hours in (1, 2, 6, 12)),
    *(days * DAY for days in (1, 2, 7, 14, 30, 60, 90, 180, 365, 730)),
)
MOST_TICKS = 7
MOST_COHORTS = 60


def retention(table: "pa.Table", _names: Names = None) -> Svg:
    cohorts: dict[Any, list[dict[str, Any]]] = {}
    for row in table.to_pylist():
        cohorts.setdefault(row["cohort"], []).append(row)
    shown = dict(list(cohorts.items())[-MOST_COHORTS:])
    width = max((len(rows) for rows in shown.values()), default=0)
    rows = [
        Row(f"{day} ({count(found[0]['customers'])})", [_cell(row) for row in found])
        for day, found in shown.items()
    ]
    description = _(
        "Share of each cohort’s customers who are active so many periods later; in the last one, marked “…”, "
        "not all of it has been seen."
    )
    return grid(_("Who comes back"), description, [str(place) for place in range(width)], rows)


def _cell(row: dict[str, Any]) -> tuple[float, str]:
    unfinished = "" if row.get("complete", True) else "…"
    return row["retention"], percent(row["retention"]) + unfinished


def survival(table: "pa.Table", *, lapse: bool = False) -> Svg:
    groups: dict[str, list[tuple[float, float, float | None, float | None]]] = {}
    for row in table.to_pylist():
        points = groups.setdefault(segment(row["segment"]) if "segment" in row else "", [])
        points.append((row["seconds"], row["survival"], row["low"], row["high"]))
    return survivals(list(groups.items()), lapse=lapse)


def points(table: "pa.Table") -> Points:
    """Of a curve without segments."""
    return [(row["seconds"], row["survival"], row["low"], row["high"]) for row in table.to_pylist()]


def survivals(found: Sequence[tuple[str, Points]], *, lapse: bool = False) -> Svg:
    """Curves by name: of something waited for, the share to whom it has happened by then; with `lapse` the
    share who have not left yet.
    """
    drawn = [
        Curve(name, points if lapse else _happened(points), None if len(found) == 1 else place % HUES + 1)
        for place, (name, points) in enumerate(found)
    ]
    most = max((points[-1][0] for _name, points in found if points), default=DAY) or DAY
    every = next((each for each in _TICKS if most / each <= MOST_TICKS), _TICKS[-1])
    while most / every > MOST_TICKS:
        every *= 2
    ticks = [float(tick * every) for tick in range(int(most / every) + 1)]
    return curves(
        _("How long customers stay") if lapse else _("How long until it happens"),
        _("Share of customers who have not left so long after the start, with the 95 % interval.")
        if lapse
        else _("Share of customers to whom it has happened so long after the start, with the 95 % interval."),
        drawn,
        x_text=lambda seconds: _length(seconds, every),
        y_text=percent,
        x_most=most,
        ticks=ticks,
    )


def _happened(points: Points) -> Points:
    return [
        (seconds, 1 - share, None if high is None else 1 - high, None if low is None else 1 - low)
        for seconds, share, low, high in points
    ]


def _length(seconds: float, every: int) -> str:
    if every < MINUTE:
        return _("{n} s").format(n=count(seconds))
    if every < HOUR:
        return _("{n} min").format(n=count(seconds / MINUTE))
    if every < DAY:
        return _("{n} h").format(n=count(seconds / HOUR))
    return _("{n} d").format(n=count(seconds / DAY))
