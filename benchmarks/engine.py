"""The journey engine against DuckDB, Polars, ClickHouse (chDB) and pm4py on one log.

    python -m benchmarks.engine --events 10_000_000

Answers are compared first, then timed: resident (the best of several), and from the file in a new process,
imports included. Writes benchmarks/results/engine.md and engine.json.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Container, Iterable
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.engine_parts.log import make, names, write_parquet
from benchmarks.engine_parts.rivals import RIVALS, Parcours, Pm4py, Rival

QUESTIONS = ("transitions", "funnel", "variants", "markov")
LONG_ENOUGH = 5.0  # seconds
RESULTS = Path(__file__).parent / "results"


def main() -> None:
    arguments = _arguments()
    if arguments.ask:
        return _ask_in_this_process(*arguments.ask)
    with tempfile.TemporaryDirectory(prefix="parcours-bench-") as made:
        folder = Path(arguments.folder or made)
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / "events.parquet"
        log = make(arguments.events, arguments.customers or arguments.events // 10, arguments.activities)
        write_parquet(log, path)
        log.save(folder / "index")
        size = {"events": len(log), "customers": log.n_customers, "activities": len(log.activities)}
        del log
        chosen = [rival for rival in RIVALS if not arguments.only or rival.name in arguments.only]
        steps = names(arguments.activities)[:4]
        resident = _resident([rival(path, steps, folder) for rival in chosen], arguments.repeat)
        fresh = _fresh(chosen, resident, folder, steps, arguments.repeat)
    _report(size, chosen, resident, fresh)
    return None


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--events", type=int, default=10_000_000)
    parser.add_argument("--customers", type=int, help="a tenth of the events unless given")
    parser.add_argument("--activities", type=int, default=40)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--folder", help="where the files go; a temporary one unless given")
    parser.add_argument("--only", nargs="*", help="names of the engines to run")
    parser.add_argument(
        "--ask", nargs=4, metavar=("ENGINE", "QUESTION", "FOLDER", "ACTIVITIES"), help=argparse.SUPPRESS
    )
    return parser.parse_args()


def _resident(rivals: list[Rival], repeat: int) -> dict[tuple[str, str], float]:
    times: dict[tuple[str, str], float] = {}
    expected: dict[str, Any] = {}
    for rival in rivals:
        rival.load()
        for question in QUESTIONS:
            answer = getattr(rival, question)()
            if answer is None:
                continue
            if isinstance(rival, Parcours) and question not in expected:
                expected[question] = rival.plain(question, answer)
            elif not isinstance(rival, Pm4py) and expected:
                _check(rival.name, question, expected[question], rival.plain(question, answer))
            best = _best(getattr(rival, question), repeat)
            times[rival.name, question] = best * rival.scale
            _say(f"resident  {rival.name:18} {question:12} {best * rival.scale * 1000:10.1f} ms")
    return times


def _best(work: Any, repeat: int) -> float:
    """The shortest of up to `repeat` runs, of fewer when they are long."""
    runs: list[float] = []
    while len(runs) < repeat and sum(runs) < LONG_ENOUGH:
        start = time.perf_counter()
        work()
        runs.append(time.perf_counter() - start)
    return min(runs)


def _check(name: str, question: str, expected: Any, found: Any) -> None:
    if question == "variants":
        # Equal counts at the end of the list may come in any order.
        least = expected[-1][1]
        expected, found = ({pair for pair in each if pair[1] > least} for each in (expected, found))
    if expected != found:
        raise SystemExit(f"{name} answers {question} differently.")


def _fresh(
    rivals: Iterable[type[Rival]],
    resident: Container[tuple[str, str]],
    folder: Path,
    steps: list[str],
    repeat: int,
) -> dict[tuple[str, str], tuple[float, float]]:
    """Seconds and megabytes of a new process that answers one question from the file."""
    times: dict[tuple[str, str], tuple[float, float]] = {}
    # Byte code is cached as it is on any machine that has run the program before.
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    environment["PYTHONPYCACHEPREFIX"] = str(folder / "bytecode")
    for rival in rivals:
        if rival is Pm4py:
            continue
        for question in QUESTIONS:
            if (rival.name, question) not in resident:
                continue
            command = [
                sys.executable,
                "-m",
                "benchmarks.engine",
                "--ask",
                rival.name,
                question,
                str(folder),
                str(len(steps)),
            ]
            runs = []
            for _ in range(max(2, repeat // 2 + 1)):
                start = time.perf_counter()
                done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
                runs.append((time.perf_counter() - start, float(done.stdout)))
            times[rival.name, question] = min(runs)
            _say(f"from file {rival.name:18} {question:12} {min(runs)[0]:10.2f} s {min(runs)[1]:8.0f} MB")
    return times


def _ask_in_this_process(engine: str, question: str, folder: str, steps: str) -> None:
    kind = next(rival for rival in RIVALS if rival.name == engine)
    rival = kind(Path(folder) / "events.parquet", names(int(steps)), Path(folder))
    rival.from_file()
    getattr(rival, question)()
    _say(str(_peak_megabytes()))


def _peak_megabytes() -> float:
    """The most memory this process has used since it was started; the rusage of a child counts its parent."""
    for line in Path("/proc/self/status").read_text(encoding="utf-8").splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) / 1024
    return 0.0


def _report(
    size: dict[str, int],
    rivals: list[type[Rival]],
    resident: dict[tuple[str, str], float],
    fresh: dict[tuple[str, str], tuple[float, float]],
) -> None:
    versions = {rival.name: version(rival.package) for rival in rivals if rival.package != "parcours"}
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    lines = [
        "# The journey engine against others",
        "",
        f"{size['events']:,} events of {size['customers']:,} customers, {size['activities']} activities.",
        f"{machine}.",
        ", ".join(f"{name} {number}" for name, number in versions.items()) + ".",
        "Answers are compared before they are timed. The best of several runs; in brackets how many times as",
        "long as Parcours. pm4py ran on every twentieth customer, its times multiplied; it has no funnel.",
        "",
        "## Resident, milliseconds",
        "",
        *_table(rivals, {key: value * 1000 for key, value in resident.items()}, "{:,.0f}"),
        "",
        "## From disk in a new process, seconds (all of the process)",
        "",
        *_table(rivals, {key: value[0] for key, value in fresh.items()}, "{:.2f}"),
        "",
        "## The same, megabytes at most",
        "",
        *_table(rivals, {key: value[1] for key, value in fresh.items()}, "{:,.0f}"),
        "",
    ]
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "engine.md").write_text("\n".join(lines), encoding="utf-8")
    facts = {
        "log": size,
        "machine": machine,
        "versions": versions,
        "resident_ms": {f"{name}: {question}": value * 1000 for (name, question), value in resident.items()},
        "from_disk": {f"{name}: {question}": value for (name, question), value in fresh.items()},
    }
    (RESULTS / "engine.json").write_text(json.dumps(facts, indent=2) + "\n", encoding="utf-8")
    _say("\n".join(lines))


def _table(rivals: list[type[Rival]], values: dict[tuple[str, str], float], form: str) -> list[str]:
    rows = [f"| | {' | '.join(QUESTIONS)} |", f"| --- |{' ---: |' * len(QUESTIONS)}"]
    for rival in rivals:
        cells = []
        for question in QUESTIONS:
            value, ours = values.get((rival.name, question)), values.get((Parcours.name, question))
            if value is None:
                cells.append("—")
            elif ours is None or rival is Parcours:
                cells.append(form.format(value))
            else:
                cells.append(f"{form.format(value)} ({value / ours:.1f}×)")
        rows.append(f"| {rival.name} | {' | '.join(cells)} |")
    return rows


def _say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    main()
