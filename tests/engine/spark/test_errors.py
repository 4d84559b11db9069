"""What a user reads when the cluster is not there or not right."""

import pickle
import sys
from pathlib import Path
from types import SimpleNamespace

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from parcours.engine import EngineError, EventLog, QuestionError, UnknownActivityError
from parcours.engine.spark import SparkError
from parcours.engine.spark.errors import Failure, explained
from tests.acceptance.product import free_port


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "log.parquet"
    moment = pa.array([1], pa.timestamp("s", "UTC"))
    pq.write_table(pa.table({"customer": ["Anna"], "time": moment, "activity": ["A"]}), path)
    return path


def refusal(source: Path, master: str = "spark://127.0.0.1:1") -> str:
    with pytest.raises(SparkError) as refused:
        EventLog.read(source, runner="spark", master=master)
    return str(refused.value)


@pytest.fixture
def _installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if PySpark were there, connected to nothing."""
    unconnected = SimpleNamespace(SparkContext=SimpleNamespace(_active_spark_context=None), __version__="4")
    monkeypatch.setitem(sys.modules, "pyspark", unconnected)
    monkeypatch.setenv("JAVA_HOME", "")
    monkeypatch.setattr("shutil.which", lambda _name: "/usr/bin/java")


def test_without_pyspark_it_says_what_to_install(log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyspark", None)

    assert "parcours[spark]" in refusal(log)


@pytest.mark.usefixtures("_installed")
def test_without_java_it_says_what_to_install(log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda _name: None)

    assert "Java 17" in refusal(log)


@pytest.mark.usefixtures("_installed")
def test_a_master_that_does_not_answer_is_named(log: Path) -> None:
    master = f"spark://127.0.0.1:{free_port()}"

    assert f"No Spark master answers at {master}" in refusal(log, master)


@pytest.mark.usefixtures("_installed")
@pytest.mark.parametrize("master", ["spark://", "spark://host", "spark://host:port"])
def test_an_address_without_host_or_port_is_not_that_of_a_master(log: Path, master: str) -> None:
    assert "spark://host:7077" in refusal(log, master)


def test_another_runner_is_unknown(log: Path) -> None:
    with pytest.raises(QuestionError, match="“local” or “spark”"):
        EventLog.read(log, runner="dask")


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("… org.apache.spark.SparkException: [PYTHON_VERSION_MISMATCH] Python in worker …", "another Python"),
        ('java.io.IOException: Cannot run program "python9": error=2', "do not have the Python"),
        ("…\nModuleNotFoundError: No module named 'parcours'\n\tat java.base/…", "lacks a module"),
        ("Job 3 cancelled because SparkContext was shut down", "no connection to the Spark master"),
        ("Cannot call methods on a stopped SparkContext.", "no connection to the Spark master"),
        ("An error occurred while calling z:o.\n: Lost task 1.3: disk full\n\tat o", ": Lost task 1.3"),
        ('x\nTraceback (most recent call last):\n  File "a"\nValueError: no\n\tat o.a.s', "ValueError: no"),
        ("", "did not say why"),
    ],
)  # fmt: skip
def test_what_spark_says_becomes_a_sentence(said: str, meant: str) -> None:
    assert meant in str(explained(RuntimeError(said), "python9"))


def test_an_error_of_a_worker_arrives_as_it_was_raised() -> None:
    raised = UnknownActivityError("Cart", ["Cart Viewed"])

    arrived = pickle.loads(pickle.dumps(Failure.of(raised))).error()

    assert isinstance(arrived, UnknownActivityError)
    assert isinstance(arrived, EngineError)
    assert (str(arrived), arrived.known, arrived.proposed) == (str(raised), ["Cart Viewed"], raised.proposed)
