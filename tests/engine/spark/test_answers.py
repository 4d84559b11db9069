"""The answers of a log in parts, each part a process of its own as far as it can tell."""

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("pyspark")

from parcours.engine import EventLog, QuestionError, TimesError, UnknownActivityError, UnknownColumnError
from parcours.engine.spark import StaysOnClusterError, session
from parcours.engine.spark.placing import chunks_of
from tests.engine.spark.pretended import PretendedContext
from tests.engine.spark.questions import CONDITIONS, NEEDS_EVENTS, QUESTIONS, Ask, answers

Row = tuple[Any, ...]

FEW = 15  # each example asks every question

EVERY = ["Anna", "Mark", "Zoe", "", "Élise", None]
ROWS: list[Row] = [("Anna", 1, "A", "web", "fr"), ("Mark", 2, "B", None, None), ("Zoe", 3, "C", "mail", "de")]


@pytest.fixture(autouse=True)
def _pretended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "connect", lambda *_arguments: PretendedContext())


def table_of(rows: list[Row]) -> pa.Table:
    columns: list[Any] = list(zip(*rows, strict=True)) if rows else [[]] * 5
    return pa.table(
        {
            "customer": pa.array(columns[0], pa.string()),
            "time": pa.array(columns[1], pa.timestamp("s", "UTC")),
            "activity": pa.array(columns[2], pa.string()),
            "channel": pa.array(columns[3], pa.string()),
            "country": pa.array(columns[4], pa.string()),
        }
    )


