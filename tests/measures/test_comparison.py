"""What changed: steps, transitions and whole paths, of two times or two groups."""

from dataclasses import replace

import pytest

from parcours.core.periods import read_period
from parcours.measures.comparison import before, compare
from parcours.measures.scope import Question
from tests.insights.happened import Happened, Store

pytest_plugins = ["tests.insights.shop"]


@pytest.fixture
def month(ever: Question) -> Question:
    return replace(ever, period=read_period({"period": "30d"}, ever.brand.time_zone))


@pytest.fixture
def change(store: Store) -> None:
    """In the last 30 days nearly nobody goes from the cart to the order; before, everybody did."""
    events = []
    for number in range(60):
        events += [Happened(f"old {number}", "Cart", 45), Happened(f"old {number}", "Order", 44)]
        events.append(Happened(f"new {number}", "Cart", 15))
        events.append(Happened(f"new {number}", "Order" if number < 6 else "Call", 14))
    store(events)


@pytest.mark.usefixtures("change")
def test_steps_transitions_and_paths_that_changed_are_told_apart(month: Question) -> None:
    other = before(month)
    assert other is not None
    found = compare(month, other)
    assert (found.customers, found.other_customers) == (60, 60)
    assert {(each.activities, round(each.share, 2), each.other_share) for each in found.steps} == {
        (("Order",), 0.1, 1.0),
        (("Call",), 0.9, 0.0),
    }
    assert {each.activities for each in found.transitions} == {("Cart", "Order"), ("Cart", "Call")}
    paths = {each.activities: each for each in found.paths}
    assert set(paths) == {("Cart", "Order"), ("Cart", "Call")}
    ordered = paths["Cart", "Order"]
    assert ordered.difference == pytest.approx(-0.9)
    assert ordered.low < ordered.difference < ordered.high < 0
    assert ordered.p_value < 0.001


@pytest.mark.usefixtures("change")
def test_a_group_differs_from_itself_in_nothing(month: Question) -> None:
    found = compare(month, month)
    assert (found.steps, found.transitions, found.paths) == ((), (), ())


def test_the_time_before_is_as_long_and_has_an_address(month: Question) -> None:
    other = before(month)
    assert other is not None
    assert other.period.end == month.period.start
    assert set(other.period.as_query()) == {"from", "to"}


def test_a_time_without_beginning_has_none_before_it(ever: Question) -> None:
    assert before(ever) is None
