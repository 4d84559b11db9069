"""A drawn journey beside what customers did."""

from collections.abc import Sequence

import pytest

from parcours.canvas.shapes import Board
from parcours.measures.conformance import Deviation, deviating, fitting, followed
from parcours.measures.drawing import Drawing
from parcours.measures.scope import Question
from tests.insights.happened import Happened, Store

pytest_plugins = ["tests.insights.shop"]


def doing(who: str, names: Sequence[str]) -> list[Happened]:
    return [Happened(who, name, 20 - place) for place, name in enumerate(names)]


@pytest.fixture
def drawing(drawn: Board) -> Drawing:
    return Drawing(drawn.stages)


@pytest.fixture
def shop(store: Store) -> None:
    """Six go as drawn, six leave the cart out, six turn back to it, five do something that isn't drawn."""
    ways = {
        "drawn": ["View", "View", "Cart", "Order"],
        "short": ["View", "Order"],
        "back": ["View", "Cart", "Order", "Cart"],
    }
    events = [each for way, names in ways.items() for n in range(6) for each in doing(f"{way} {n}", names)]
    events += [each for n in range(5) for each in doing(f"call {n}", ["View", "Call"])]
    store(events)


def told(found: Sequence[Deviation]) -> set[tuple[str, str, str, int]]:
    return {
        (each.kind, each.step.name, each.after.name if each.after else "", each.customers) for each in found
    }


@pytest.mark.usefixtures("shop")
def test_each_deviation_is_told_with_its_customers(ever: Question, drawing: Drawing) -> None:
    found = followed(ever, drawing)
    assert (found.as_drawn, found.customers) == (11, 23)
    assert told(found.deviations) == {
        ("skipped", "Consideration", "", 6),
        ("back", "Consideration", "Decision", 6),
        ("off_map", "Call", "Awareness", 5),
    }
    assert [(each.followed, each.skipped) for each in found.steps] == [(23, 0), (12, 6), (18, 0)]


@pytest.mark.usefixtures("shop")
def test_a_journey_that_has_to_be_whole_is_followed_by_fewer(ever: Question, drawing: Drawing) -> None:
    assert followed(ever, drawing, whole=True).as_drawn == 6


@pytest.mark.usefixtures("shop")
def test_every_number_opens_as_many_customers_as_it_says(ever: Question, drawing: Drawing) -> None:
    found = followed(ever, drawing)
    for each in found.deviations:
        named = {"kind": each.kind, "activity": each.activity, "after": each.after_id}
        assert len(deviating(ever, drawing, whole=False, **named)) == each.customers
    for step in found.steps:
        assert (
            len(deviating(ever, drawing, kind="", activity=step.id, after="", whole=False)) == step.followed
        )
    for bucket in found.buckets:
        assert len(fitting(ever, drawing, bucket.low, bucket.high, whole=False)) == bucket.customers
    assert len(fitting(ever, drawing, 1, 1, whole=False)) == found.as_drawn
    assert sum(bucket.customers for bucket in found.buckets) == found.customers


@pytest.mark.usefixtures("shop")
def test_touchpoints_can_be_the_steps(ever: Question, drawn: Board) -> None:
    found = followed(ever, Drawing(drawn.stages, single=True))
    assert [each.step.name for each in found.steps] == ["Page", "Cart", "Order"]
    assert found.as_drawn == 11


def test_nobody_on_the_map_is_nobody(ever: Question, drawing: Drawing, store: Store) -> None:
    store([Happened("ann", "Rain", 3)])
    found = followed(ever, drawing)
    assert (found.customers, found.share, found.fitness) == (0, None, None)
