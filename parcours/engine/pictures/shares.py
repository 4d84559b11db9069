"""Pictures of shares and their differences: what conversions are owed to, and what sets customers apart."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from parcours.engine.charts import Bar, Svg, bars
from parcours.engine.charts.svg import HUES
from parcours.engine.features import BEFORE, CHANNEL, HOUR, NOTHING, PERIOD, PREVIOUS, REPEATED, WEEKDAY
from parcours.engine.pictures.common import ARROW, MOST_BARS, Names, called
from parcours.engine.words import count, number, percent
from parcours.engine.words import gettext as _

if TYPE_CHECKING:
    import pyarrow as pa

NO_BREAK = "\N{NO-BREAK SPACE}"


def attribution(table: "pa.Table", _names: Names = None) -> Svg:
    found = [
        Bar(
            called(None, row["channel"]),
            row["share"],
            f"{percent(row['share'])} · {count(row['conversions'])}",
        )
        for row in table.slice(0, MOST_BARS).to_pylist()
    ]
    return bars(_("Attribution"), _("Share of the conversions that each channel is owed."), found)


def attributions(tables: "Sequence[pa.Table]", labels: Sequence[str]) -> Svg:
    """Several models side by side: channels by their mean share, each with one bar a model."""
    shares: dict[str, dict[int, float]] = {}
    for place, table in enumerate(tables):
        for row in table.to_pylist():
            shares.setdefault(str(row["channel"]), {})[place] = row["share"]
    order = sorted(shares, key=lambda channel: (-sum(shares[channel].values()), channel))
    found = []
    for channel in order[:MOST_BARS]:
        for place, label in enumerate(labels):
            share = shares[channel].get(place, 0.0)
            text = f"{label} · {percent(share)}"
            found.append(Bar(called(None, channel) if place == 0 else "", share, text, hue=place % HUES + 1))
    return bars(_("Attribution"), _("Share of the conversions that each channel is owed, by model."), found)


def dropoff(table: "pa.Table", names: Names = None) -> Svg:
    found = [
        Bar(_reason(row, names), row["difference"], signed(row["difference"]), row["low"], row["high"])
        for row in table.slice(0, MOST_BARS).to_pylist()
    ]
    return bars(
        _("Why customers are lost"),
        _("How many more are lost of those it applies to than of the others, with the 95 % interval."),
        found,
    )


def _reason(row: dict[str, Any], names: Names) -> str:
    period = "" if row["since"] is None else f"{row['since']} – {row['until']}"
    if row["kind"] == PERIOD:
        return period
    value = called(names, row["value"]) if row["value"] != NOTHING else _("nothing")
    words = {
        CHANNEL: _("channel: {value}"),
        PREVIOUS: _("directly before: {value}"),
        BEFORE: _("before: {value}"),
        REPEATED: _("repeated before: {value}"),
        WEEKDAY: _("weekday: {value}"),
        HOUR: _("hour: {value}"),
    }
    of_activity = row["kind"] in {PREVIOUS, BEFORE, REPEATED}
    said = words.get(row["kind"], "{name}: {value}")
    label = said.format(name=row["name"], value=value if of_activity else row["value"])
    return f"{label}, {period}" if period else label


def comparison(table: "pa.Table", names: Names = None) -> Svg:
    found = []
    for row in table.slice(0, MOST_BARS).to_pylist():
        label = called(names, row["activity"])
        if row["source"]:
            label = called(names, row["source"]) + ARROW + label
        hue = 1 if row["difference"] >= 0 else 4
        found.append(Bar(label, row["difference"], signed(row["difference"]), row["low"], row["high"], hue))
    description = _("Share of the customers of one group less that of the other, with the 95 % interval.")
    return bars(_("What differs"), description, found)


def signed(difference: float) -> str:
    """0.314 → “+31 points”."""
    size = abs(difference) * 100
    sign = "" if not round(size, 1) else "+" if difference > 0 else "−"
    shown = number(size, 1 if 0 < round(size, 1) < 10 else 0)
    return _("{n} points").format(n=f"{sign}{shown}").replace(" ", NO_BREAK)
