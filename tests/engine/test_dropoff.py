"""The drop-off finds the causes that were planted in a simulated shop, and nothing where there is nothing."""

from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from parcours.engine import Column, EventLog, QuestionError, UnknownActivityError
from parcours.engine.excess import compare, scores
from tests.engine.journeys import log_of, spelled

HOUR, WEEK = 3_600, 7 * 86_400
START = 1_767_571_200  # Monday, 5 January 2026
WEEKS = 26
ACTIVITIES = ["Product Viewed", "Help Read", "Checkout Started", "Order Completed", "Left"]
VIEW, HELP, CHECKOUT, ORDER, LEFT = range(5)
REGIONS = ["Bretagne", "Corse", "Paris", "Savoie"]
BROWSERS = ["Chrome", "Edge", "Firefox", "Safari"]


def shop(seed: int, *, stories: bool, customers: int = 6_000) -> EventLog:
    """Journeys of views and help pages to the checkout, of which 65 % order.

    The stories: Corse orders half as often; Safari hardly in the 10th and 11th week; nor who read help twice.
    """
    random = np.random.default_rng(seed)
    region, browser = random.integers(0, 4, customers), random.integers(0, 4, customers)
    begin = START + random.integers(0, (WEEKS - 3) * WEEK, customers)
    codes, times, lengths = list[int](), list[int](), list[int]()
    for customer in range(customers):
        steps = random.choice([VIEW, HELP], random.geometric(0.3), p=[0.8, 0.2]).tolist()
        week = (begin[customer] + len(steps) * HOUR - START) // WEEK
        chance = 0.65
        if stories and REGIONS[region[customer]] == "Corse":
            chance *= 0.5
        if stories and BROWSERS[browser[customer]] == "Safari" and week in (9, 10):
            chance *= 0.1
        if stories and steps.count(HELP) >= 2:
            chance *= 0.3
        ordered = random.random() < chance
        journey = [
            *steps,
            CHECKOUT,
            *([ORDER] if ordered else []),
            *random.choice([VIEW, LEFT], random.integers(0, 3)),
        ]
        codes += journey
        times += [int(begin[customer]) + place * HOUR for place in range(len(journey))]
        lengths.append(len(journey))
    offsets = np.append(0, np.cumsum(lengths)).astype(np.int64)
    owners = np.repeat(np.arange(customers), lengths)
    return EventLog.from_codes(
        customers=np.arange(customers),
        offsets=offsets,
        time=np.array(times, dtype=np.int64) * 1_000_000,
        activity=np.array(codes, dtype=np.uint8),
        activities=ACTIVITIES,
        channel=random.integers(0, 2, len(codes)).astype(np.uint8),
        channels=["app", "web"],
        columns={
            "region": Column.of_codes(region, REGIONS, per="customer"),
            "browser": Column.of_codes(browser[owners], BROWSERS),
            "basket": Column.of_values(random.normal(80, 20, len(codes))),
        },
        check=True,
    )


def found_in(log: EventLog, **asked: Any) -> list[dict[str, Any]]:
    return log.dropoff("Checkout Started", "Order Completed", **asked).to_pylist()


def test_planted_causes_are_found_each_once_with_their_weeks_and_their_size() -> None:
    rows = found_in(shop(1, stories=True), within="7d")

    by_value = {(row["kind"], row["name"], row["value"]): row for row in rows}
    assert set(by_value) == {
        ("property", "region", "Corse"),
        ("property", "browser", "Safari"),
        ("repeated before", "repeated before", "Help Read"),
    }
    corse = by_value["property", "region", "Corse"]
    assert (corse["since"], corse["until"]) == (None, None)
    assert corse["lost_share"] == pytest.approx(0.69, abs=0.04)
    assert corse["low"] < corse["difference"] < corse["high"]
    assert corse["difference"] == pytest.approx(0.28, abs=0.04)
    safari = by_value["property", "browser", "Safari"]
    assert (safari["since"], safari["until"]) == (date(2026, 3, 9), date(2026, 3, 23))
    assert safari["lost_share"] > 0.85
    assert all(row["p_value"] < 0.001 for row in rows)
    assert [row["customers"] >= row["lost"] > 0 for row in rows] == [True] * 3


