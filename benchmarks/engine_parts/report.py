"""What was found, as tables to read and as JSON."""

import json
import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from benchmarks.engine_parts.measuring import QUESTIONS, Times, say
from benchmarks.engine_parts.process_mining import SCALE
from benchmarks.engine_parts.rivals import Parcours, Rival

RESULTS = Path(__file__).parents[1] / "results"
MARK = " | "


@dataclass(frozen=True, slots=True)
class Found:
    """Of a log of this size: seconds resident, and seconds and megabytes from disk, by engine and question.

    Of logs of other sizes, by their events, and of odd shapes, by their titles: seconds resident.
    """

    events: int
    customers: int
    activities: int
    resident: Times
    from_disk: Mapping[tuple[str, str], tuple[float, float]]
    growth: Mapping[int, Times]
    shapes: Mapping[str, Times]


def write(found: Found, kinds: Sequence[type[Rival]]) -> None:
    versions = {kind.name: version(kind.package) for kind in kinds if kind.package != "parcours"}
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    seconds = {key: value[0] for key, value in found.from_disk.items()}
    memory = {key: value[1] for key, value in found.from_disk.items()}
    lines = [
        "# The journey engine against others",
        "",
        f"{found.events:,} events of {found.customers:,} customers, {found.activities} activities.",
        f"{machine}.",
        ", ".join(f"{name} {number}" for name, number in versions.items()) + ".",
        "Answers are compared before they are timed. The best of several runs; in brackets how many times as",
        f"long as Parcours. pm4py and r4pm ran on every {SCALE}th customer, their times multiplied; they",
        "know no funnels and no attribution. For Markov, DuckDB counts the steps and numpy solves the chain.",
        "What an engine has not, or takes minutes for, is left out (—).",
        "",
        "## Resident, milliseconds",
        "",
        *_table(kinds, _in_ms(found.resident), "{:,.0f}"),
        "",
        "## From disk in a new process, seconds (all of the process)",
        "",
        *_table(kinds, seconds, "{:.2f}"),
        "",
        "## The same, megabytes at most",
        "",
        *_table(kinds, memory, "{:,.0f}"),
    ]
    for events, times in sorted(found.growth.items()):
        if events != found.events:
            title = f"{events:,} events of {events // 10:,} customers"
            lines += ["", f"## {title}, resident, milliseconds", "", *_table(kinds, _in_ms(times), "{:,.1f}")]
    for title, times in found.shapes.items():
        lines += ["", f"## {title.capitalize()}, resident, milliseconds", ""]
        lines += _table(kinds, _in_ms(times), "{:,.1f}")
    RESULTS.mkdir(exist_ok=True)
    text = "\n".join([*lines, ""])
    (RESULTS / "engine.md").write_text(text, encoding="utf-8")
    facts = {
        "machine": machine,
        "versions": versions,
        "resident": _flat(found.resident),
        "from_disk": _flat(found.from_disk),
        "growth": {events: _flat(times) for events, times in found.growth.items()},
        "shapes": {title: _flat(times) for title, times in found.shapes.items()},
    }
    (RESULTS / "engine.json").write_text(json.dumps(facts, indent=2) + "\n", encoding="utf-8")
    say(text)


def _in_ms(times: Times) -> Times:
    return {key: value * 1000 for key, value in times.items()}


def _flat(values: Mapping[tuple[str, str], object]) -> dict[str, object]:
    return {f"{name}: {question}": value for (name, question), value in values.items()}


def _table(kinds: Sequence[type[Rival]], values: Times, form: str) -> list[str]:
    rows = [f"| | {MARK.join(QUESTIONS)} |", f"| --- |{' ---: |' * len(QUESTIONS)}"]
    for kind in kinds:
        cells = []
        for question in QUESTIONS:
            value, ours = values.get((kind.name, question)), values.get((Parcours.name, question))
            if value is None:
                cells.append("—")
            elif ours is None or kind is Parcours:
                cells.append(form.format(value))
            else:
                cells.append(f"{form.format(value)} ({value / ours:.1f}×)")
        if any(cell != "—" for cell in cells):
            rows.append(f"| {kind.name} | {MARK.join(cells)} |")
    return rows
