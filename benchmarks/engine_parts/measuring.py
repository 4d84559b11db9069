"""Asking engines the same questions: answers are compared first; the shortest of several times counts."""

import gc
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.engine_parts.rivals import Parcours, Rival

QUESTIONS = ("transitions", "funnel", "variants", "markov")
LONG_ENOUGH = 5.0  # seconds
Times = dict[tuple[str, str], float]
"""Seconds by engine and question."""


@dataclass(frozen=True, slots=True)
class Bench:
    """A log on disk, as `events.parquet` and as an index, and how it is asked."""

    folder: Path
    events: int
    customers: int
    steps: Sequence[str]
    repeat: int

    def is_too_much(self, kind: type[Rival], question: str) -> bool:
        length = self.events // self.customers
        return self.events > kind.most_events.get(question, self.events) or length > kind.longest.get(
            question, length
        )

    def rival(self, kind: type[Rival]) -> Rival:
        return kind(self.folder / "events.parquet", self.steps, self.folder)


def say(text: str) -> None:
    print(text, flush=True)


def resident(bench: Bench, kinds: Sequence[type[Rival]]) -> Times:
    """One engine after the other has the log in memory."""
    times: Times = {}
    expected = _Expected(bench)
    for kind in kinds:
        rival = bench.rival(kind)
        rival.load()
        for question in QUESTIONS:
            if bench.is_too_much(kind, question):
                continue
            answer = getattr(rival, question)()
            if answer is None:
                continue
            expected.compare(kind, question, rival.plain(question, answer))
            times[kind.name, question] = _best(getattr(rival, question), bench.repeat) * kind.scale
            say(f"resident  {kind.name:18} {question:12} {times[kind.name, question] * 1000:10.1f} ms")
        del rival
        gc.collect()
    return times


class _Expected:
    """The answers of Parcours, of all customers and of every so many."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        self._logs: dict[int, Parcours] = {}

    def compare(self, kind: type[Rival], question: str, found: Any) -> None:
        if kind.scale not in self._logs:
            ours = Parcours(self._bench.folder / "events.parquet", self._bench.steps, self._bench.folder)
            ours.load()
            if kind.scale > 1:
                ours.keep_every(kind.scale)
            self._logs[kind.scale] = ours
        log = self._logs[kind.scale]
        expected = log.plain(question, getattr(log, question)())
        if question == "variants":
            # Equal counts at the end of the list may come in any order.
            least = expected[-1][1]
            expected, found = ({pair for pair in each if pair[1] > least} for each in (expected, found))
        if expected != found:
            raise SystemExit(f"{kind.name} answers {question} differently.")


def _best(work: Callable[[], Any], repeat: int) -> float:
    """The shortest of up to `repeat` runs, of fewer when they are long."""
    runs: list[float] = []
    while len(runs) < repeat and sum(runs) < LONG_ENOUGH:
        start = time.perf_counter()
        work()
        runs.append(time.perf_counter() - start)
    return min(runs)


def fresh(
    bench: Bench, kinds: Sequence[type[Rival]], asked: Times
) -> dict[tuple[str, str], tuple[float, float]]:
    """Seconds and megabytes of a new process that answers one question from the file."""
    found: dict[tuple[str, str], tuple[float, float]] = {}
    for kind in kinds:
        for question in QUESTIONS:
            if kind.scale > 1 or (kind.name, question) not in asked:
                continue
            runs: list[tuple[float, float]] = []
            while len(runs) < bench.repeat and sum(seconds for seconds, _ in runs) < LONG_ENOUGH:
                runs.append(_in_a_process(bench, kind, question))
            seconds, megabytes = found[kind.name, question] = min(runs)
            say(f"from file {kind.name:18} {question:12} {seconds:10.2f} s {megabytes:8.0f} MB")
    return found


def _in_a_process(bench: Bench, kind: type[Rival], question: str) -> tuple[float, float]:
    asked = (kind.name, question, str(bench.folder))
    command = [sys.executable, "-m", "benchmarks.engine_parts.asking", *asked]
    # Byte code is cached as it is on any machine that has run the program before.
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    environment["PYTHONPYCACHEPREFIX"] = str(bench.folder / "bytecode")
    start = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    return time.perf_counter() - start, float(done.stdout)
