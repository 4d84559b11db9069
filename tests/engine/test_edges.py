"""At the edge: nothing, one event, equal times, windows of nothing, journeys long and wide."""

from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from parcours.engine import Column, EventLog, QuestionError, Step, UnknownActivityError
from parcours.engine.arrays import labelled
from parcours.engine.attribution import MODELS
from tests.engine.journeys import SECOND, Journey, log_of, spelled

QUESTIONS: dict[str, Callable[[EventLog], pa.Table]] = {
    "transitions": lambda log: log.transitions(durations=True),
    "reach": lambda log: log.reach(),
    "funnel": lambda log: log.funnel(["A", "B"]),
    "funnel in no time": lambda log: log.funnel(["A", "B"], "0s"),
    "funnel by": lambda log: log.funnel(["A", "B"], by="country"),
    "strict funnel": lambda log: log.funnel(["A", "B"], strict=True),
    "variants": lambda log: log.variants(),
    "sessions": lambda log: log.sessions(),
    "sessions without pauses": lambda log: log.sessions("0s"),
    **{model: lambda log, model=model: log.attribution("A", model) for model in MODELS},  # type: ignore[misc]
    "attribution in no time": lambda log: log.attribution("A", "linear", "0s"),
    "shapley by rate": lambda log: log.attribution("A", "shapley", worth="rate"),
    "retention": lambda log: log.retention(),
    "survival": lambda log: log.survival("B"),
    "survival by": lambda log: log.survival("B", by="country"),
    "survival of no pause": lambda log: log.survival(lapse="0s"),
    "dropoff": lambda log: log.dropoff("A", "B", level=None),
    "dropoff in no time": lambda log: log.dropoff("A", "B", "0s", level=None),
    "instead": lambda log: log.instead("A", "B"),
    "conformance": lambda log: log.conformance(["A", "B"]).customers,
    "steps": lambda log: log.conformance(["A", "B"]).steps,
    "extra": lambda log: log.conformance(["A", "B"], strict=True).extra,
    "compare": lambda log: log.compare(log, level=None),
}


def log_with_properties(journeys: list[Journey], labels: str = "ABCD", codes: Any = np.uint8) -> EventLog:
    log = log_of(journeys, labels, codes)
    log.channel = labelled("channel", np.arange(len(log)) % 3, ["web", "app", "store"])
    countries = ["FR", "DE"] * log.n_customers
    log.columns["country"] = Column.of_values(
        pa.array(countries[: log.n_customers], pa.string()), per="customer"
    )
    return log


ORDINARY = spelled("ABCA", "AB", "CA", "DAB", "A.BA")


@pytest.mark.parametrize("name", QUESTIONS)
def test_nothing_is_answered_with_the_columns_of_something(name: str) -> None:
    ask = QUESTIONS[name]
    expected = ask(log_with_properties(ORDINARY)).schema.names

    nothings: list[list[Journey]] = [[], [[], []], [[(5, None)]]]
    for nothing in nothings:
        assert ask(log_with_properties(nothing)).schema.names == expected
    assert ask(log_with_properties(ORDINARY).where("false")).schema.names == expected


def test_of_nothing_nothing_is_counted() -> None:
    log = log_with_properties([])

    assert log.span is None
    for name, ask in QUESTIONS.items():
        answer = ask(log)
        for counted in {"customers", "events", "conversions", "followed"} & set(answer.schema.names):
            assert not any(answer[counted].to_pylist()), name
    assert log.conformance(["A"]).fitness is None
    assert log.progression(["A", "B"]).groups["customers"].to_pylist() == [0, 0]


def test_one_event_is_a_journey_of_one() -> None:
    log = log_with_properties([[(5, "A")]])

    assert len(log.transitions()) == 0
    assert log.variants().to_pylist() == [{"variant": ["A"], "customers": 1}]
    assert log.funnel(["A", "B"])["customers"].to_pylist() == [1, 0]
    assert log.sessions()["events"].to_pylist() == [1]
    assert log.conformance(["A"]).as_drawn == 1
    assert log.retention()["complete"].to_pylist() == [False]
    assert log.dropped("A", "B").tolist() == [0]


def test_events_of_one_moment_are_in_the_order_they_arrived() -> None:
    at_once = log_with_properties([[(5, letter) for letter in "ABCAB"]])
    one_by_one = log_with_properties(spelled("ABCAB"))

    for name in ("reach", "variants", "dropoff", "conformance", "steps", "extra", *MODELS):
        if name != "time_decay":
            assert QUESTIONS[name](at_once).equals(QUESTIONS[name](one_by_one)), name
    assert at_once.funnel(["A", "B", "C"], within="0s")["customers"].to_pylist() == [1, 1, 1]
    assert at_once.funnel(["C", "B", "A"], within="0s")["customers"].to_pylist() == [1, 1, 0]


def test_a_window_of_nothing_holds_what_happens_at_the_same_moment() -> None:
    log = log_with_properties([[(1, "A"), (1, "B")], [(1, "A"), (2, "B")]])

    assert log.funnel(["A", "B"], within=0)["customers"].to_pylist() == [2, 1]
    assert log.dropped("A", "B", "0s").tolist() == [1]
    assert log.sessions("0s")["events"].to_pylist() == [2, 1, 1]
    touched = log.attribution("B", "last", "0s").to_pylist()
    assert [(row["channel"], row["conversions"]) for row in touched[:2]] == [("web", 1), ("(no touch)", 1)]
    assert log.survival(lapse="0s")["events"].to_pylist()[0] == 2