@pytest.mark.parametrize("seed", range(6))
def test_nothing_is_found_where_nothing_was_planted(seed: int) -> None:
    assert found_in(shop(seed, stories=False, customers=2_500), level=0.01) == []


def shuffled(log: EventLog, random: np.random.Generator) -> EventLog:
    codes: npt.NDArray[Any] = random.permutation(log.activity.codes)
    return log.relabel(codes, log.activities)


@pytest.mark.parametrize("seed", range(6))
def test_nothing_is_found_in_a_shuffled_log(seed: int) -> None:
    log = shuffled(shop(seed, stories=True, customers=2_500), np.random.default_rng(seed))

    assert found_in(log, level=0.01) == []


def test_everything_that_was_looked_at_can_be_told() -> None:
    rows = found_in(shop(2, stories=True, customers=2_500), level=None)

    assert len(rows) > 50
    assert rows == sorted(rows, key=lambda row: row["p_value"])
    assert {row["kind"] for row in rows} >= {
        "property",
        "channel",
        "previous activity",
        "weekday",
        "hour",
        "period",
    }


def test_those_lost_and_what_they_did_instead_can_be_opened() -> None:
    log = log_of(spelled("AXB", "AX", "AY", "A", "AY", "B", "A.Y"), "ABXY")

    assert log.dropped("A", "B").tolist() == [1, 2, 3, 4, 6]
    assert log.instead("A", "B").to_pylist() == [
        {"activity": "Y", "customers": 3, "share": 0.6},
        {"activity": None, "customers": 1, "share": 0.2},
        {"activity": "X", "customers": 1, "share": 0.2},
    ]


def test_customers_who_began_too_late_to_tell_are_left_out() -> None:
    log = log_of([[(0, "A")], [(0, "A"), (5, "B")], [(8, "A")], [(20, "C")], [(15, "A"), (16, "B")]])

    assert log.dropped("A", "B", within=5).tolist() == [0, 2]
    assert log.dropped("A", "B", within=13).tolist() == [0]


def test_a_difference_comes_out_as_worked_out_by_hand() -> None:
    cases, hits = np.array([40.0, 60.0]), np.array([20.0, 15.0])
    everybody, all_hits = np.array([100.0, 160.0]), np.array([32.0, 25.0])

    found = compare(cases, hits, everybody, all_hits)

    # Strata: 20/40 against 12/60 and 15/60 against 10/100, weighted with 40·60/100 and 60·100/160.
    assert found.difference == pytest.approx((24 * 0.3 + 37.5 * 0.15) / 61.5)
    expected = 40 * 0.32 + 60 * 25 / 160
    variance = 40 * 60 * 32 * 68 / (100**2 * 99) + 60 * 100 * 25 * 135 / (160**2 * 159)
    assert found.z == pytest.approx((35 - expected - 0.5) / variance**0.5)
    assert found.low < found.difference < found.high


def test_groups_that_are_too_small_never_count() -> None:
    everybody, hits = np.array([1_000.0]), np.array([100.0])

    found = scores(np.array([[19.0], [20.0], [990.0]]), np.array([[19.0], [20.0], [99.0]]), everybody, hits)

    assert np.isneginf(found).tolist() == [True, False, True]


def test_an_empty_log_and_unknown_activities_are_answered() -> None:
    log = log_of([])

    assert log.dropoff("A", "B").num_rows == 0
    assert log.instead("A", "B").num_rows == 0
    with pytest.raises(UnknownActivityError):
        log.dropoff("A", "Z")
    with pytest.raises(QuestionError):
        log.dropoff("A", "B", within="soon")
