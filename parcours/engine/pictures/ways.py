"""Pictures of the ways that customers take: what follows what, how far they come, in which sequences."""

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from parcours.engine.arrow import as_numpy, one_array
from parcours.engine.charts import Bar, Chevron, Row, Svg, Trail, bars, chevrons, grid
from parcours.engine.charts.svg import HUES
from parcours.engine.comparison import wilson
from parcours.engine.pictures.common import ARROW, MOST_BARS, Names, called, segment
from parcours.engine.words import count, percent
from parcours.engine.words import gettext as _

if TYPE_CHECKING:
    import pyarrow as pa

MOST_ACTIVITIES = 14
LONGEST_SESSION = 10


def transitions(table: "pa.Table", names: Names = None) -> Svg:
    """Activities by activities: of what follows each row's, the share that each column's is."""
    rows = table.to_pylist()
    leaving: Counter[str] = Counter()
    seen: Counter[str] = Counter()
    for row in rows:
        leaving[row["source"]] += row["count"]
        seen.update({row["source"]: row["count"], row["target"]: 0})
        seen[row["target"]] += row["count"]
    shown = [activity for activity, _events in seen.most_common(MOST_ACTIVITIES)]
    counts = {(row["source"], row["target"]): row["count"] for row in rows}
    drawn = []
    for source in shown:
        cells = [counts.get((source, target)) for target in shown]
        shares = [None if each is None else each / leaving[source] for each in cells]
        label = f"{called(names, source)} ({count(leaving[source])})"
        drawn.append(Row(label, [(share, "" if share is None else percent(share)) for share in shares]))
    description = _("Of everything that directly follows the activity of a row, the share of each column’s.")
    if len(seen) > len(shown):
        left_out = _("Only the {n} most frequent activities of {all} are shown.")
        description = f"{description} {left_out.format(n=len(shown), all=count(len(seen)))}"
    return grid(_("What follows what"), description, [called(names, each) for each in shown], drawn)


def reach(table: "pa.Table", names: Names = None) -> Svg:
    found = [
        Bar(called(names, row["activity"]), row["customers"], count(row["customers"]))
        for row in sorted(table.to_pylist(), key=lambda row: -row["customers"])[:MOST_BARS]
    ]
    return bars(_("Reach"), _("How many customers have each activity at least once."), found)


def funnel(table: "pa.Table", names: Names = None) -> Svg:
    found = []
    first = 0
    for row in table.slice(0, MOST_BARS).to_pylist():
        first = row["customers"] if row["step"] == 1 else first
        label = called(names, row["activity"])
        if "segment" in row:
            label = f"{segment(row['segment'])}: {label}"
        text = f"{percent(row['conversion'])} · {count(row['customers'])}"
        low, high = _interval(row["conversion"], first) if row["step"] > 1 else (None, None)
        found.append(Bar(label, row["conversion"] or 0.0, text, low, high))
    description = _("Share of the customers of the first step that reach each one, with the 95 % interval.")
    return bars(_("Funnel"), description, found, top=1)


def _interval(share: float | None, customers: int) -> tuple[float | None, float | None]:
    if share is None or not customers:
        return None, None
    low, high = wilson(np.array([share]), customers)
    return max(0.0, float(low[0])), min(1.0, float(high[0]))


def variants(table: "pa.Table", names: Names = None) -> Svg:
    """Each sequence as chevrons; an activity several times in a row is one, with how many."""
    rows = table.slice(0, MOST_BARS).to_pylist()
    seen = Counter(activity for row in rows for activity in row["variant"])
    hues = {each: place % HUES + 1 for place, (each, _n) in enumerate(seen.most_common())}
    trails = []
    for row in rows:
        runs = _runs(row["variant"])
        shown = [
            Chevron(called(names, activity) + (f" ×{count(times)}" if times > 1 else ""), hues[activity])
            for activity, times in runs
        ]
        words = ARROW.join(chevron.label for chevron in shown)
        trails.append(Trail(shown, count(row["customers"]), f"{words}: {count(row['customers'])}"))
    return chevrons(_("Paths"), _("How many customers share each whole sequence."), trails)


