"""The journey engine against DuckDB, Polars, ClickHouse (chDB), pm4py and r4pm on the same logs.

    python -m benchmarks.engine            about six minutes
    python -m benchmarks.engine --large    with 50 million events as well; needs 20 GB of memory

Answers are compared first, then timed: resident, and from the file in a new process, imports included; then
how times grow with the log, and logs of odd shapes. Writes benchmarks/results/engine.md, and the pictures of
the guide.
"""

import argparse
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.engine_parts.log import make, write_parquet
from benchmarks.engine_parts.measuring import Bench, Times, fresh, resident, say
from benchmarks.engine_parts.naming import STEPS, names
from benchmarks.engine_parts.pictures import draw
from benchmarks.engine_parts.process_mining import Pm4py, R4pm
from benchmarks.engine_parts.report import Found, write
from benchmarks.engine_parts.rivals import RIVALS, Rival

MINING: list[type[Rival]] = [Pm4py, R4pm]
ACTIVITIES = 40


@dataclass(frozen=True, slots=True)
class Shape:
    """A log to make."""

    title: str
    events: int
    customers: int
    activities: int = ACTIVITIES


ODD = [
    Shape("1,000 journeys of 10,000 events", 10_000_000, 1_000),
    Shape("one journey of a million events", 1_000_000, 1),
    Shape("500 activities", 10_000_000, 1_000_000, 500),
]


def main() -> None:
    arguments = _arguments()
    kinds = [kind for kind in [*RIVALS, *MINING] if not arguments.only or kind.name in arguments.only]
    whole = Shape("whole", arguments.events, arguments.events // 10)
    sizes = [whole.events // 10, *([5 * whole.events] if arguments.large else [])]
    with tempfile.TemporaryDirectory(prefix="parcours-bench-", dir=arguments.folder) as made:
        bench = _bench(whole, Path(made) / "whole", arguments.repeat)
        times = resident(bench, kinds)
        from_disk = fresh(bench, kinds, times)
        growth = {whole.events: times}
        for events in sizes:
            growth[events] = _times(Shape(f"{events:,} events", events, events // 10), kinds, made, arguments)
        shapes = {shape.title: _times(shape, kinds, made, arguments) for shape in ODD if not arguments.short}
    found = Found(whole.events, whole.customers, whole.activities, times, from_disk, growth, shapes)
    write(found, kinds)
    if not arguments.only:
        draw(found, kinds)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--events", type=int, default=10_000_000)
    parser.add_argument("--large", action="store_true", help="five times as many events, too")
    parser.add_argument("--short", action="store_true", help="without the odd shapes")
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--folder", help="where the logs go while it runs, 3 GB of them")
    parser.add_argument("--only", nargs="*", help="names of the engines to run")
    return parser.parse_args()


def _bench(shape: Shape, folder: Path, repeat: int) -> Bench:
    say(f"== {shape.title}")
    folder.mkdir()
    log = make(shape.events, shape.customers, shape.activities)
    write_parquet(log, folder / "events.parquet")
    log.save(folder / "index")
    return Bench(folder, shape.events, shape.customers, names(STEPS), repeat)


def _times(shape: Shape, kinds: Sequence[type[Rival]], made: str, arguments: argparse.Namespace) -> Times:
    """The tools of process mining are asked once only, of the first log."""
    folder = Path(made) / shape.title.replace(" ", "-").replace(",", "")
    bench = _bench(shape, folder, arguments.repeat)
    return resident(bench, [kind for kind in kinds if kind not in MINING])


if __name__ == "__main__":
    main()
