"""A log on a real Spark cluster of a master and two workers: the answers of the log read here."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from parcours.engine import EventLog, UnreadableSourceError
from parcours.engine.spark import SparkError, SparkLog, jobs, placing
from parcours.engine.spread import in_order, rows
from tests.acceptance.cluster import SETTINGS, Cluster, lacking, started, wait_until
from tests.conftest import real_log
from tests.engine.spark.questions import CONDITIONS, QUESTIONS, Ask, credited

pytestmark = [pytest.mark.acceptance, pytest.mark.skipif(bool(lacking()), reason=lacking())]

PARTS = 4
ASKED: list[Ask] = [
    *(asks[0] for asks in QUESTIONS.values()),
    lambda log: log.transitions(durations=True),
    lambda log: credited(log.attribution("A", "time_decay", by="country")),
    lambda log: log.where(customers=log.dropped("A", "B", within="1s")).funnel(["A", "C"], by="country"),
]


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with started(tmp_path_factory.mktemp("spark"), workers=2) as cluster:
        yield cluster
        from pyspark import SparkContext

        SparkContext.getOrCreate().stop()


@pytest.fixture(autouse=True)
def _several_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(placing, "parts_for", lambda *_: PARTS)


def on(cluster: Cluster, source: Any) -> SparkLog:
    log = EventLog.read(source, runner="spark", master=cluster.master, spark=SETTINGS)
    assert isinstance(log, SparkLog)
    return log


@pytest.fixture(scope="module")
def random_log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Journeys with equal times, in no order, in three files."""
    folder, chance, events = tmp_path_factory.mktemp("log"), np.random.default_rng(7), 6_000
    table = pa.table(
        {
            "customer": pa.array([f"customer {each}" for each in chance.integers(0, 500, events)]),
            "time": pa.array(chance.integers(0, 60, events), pa.timestamp("s", "UTC")),
            "activity": pa.array(chance.choice(["A", "B", "C"], events)),
            "channel": pa.array(chance.choice(["web", "mail", "phone"], events)),
            "country": pa.array(chance.choice(np.array(["fr", "de", None]), events), pa.string()),
        }
    )
    for number in range(3):
        part = table.slice(number * 2_000, 2_000)
        pq.write_table(part, folder / f"{number}.parquet", row_group_size=700)
    return folder


def test_a_random_log_has_the_same_answers_on_a_cluster(cluster: Cluster, random_log: Path) -> None:
    log, local = on(cluster, random_log), EventLog.read(random_log)

    for ask in [*ASKED, *CONDITIONS[:2]]:
        assert ask(log) == ask(local)


def test_bpi_2012_has_the_same_answers_on_a_cluster(cluster: Cluster, tmp_path: Path) -> None:
    local = EventLog.read(real_log("bpic2012/bpic2012.xes.gz"))
    columns = {
        "customer": local.customers.take(
            pa.array(np.repeat(np.arange(local.n_customers), np.diff(local.offsets)))
        ),
        "time": pa.array(local.time, pa.timestamp("us", "UTC")),
        "activity": local.column("activity").arrow,
        "resource": local.column("org:resource").arrow,
    }
    pq.write_table(pa.table(columns), tmp_path / "bpi.parquet", row_group_size=60_000)
    steps = ["A_SUBMITTED", "O_SENT", "A_APPROVED"]

    log = on(cluster, tmp_path / "bpi.parquet")

    assert (len(log), log.n_customers) == (262_200, 13_087)
    assert log.transitions() == local.transitions()
    assert log.variants(50) == local.variants(50)
    assert log.funnel(steps, within="14d") == local.funnel(steps, within="14d")
    assert log.progression(steps).groups == local.progression(steps).groups
    assert log.sessions("1d") == local.sessions("1d")
    by_resource = log.funnel(steps, by="resource")
    assert by_resource == EventLog.read(tmp_path / "bpi.parquet").funnel(steps, by="resource")


def test_mistakes_on_a_worker_are_told_as_they_are_here(
    cluster: Cluster, random_log: Path, tmp_path: Path
) -> None:
    for file in random_log.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    log = on(cluster, tmp_path)
    (tmp_path / "1.parquet").unlink()

    with pytest.raises(UnreadableSourceError, match=r"1\.parquet"):
        log.funnel(["A"], by="country")


@pytest.mark.parametrize("reason", ["do not have the Python", "lacks a module"])
def test_workers_without_the_right_python_are_told(
    cluster: Cluster, random_log: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reason: str
) -> None:
    log = on(cluster, random_log)
    python = an_empty_python(tmp_path) if reason == "lacks a module" else Path("/no/such/python")
    monkeypatch.setattr(log.spark, "pythonExec", str(python))

    with pytest.raises(SparkError, match=reason):
        log.funnel(["A"], by="channel")


def an_empty_python(folder: Path) -> Path:
    """A Python with nothing installed."""
    import venv

    venv.create(folder / "empty", with_pip=False)
    return folder / "empty" / "bin" / "python"


def test_a_master_that_does_not_answer_is_told_at_once(cluster: Cluster, random_log: Path) -> None:
    log = on(cluster, random_log)
    log.spark.stop()

    with pytest.raises(SparkError, match="No Spark master answers"):
        EventLog.read(random_log, runner="spark", master="spark://127.0.0.1:1")


def test_a_worker_that_dies_half_way_changes_nothing(
    cluster: Cluster, random_log: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log, gate = on(cluster, random_log), str(tmp_path)

    @in_order(rows)
    def held_up(part: EventLog, gap: int) -> pa.Table:
        """Cuts sessions; the second half of the tasks waits until it may go on."""
        from time import sleep as between_looks

        from pyspark import TaskContext

        from parcours.engine.sessions import sessions

        task = TaskContext.get()
        if task is not None and task.partitionId() >= PARTS // 2:
            Path(gate, f"waiting-{uuid4()}").touch()
            while not Path(gate, "go").exists():
                between_looks(0.02)
        return sessions(part, gap)

    def waiting() -> int:
        return len(list(Path(gate).glob("waiting-*")))

    with ThreadPoolExecutor(1) as beside:
        answer = beside.submit(held_up, log, 1_000_000)
        wait_until(lambda: waiting() == 2 or answer.done(), "both workers to be half-way")
        cluster.kill_worker()
        Path(gate, "go").touch()
        found = answer.result()

    local = EventLog.read(random_log)
    assert found == local.sessions("1s")
    assert waiting() > PARTS - PARTS // 2, "the task of the dead worker was done by the other"
    for name in ("transitions", "dropoff", "dropped", "attribution", "conformance"):
        assert QUESTIONS[name][-1](log) == QUESTIONS[name][-1](local)

    cluster.kill_worker()
    monkeypatch.setattr(jobs, "STALLED_SECONDS", 1.0)
    with pytest.raises(SparkError, match="No worker"):
        log.transitions()

    cluster.add_worker()
    monkeypatch.undo()
    assert log.transitions() == local.transitions()