def _runs(variant: list[str]) -> list[tuple[str, int]]:
    runs: list[tuple[str, int]] = []
    for activity in variant:
        if runs and runs[-1][0] == activity:
            runs[-1] = activity, runs[-1][1] + 1
        else:
            runs.append((activity, 1))
    return runs


def sessions(table: "pa.Table", _names: Names = None) -> Svg:
    """How many sessions have one event, two, …, with all longer ones together."""
    sizes = np.minimum(as_numpy(one_array(table["events"])), LONGEST_SESSION)
    counts = np.bincount(sizes, minlength=1)
    found = [
        Bar(
            _("{n} or more").format(n=size) if size == LONGEST_SESSION else str(size),
            int(counts[size]),
            count(int(counts[size])),
        )
        for size in np.flatnonzero(counts).tolist()
    ]
    return bars(_("Sessions"), _("How many sessions have so many events."), found)


def conformance(table: "pa.Table", names: Names = None) -> Svg:
    found = []
    for row in table.slice(0, MOST_BARS).to_pylist():
        came = row["followed"] + row["skipped"]
        share = row["followed"] / came if came else None
        low, high = _interval(share, came)
        found.append(Bar(called(names, row["name"]), share or 0.0, percent(share), low, high))
    description = _("Share of the customers who take each step as drawn, with the 95 % interval.")
    return bars(_("Conformance"), description, found, top=1)


def fitness(table: "pa.Table", _names: Names = None) -> Svg:
    """Customers by their fitness in tenths; those who do as drawn stand alone."""
    values = as_numpy(one_array(table["fitness"]))
    tenths = np.bincount(np.floor(values * 10 + 1e-9).astype(np.int64), minlength=11)
    found = []
    for tenth in range(10, -1, -1) if len(values) else ():
        label = percent(1.0) if tenth == 10 else f"{percent(tenth / 10)} – {percent((tenth + 1) / 10)}"
        share = tenths[tenth] / max(1, len(values))
        found.append(Bar(label, share, f"{percent(share)} · {count(int(tenths[tenth]))}"))
    return bars(_("Fitness"), _("How many customers follow the drawn journey so closely."), found)


def extra(table: "pa.Table", names: Names = None) -> Svg:
    found = [
        Bar(
            called(names, row["after"]) + ARROW + called(names, row["activity"]),
            row["customers"],
            count(row["customers"]),
        )
        for row in table.slice(0, MOST_BARS).to_pylist()
    ]
    return bars(_("What is not drawn"), _("How many customers do something else after each step."), found)


def progression(table: "pa.Table", names: Names = None) -> Svg:
    found = []
    for row in table.slice(0, MOST_BARS).to_pylist():
        low, high = _interval(row["share"], row["customers"])
        text = f"{percent(row['share'])} · {count(row['customers'])}"
        found.append(Bar(called(names, row["group"]), row["share"] or 0.0, text, low, high))
    description = _("Share of the customers of each group who go on to the next, with the 95 % interval.")
    return bars(_("Who goes on"), description, found, top=1)


def outcomes(table: "pa.Table", names: Names = None) -> Svg:
    found: list[Bar] = []
    above = None
    for row in table.slice(0, MOST_BARS).to_pylist():
        label = "" if row["group"] == above else called(names, row["group"])
        above = row["group"]
        text = f"{called(names, row['outcome'])} · {count(row['customers'])}"
        found.append(Bar(label, row["customers"], text))
    return bars(_("Where customers go"), _("What came after the first event in each group."), found)


def instead(table: "pa.Table", names: Names = None) -> Svg:
    found = [
        Bar(
            called(names, row["activity"]),
            row["share"],
            f"{percent(row['share'])} · {count(row['customers'])}",
        )
        for row in table.slice(0, MOST_BARS).to_pylist()
    ]
    return bars(_("What they did instead"), _("What the lost customers did first."), found)
