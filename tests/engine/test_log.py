import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given

from parcours.engine import Column, EventLog, InvalidLogError, UnreadableSourceError
from tests.engine.journeys import Journey, journeys, log_of, spelled

ARRAYS: dict[str, Any] = {
    "customers": ["x", "y"],
    "offsets": np.array([0, 2, 3]),
    "time": np.array([10, 20, 5]),
    "activity": np.array([0, 1, 255], dtype=np.uint8),
    "activities": ["A", "B"],
    "channel": np.array([0, -1, 0]),
    "channels": ["web"],
}


def test_a_log_tells_what_it_is() -> None:
    log = EventLog.from_codes(**ARRAYS, columns={"price": Column.of_values([1.5, None, 2.0])})

    assert (len(log), log.n_customers, log.activities, log.channels) == (3, 2, ("A", "B"), ("web",))
    assert log.span == (
        datetime(1970, 1, 1, 0, 0, 0, 5, tzinfo=UTC),
        datetime(1970, 1, 1, 0, 0, 0, 20, tzinfo=UTC),
    )
    assert log.customers.to_pylist() == ["x", "y"]
    assert log.column("channel").arrow.to_pylist() == ["web", None, "web"]
    assert log.column("activity").arrow.to_pylist() == ["A", "B", None]
    assert repr(log) == (
        "EventLog(3 events, 2 customers, 2 activities, 1 channels, 1970-01-01 to 1970-01-01)\n"
        "  properties: price"
    )


def test_arrays_that_fit_are_not_copied() -> None:
    log = EventLog.from_codes(**ARRAYS)

    assert log.time is ARRAYS["time"]
    assert log.offsets is ARRAYS["offsets"]
    assert np.shares_memory(log.activity.codes, ARRAYS["activity"])


@pytest.mark.parametrize(
    "wrong",
    [
        {"offsets": np.array([0, 3])},
        {"offsets": np.array([0, 2, 4])},
        {"offsets": np.array([0.0, 2.0, 3.0])},
        {"offsets": np.array([0, 4, 3])},
        {"activity": np.array([0, 1], dtype=np.uint8)},
        {"activity": np.array([0, 2, 1], dtype=np.uint8)},
        {"activity": np.array(["A", "B", "A"])},
        {"activities": [str(n) for n in range(256)]},
        {"time": np.array([20, 10, 5])},
        {"channel": np.array([0, 0])},
    ],
)
def test_arrays_that_make_no_log_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(InvalidLogError):
        EventLog.from_codes(**ARRAYS | wrong, check=True)


@given(journeys())
def test_a_saved_log_opens_as_it_was(tmp_path_factory: pytest.TempPathFactory, made: list[Journey]) -> None:
    folder = tmp_path_factory.mktemp("saved") / "log"
    log = log_of(made)
    log.columns["position"] = Column.of_values(np.arange(len(log)))
    log.columns["name"] = Column.of_values([f"customer {each}" for each in range(len(made))], per="customer")

    log.save(folder)
    found = EventLog.open(folder)

    assert found.transitions().equals(log.transitions())
    assert found.funnel(["A", "B"], within=2).equals(log.funnel(["A", "B"], within=2))
    assert found.sessions(1).equals(log.sessions(1))
    assert found.column("position").arrow.to_pylist() == list(range(len(log)))
    assert found.column("name").arrow.to_pylist() == log.column("name").arrow.to_pylist()
    assert repr(found) == repr(log)


def test_saving_again_replaces_the_older_log(tmp_path: Path) -> None:
    log_of(spelled("A")).save(tmp_path / "log")
    log_of(spelled("AB", "C")).save(tmp_path / "log")

    assert len(EventLog.open(tmp_path / "log")) == 3
    assert [path.name for path in tmp_path.iterdir()] == ["log"]


def test_a_folder_that_holds_no_log_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableSourceError):
        EventLog.open(tmp_path / "nothing")
    (tmp_path / "meta.json").write_text('{"format": 99}')
    with pytest.raises(UnreadableSourceError):
        EventLog.open(tmp_path)


def test_importing_the_engine_imports_nothing_heavy() -> None:
    heavy = "numba pyarrow duckdb pandas django llvmlite"
    program = (
        f"import sys, parcours.engine; print([each for each in '{heavy}'.split() if each in sys.modules])"
    )

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"


def test_answering_a_question_about_a_file_imports_no_more_than_it_needs(tmp_path: Path) -> None:
    rows = pa.table(
        {
            "customer": pa.array([1, 1, 2]),
            "time": pa.array([1, 2, 3], pa.timestamp("us", "UTC")),
            "activity": ["A", "B", "A"],
        }
    )
    pq.write_table(rows, tmp_path / "log.parquet")
    EventLog.read(tmp_path / "log.parquet").transitions()  # the kernels are compiled from here on
    program = (
        "import sys; from parcours.engine import EventLog; "
        f"EventLog.read({str(tmp_path / 'log.parquet')!r}).transitions(); "
        "print([each for each in ('numba', 'pandas', 'pyarrow.compute', 'duckdb') if each in sys.modules])"
    )

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"
