"""Funnels by segment and property, how long they take, and what those who stop do next."""

from collections.abc import Callable

import pytest

from parcours.canvas.shapes import Board
from parcours.measures.drawing import Drawing
from parcours.measures.funnel import NOTHING, Funnel, funnel, in_funnel
from parcours.measures.scope import Question
from tests.insights.happened import Happened, Store

pytest_plugins = ["tests.insights.shop"]
STEPS = ["View", "Cart", "Order"]


@pytest.fixture
def shop(store: Store, born: Callable[[dict[str, int]], None]) -> None:
    """Ann buys within three days, Ben looks twice and calls, Cleo (in the app) stops at the cart."""
    store(
        [
            Happened("ann", "View", 10),
            Happened("ann", "Cart", 9),
            Happened("ann", "Order", 7),
            Happened("ben", "View", 10),
            Happened("ben", "View", 9),
            Happened("ben", "Call", 8),
            Happened("cleo", "View", 6, "app"),
            Happened("cleo", "Cart", 5, "app"),
        ]
    )
    born({"ann": 1990, "ben": 1950, "cleo": 1991})


def stopped(found: Funnel) -> list[tuple[int, list[tuple[str, int]]]]:
    return [(each.stopped, [(one.activity, one.customers) for one in each.next]) for each in found.steps]


@pytest.mark.usefixtures("shop")
def test_those_who_stop_are_told_with_what_they_did_next(ever: Question) -> None:
    found = funnel(ever, STEPS).groups[0]
    assert stopped(found) == [(1, [("Call", 1)]), (1, [(NOTHING, 1)]), (0, [])]
    assert found.median_seconds == 3 * 86_400
    assert found.biggest_loss == 1


@pytest.mark.usefixtures("shop")
def test_what_they_did_next_opens_its_customers(ever: Question) -> None:
    assert len(in_funnel(ever, None, STEPS, 1, stopped="yes", then="Call")) == 1
    assert len(in_funnel(ever, None, STEPS, 1, stopped="yes", then=NOTHING)) == 0
    assert len(in_funnel(ever, None, STEPS, 2, stopped="yes", then=NOTHING)) == 1


@pytest.mark.usefixtures("shop")
def test_segments_are_told_apart_by_their_names(ever: Question) -> None:
    found = funnel(ever, STEPS, by="segment").groups
    assert [(each.label.split(" (")[0], each.customers, each.conversion) for each in found] == [
        ("Millennials", 2, 0.5),
        ("Baby boomers", 1, 0.0),
    ]
    assert found[0].group
    assert len(in_funnel(ever, None, STEPS, 2, by="segment", group=found[0].group)) == 2


@pytest.mark.usefixtures("shop")
def test_a_property_tells_customers_apart_by_its_value_where_they_begin(ever: Question) -> None:
    found = funnel(ever, STEPS, by="channel").groups
    assert [(each.label, each.customers) for each in found] == [("web", 2), ("app", 1)]
    assert len(in_funnel(ever, None, STEPS, 2, by="channel", group="app", stopped="yes")) == 1


@pytest.mark.usefixtures("shop")
def test_touchpoints_can_be_the_steps(ever: Question, drawn: Board) -> None:
    drawing = Drawing(drawn.stages, single=True)
    found = funnel(ever, list(drawing.shown), drawing=drawing).groups[0]
    assert [(each.step.name, each.customers) for each in found.steps] == [
        ("Page", 3),
        ("Cart", 2),
        ("Order", 1),
    ]