def write(folder: Path, rows: list[Row], files: int = 2, group: int = 2) -> Path:
    each = -(-len(rows) // files)
    for number in range(files):
        table = table_of(rows[number * each : (number + 1) * each])
        pq.write_table(table, folder / f"{number}.parquet", row_group_size=group)
    return folder


def rows_of() -> st.SearchStrategy[list[Row]]:
    row = st.tuples(
        st.sampled_from(EVERY),
        st.one_of(st.integers(0, 5), st.none()),
        st.sampled_from(["A", "B", "C", None]),
        st.sampled_from(["web", "mail", None]),
        st.sampled_from(["fr", "de", None]),
    )
    return st.lists(row, max_size=30).map(lambda rows: [*ROWS, *rows])


@settings(max_examples=FEW)
@given(rows_of(), st.integers(1, 4))
def test_a_log_in_parts_gives_the_answers_of_the_log(
    tmp_path_factory: pytest.TempPathFactory, rows: list[Row], files: int
) -> None:
    folder = write(tmp_path_factory.mktemp("log"), rows, files)

    assert answers(EventLog.read(folder, runner="spark")) == answers(EventLog.read(folder))


@pytest.mark.parametrize("ask", CONDITIONS)
def test_a_condition_chooses_the_same_events(tmp_path: Path, ask: Ask) -> None:
    later = [(name, time + 2, activity, None, None) for name, time, activity, _, _ in ROWS]
    folder = write(tmp_path, ROWS + later, files=3)

    assert ask(EventLog.read(folder, runner="spark")) == ask(EventLog.read(folder))


def test_every_question_is_asked_in_parts_or_says_that_it_cannot_be() -> None:
    public = {name for name in dir(EventLog) if not name.startswith("_")}
    made_from_something_else = {"read", "open", "from_codes"}
    of_memory = {"nbytes", "channel"}

    assert public - made_from_something_else - of_memory == (QUESTIONS.keys() | NEEDS_EVENTS.keys()) - {
        "__repr__", "time", "offsets"
    }  # fmt: skip


@pytest.mark.parametrize("name", NEEDS_EVENTS)
def test_what_needs_the_events_themselves_is_refused(tmp_path: Path, name: str) -> None:
    log = EventLog.read(write(tmp_path, ROWS), runner="spark")

    with pytest.raises(StaysOnClusterError):
        NEEDS_EVENTS[name](log)


def test_a_filter_that_lists_events_is_refused(tmp_path: Path) -> None:
    log = EventLog.read(write(tmp_path, ROWS), runner="spark")

    with pytest.raises(StaysOnClusterError):
        log.where(np.array([True]))


def test_mistakes_in_a_question_are_those_of_the_log(tmp_path: Path) -> None:
    log = EventLog.read(write(tmp_path, ROWS), runner="spark")

    with pytest.raises(UnknownActivityError):
        log.funnel(["A", "a cart"])
    with pytest.raises(UnknownColumnError):
        log.funnel(["A"], by="land")
    with pytest.raises(UnknownColumnError):
        log.where("land = 'fr'")
    with pytest.raises(QuestionError):
        log.variants(0)
    with pytest.raises(QuestionError):
        log.where(customers=[3])


def test_mistakes_in_the_files_are_those_of_the_log(tmp_path: Path) -> None:
    pq.write_table(table_of(ROWS).set_column(1, "time", pa.array([1, 2, 3])), tmp_path / "1.parquet")

    with pytest.raises(TimesError, match="“time” holds int64"):
        EventLog.read(tmp_path, runner="spark")
    with pytest.raises(UnknownColumnError):
        EventLog.read(tmp_path, runner="spark", activity="event")


def test_an_empty_log_has_answers_too(tmp_path: Path) -> None:
    pq.write_table(table_of([]), tmp_path / "1.parquet")

    found, local = EventLog.read(tmp_path, runner="spark"), EventLog.read(tmp_path)

    assert (len(found), found.n_customers, found.span) == (0, 0, None)
    assert found.transitions() == local.transitions()
    assert found.sessions() == local.sessions()


@settings(max_examples=FEW)
@given(
    st.lists(st.tuples(st.integers(0, 9), st.integers(0, 3), st.sampled_from("ABC")), min_size=3, max_size=30)
)
def test_the_buckets_of_a_lake_are_parts_as_they_are(
    tmp_path_factory: pytest.TempPathFactory, events: list[tuple[int, int, str]]
) -> None:
    folder = tmp_path_factory.mktemp("lake")
    write_lake(folder, [*events, (1, 1, "A"), (2, 2, "B"), (3, 3, "C")])

    assert answers(EventLog.read(folder, runner="spark")) == answers(EventLog.read(folder))


def write_lake(folder: Path, events: list[tuple[int, int, str]]) -> None:
    """Events (customer, second, name) as the lake of Parcours stores them, every third in a later file."""
    for number in range(8):
        mine = [(each, seq) for seq, each in enumerate(events) if each[0] % 4 == number % 4]
        chosen = sorted(
            (customer, second, seq, name)
            for (customer, second, name), seq in mine
            if (seq % 3 == 0) == (number >= 4)
        )
        if not chosen:
            continue
        customer, second, seq, name = zip(*chosen, strict=True)
        columns = {
            "customer": pa.array(customer, pa.int64()),
            "time": pa.array(second, pa.timestamp("s", "UTC")).cast(pa.timestamp("us", "UTC")),
            "seq": pa.array(seq, pa.int64()),
            "event_id": pa.array([bytes(16)] * len(chosen), pa.binary(16)),
            "name": pa.array(name).dictionary_encode(),
            "channel": pa.array([("web", None)[each % 2] for each in seq], pa.string()).dictionary_encode(),
            "country": pa.array([("fr", "de", None)[each % 3] for each in seq], pa.string()),
        }
        pq.write_table(pa.table(columns), folder / f"{number % 4:02d}-{number:032x}.parquet")


def test_a_row_group_is_the_smallest_piece_of_work(tmp_path: Path) -> None:
    from parcours.engine.reading.files import find

    found = chunks_of(find(write(tmp_path, ROWS * 2, files=2, group=2)))

    assert [(Path(file.path).name, group, first) for file, group, first in found] == [
        ("0.parquet", 0, 0), ("0.parquet", 1, 2), ("1.parquet", 0, 3), ("1.parquet", 1, 5)
    ]  # fmt: skip
