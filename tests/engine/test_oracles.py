"""The same answers as engines that others trust, on a log of a few thousand customers."""

from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from parcours.engine import EventLog
from parcours.engine.arrow import table

STEPS = ["a0", "a1", "a2", "a3"]
WINDOW = 3_600


@pytest.fixture(scope="module")
def log() -> EventLog:
    """2,000 customers of up to 40 events of 6 activities, many of them at the same second."""
    random = np.random.default_rng(7)
    lengths = random.integers(1, 40, 2_000)
    offsets = np.append(0, np.cumsum(lengths))
    owners = np.repeat(np.arange(2_000), lengths)
    seconds = random.integers(0, 20_000, offsets[-1])
    seconds = seconds[np.lexsort((seconds, owners))]
    return EventLog.from_codes(
        customers=np.arange(2_000),
        offsets=offsets,
        time=seconds * 1_000_000,
        activity=random.integers(0, 6, offsets[-1]).astype(np.uint8),
        activities=[f"a{code}" for code in range(6)],
        check=True,
    )


def events_of(log: EventLog) -> pa.Table:
    return table(
        {
            "customer": np.repeat(np.arange(log.n_customers), np.diff(log.offsets)),
            "second": log.time // 1_000_000,
            "arrival": np.arange(len(log)),
            "code": log.activity.codes.astype(np.int64),
        }
    )


def in_sql(log: EventLog, query: str) -> list[Any]:
    """The rows of a query over the table `events`."""
    with duckdb.connect(":memory:") as database:
        database.register("events", events_of(log))
        return database.execute(query).fetchall()


def test_transitions_are_those_of_a_window_function_in_sql(log: EventLog) -> None:
    answer = in_sql(
        log,
        """
        with pairs as (
            select code as source, lead(code) over (partition by customer order by second, arrival) as target
            from events
        )
        select 'a' || source, 'a' || target, count(*) from pairs where target is not null group by all
        """,
    )

    found = log.transitions().to_pylist()

    assert {(row["source"], row["target"], row["count"]) for row in found} == set(answer)


def test_variants_are_those_of_a_list_aggregate_in_sql(log: EventLog) -> None:
    answer = in_sql(
        log,
        """
        with journeys as (
            select list('a' || code order by second, arrival) as variant from events group by customer
        )
        select variant, count(*) from journeys group by all
        """,
    )

    found = log.variants(None).to_pylist()

    assert {(tuple(row["variant"]), row["customers"]) for row in found} == {
        (tuple(variant), customers) for variant, customers in answer
    }


@pytest.mark.parametrize("window", [0, 60, WINDOW, 10_000, 1_000_000])
def test_a_funnel_is_windowfunnel_of_clickhouse(log: EventLog, window: int, tmp_path: Path) -> None:
    chdb = pytest.importorskip(
        "chdb", reason="chdb is only installed for benchmarks (requirements/bench.txt)"
    )
    path = tmp_path / "events.parquet"
    pq.write_table(events_of(log), path)
    conditions = ", ".join(f"code = {step[1:]}" for step in STEPS)
    answer = chdb.query(
        f"""
        select level, count() from (
            select customer, windowFunnel({window})(toDateTime(second), {conditions}) as level
            from (select * from file('{path}') order by customer, second, arrival)
            group by customer
        ) group by level settings max_threads = 1
        """,
        "CSV",
    ).data()
    levels = {int(level): int(count) for level, count in (line.split(",") for line in answer.split())}

    found = log.funnel(STEPS, within=window)["customers"].to_pylist()

    assert found == [sum(count for level, count in levels.items() if level >= step) for step in (1, 2, 3, 4)]


@pytest.mark.acceptance
def test_transitions_and_variants_of_a_real_log_are_those_of_pm4py(real_data: Path) -> None:
    pm4py = pytest.importorskip("pm4py")
    path = real_data / "bpic2012" / "bpic2012.xes.gz"
    if not path.exists():
        pytest.skip(f"no {path}")
    events = pm4py.read_xes(str(path), return_legacy_log_object=False, show_progress_bar=False)
    graph, _, _ = pm4py.discover_dfg(events)
    variants = pm4py.get_variants(events)

    log = EventLog.read(path)

    assert (len(log), log.n_customers) == (262_200, 13_087)
    found = {(row["source"], row["target"]): row["count"] for row in log.transitions().to_pylist()}
    assert found == dict(graph)
    counted = {tuple(row["variant"]): row["customers"] for row in log.variants(None).to_pylist()}
    assert counted == {tuple(variant): _count(cases) for variant, cases in variants.items()}


def _count(cases: object) -> int:
    return cases if isinstance(cases, int) else len(cases)  # type: ignore[arg-type]


@pytest.mark.acceptance
def test_a_real_log_counted_in_plain_python_gives_the_same(real_data: Path) -> None:
    """pm4py and the engine could misread the file alike; this reads it with regular expressions only."""
    import gzip
    import re

    path = real_data / "teleclaims" / "teleclaims.xes.gz"
    if not path.exists():
        pytest.skip(f"no {path}")
    text = gzip.decompress(path.read_bytes()).decode()
    pairs: Counter[tuple[str, str]] = Counter()
    for body in re.findall(r"<trace>(.*?)</trace>", text, re.DOTALL):
        events = [
            (
                re.search(r'key="time:timestamp" value="([^"]+)"', each),
                re.search(r'"concept:name" value="([^"]+)"', each),
            )
            for each in re.findall(r"<event>(.*?)</event>", body, re.DOTALL)
        ]
        named = sorted(
            ((time[1], name[1]) for time, name in events if time and name), key=lambda pair: pair[0]
        )
        pairs.update(pairwise(name for _, name in named))

    found = EventLog.read(path).transitions().to_pylist()

    assert {(row["source"], row["target"]): row["count"] for row in found} == pairs