def test_an_activity_that_is_not_there_is_named_with_the_one_that_was_meant() -> None:
    log = log_with_properties(ORDINARY).relabel(np.arange(15) % 2, ["Cart Viewed", "Order Completed"])
    asked: list[Callable[[str], object]] = [
        lambda name: log.funnel([name]),
        lambda name: log.progression([name]),
        log.attribution,
        lambda name: log.retention(start=name),
        lambda name: log.retention(activity=name),
        log.survival,
        lambda name: log.dropoff(name, "Cart Viewed"),
        lambda name: log.dropped("Cart Viewed", name),
        lambda name: log.instead(name, "Cart Viewed"),
        lambda name: log.conformance([name]),
    ]

    for ask in asked:
        with pytest.raises(UnknownActivityError, match="Did you mean “Order Completed”"):
            ask("order complete")


def test_times_before_the_first_or_of_a_negative_length_are_refused_or_empty() -> None:
    log = log_with_properties(ORDINARY)

    assert len(log.where(time=("2020-01-01", "2019-01-01"))) == 0
    assert log.funnel(["A", "B"], within=float("inf")).equals(log.funnel(["A", "B"]))
    assert log.sessions("9" * 400 + "d").num_rows == log.n_customers
    for ask in (
        lambda: log.funnel(["A"], within=-1),
        lambda: log.funnel(["A"], within=float("nan")),
        lambda: log.sessions("-1s"),
        lambda: log.attribution("A", lookback=-5),
        lambda: log.dropoff("A", "B", -1),
        lambda: log.survival(lapse=-1),
        lambda: log.funnel([]),
        lambda: log.funnel(["A"] * 255),
        lambda: log.variants(0),
        lambda: log.conformance([]),
    ):
        with pytest.raises(QuestionError):
            ask()


@pytest.mark.parametrize("name", QUESTIONS)
def test_codes_of_two_bytes_give_the_answers_of_codes_of_one(name: str) -> None:
    """500 activities of which four occur; more pairs of them than fit a small table."""
    wide = "".join(chr(number) for number in range(0x100, 0x100 + 496))
    narrow_log = log_with_properties(ORDINARY)
    wide_log = log_with_properties(ORDINARY, "ABCD" + wide, np.uint16)

    found, expected = QUESTIONS[name](wide_log), QUESTIONS[name](narrow_log)

    if name == "reach":
        found = found.slice(0, 4)
    assert found.to_pylist() == expected.to_pylist()


@pytest.fixture(scope="module")
def long() -> tuple[str, EventLog]:
    """Two customers with 10,000 events each, and a third with few."""
    letters = np.random.default_rng(3).choice(list("ABCD"), 10_000)
    word = "".join(letters)
    return word, log_with_properties(spelled(word, word, "AB"))


def test_a_journey_of_ten_thousand_events_is_counted_like_a_short_one(long: tuple[str, EventLog]) -> None:
    word, log = long
    pairs = Counter(pairwise(word))

    assert {(row["source"], row["target"]): row["count"] for row in log.transitions().to_pylist()} == {
        pair: 2 * count + (pair == ("A", "B")) for pair, count in pairs.items()
    }
    assert [(len(row["variant"]), row["customers"]) for row in log.variants().to_pylist()] == [
        (10_000, 2),
        (2, 1),
    ]
    assert log.sessions()["events"].to_pylist() == [10_000, 10_000, 2]
    assert log.funnel(list(word[:50]) + list(word[-50:]))["customers"].to_pylist()[-1] == 2
    assert log.funnel(list(word[:100]), strict=True)["customers"].to_pylist()[-1] == 2


def test_all_conversions_of_a_long_journey_are_shared_out(long: tuple[str, EventLog]) -> None:
    word, log = long
    bought = 2 * word.count("A") + 1

    for model in MODELS:
        rows = log.attribution("A", model, "1d").to_pylist()  # type: ignore[arg-type]
        assert sum(row["conversions"] for row in rows) == pytest.approx(bought)


def test_a_long_journey_is_aligned_with_a_short_one(long: tuple[str, EventLog]) -> None:
    """Two events fit, all others are one too many each."""
    _, log = long

    found = log.conformance([Step(["A"], repeats=False), Step(["B"], repeats=False)], strict=True)

    assert found.costs.tolist() == [9_998, 9_998, 0]
    assert found.fitnesses.tolist() == pytest.approx([1 - 9_998 / 10_002] * 2 + [1])


def test_more_pairs_of_activities_than_a_table_holds_are_counted_all_the_same() -> None:
    size = 3_000
    log = EventLog.from_codes(
        customers=np.arange(1),
        offsets=np.array([0, 2 * size]),
        time=np.arange(2 * size) * SECOND,
        activity=np.tile(np.arange(size), 2).astype(np.uint16),
        activities=[f"activity {number:04}" for number in range(size)],
    )

    found = log.transitions(durations=True)

    assert len(found) == size
    assert found["count"].to_pylist() == [2] * (size - 1) + [1]
    assert set(found["median_seconds"].to_pylist()) == {1.0}
    # Of so many only the activities are compared, not the pairs.
    assert len(log.compare(log, level=None)) == 0
