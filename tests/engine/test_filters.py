from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from parcours.engine import Column, EventLog, InvalidLogError, QuestionError, UnknownColumnError
from tests.engine.journeys import SECOND, Journey, journeys, log_of, spelled


def contents(log: EventLog) -> dict[Any, Journey]:
    """The journeys by customer."""
    letters = log.labels_at(np.arange(len(log))).to_pylist()
    seconds = (log.time // SECOND).tolist()
    cuts = log.offsets.tolist()
    return {
        customer: list(zip(seconds[first:last], letters[first:last], strict=True))
        for customer, (first, last) in zip(log.customers.to_pylist(), pairwise(cuts), strict=True)
    }


@given(journeys(), st.data())
def test_what_is_left_is_the_events_for_which_everything_holds(
    made: list[Journey], data: st.DataObject
) -> None:
    size = sum(len(journey) for journey in made)
    events = data.draw(st.lists(st.booleans(), min_size=size, max_size=size))
    customers = data.draw(st.lists(st.booleans(), min_size=len(made), max_size=len(made)))
    start, end = data.draw(st.integers(0, 9)), data.draw(st.integers(0, 9))
    flags = iter(events)
    expected = {
        customer: kept
        for customer, journey in enumerate(made)
        if (
            kept := [
                event for event in journey if next(flags) and start <= event[0] < end and customers[customer]
            ]
        )
    }

    found = log_of(made).where(
        np.array(events, dtype=bool),
        time=(start * SECOND, end * SECOND),
        customers=np.array(customers, dtype=bool),
    )

    assert contents(found) == expected


def log_with_properties() -> EventLog:
    log = log_of(spelled("ABC", "AB", ".C"))
    log.columns["amount"] = Column.of_values(np.array([1, 20, 3, 40, 5, 60, 7]))
    log.columns["birth year"] = Column.of_values(["1950", None, "2001"], per="customer")
    return log


@pytest.mark.parametrize(
    ("expression", "kept"),
    [
        ("amount > 10", {0: [(1, "B")], 1: [(0, "A")], 2: [(0, None)]}),
        ("activity = 'A' and amount > 10", {1: [(0, "A")]}),
        ("activity is null", {2: [(0, None)]}),
        ("\"birth year\" < '1990' and Amount < 10", {0: [(0, "A"), (2, "C")]}),
        ("customer = 1", {1: [(0, "A"), (1, "B")]}),
        ("time >= '1970-01-01 00:00:02+00'", {0: [(2, "C")]}),
        ("null", {}),
        ("1 = 2", {}),
        ("\"birth year\" in ('2001', '1950') and not (customer = 0)", {2: [(0, None), (1, "C")]}),
        ('count(*) over (partition by customer) = 2 and "birth year" is null', {1: [(0, "A"), (1, "B")]}),
        ("sum(amount) over (partition by customer) > 60", {2: [(0, None), (1, "C")]}),
    ],
)
def test_a_condition_can_be_written_in_sql(expression: str, kept: dict[int, Journey], tmp_path: Path) -> None:
    log = log_with_properties()
    log.save(tmp_path / "index")

    assert contents(log.where(expression)) == kept
    assert contents(EventLog.open(tmp_path / "index").where(expression)) == kept


def test_a_condition_over_a_file_reads_the_properties_it_mentions(tmp_path: Path) -> None:
    rows: dict[str, Any] = {
        "customer": ["a", "a", "b", "b"],
        "time": pa.array([1, 2, 1, 2], pa.timestamp("s")),
        "activity": ["A", "B", "A", "B"],
        "country": ["FR", "FR", "DE", "DE"],
        "total": [10, 60, 70, None],
        "browser": ["x", "y", "z", "z"],
    }
    pq.write_table(pa.table(rows), tmp_path / "events.parquet", row_group_size=2)
    log = EventLog.read(tmp_path / "events.parquet")

    left = log.where("country = 'FR' AND total > 50")

    assert contents(left) == {"a": [(2, "B")]}
    assert "arrow" not in vars(log.columns["browser"])


def test_properties_follow_their_events_and_customers() -> None:
    left = log_with_properties().where("amount < 10").where(customers=[1, 2])

    assert left.column("amount").arrow.to_pylist() == [5, 7]
    assert left.column("birth year").arrow.to_pylist() == [None, "2001"]


def test_a_period_includes_its_start_and_not_its_end() -> None:
    log = log_of(spelled("ABC"))

    assert contents(log.where(time=("1970-01-01T00:00:01Z", datetime(1970, 1, 1, 0, 0, 2, tzinfo=UTC)))) == {
        0: [(1, "B")]
    }
    assert contents(log.where(time=("1970-01-01T01:00:01+01:00", None))) == {0: [(1, "B"), (2, "C")]}


def test_a_filter_that_keeps_everything_gives_the_same_log() -> None:
    log = log_of(spelled("AB", "C"))

    assert log.where() is log
    assert log.where("true") is log


def test_conditions_that_make_no_sense_are_refused() -> None:
    log = log_with_properties()

    with pytest.raises(UnknownColumnError, match="Did you mean “amount”"):
        log.where("amuont > 10")
    for nonsense in ("amount >", "amount + 1 > date '2020-01-01'", "1; drop table events"):
        with pytest.raises(QuestionError):
            log.where(nonsense)
    with pytest.raises(QuestionError):
        log.where(np.array([True]))
    with pytest.raises(QuestionError):
        log.where(customers=[3])
    with pytest.raises(QuestionError):
        log.where(time=("yesterday", None))


def test_a_condition_cannot_read_files() -> None:
    with pytest.raises(QuestionError):
        log_with_properties().where("exists (select 1 from read_csv('/etc/hostname'))")


def test_relabelled_events_share_everything_else() -> None:
    log = log_of(spelled("ABC"))

    map_of = log.relabel(np.array([0, 255, 1], dtype=np.uint8), ["Start", "End"])

    assert map_of.time is log.time
    assert map_of.transitions().to_pylist() == [{"source": "Start", "target": "End", "count": 1}]
    assert len(map_of) == 3
    assert log.relabel(np.array([0, -1, 1]), ["Start", "End"]).transitions().equals(map_of.transitions())
    with pytest.raises(InvalidLogError):
        log.relabel(np.array([0], dtype=np.uint8), ["Start"])


def test_what_is_wrong_with_a_condition_is_told_without_the_query_around_it() -> None:
    with pytest.raises(QuestionError, match="syntax error") as told:
        log_with_properties().where("activity = ")
    assert "select" not in str(told.value)
