"""One journey by generations: what each does more or less often than all others."""

import pytest

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor
from parcours.canvas.shapes import Board
from parcours.core.errors import NotFound
from parcours.core.periods import read_period
from parcours.customers.writes import do_create_segment
from parcours.insights.lens import FEWEST_TO_COMPARE, Lens, holm, lens
from parcours.insights.reads import canvas_numbers
from tests.insights.happened import Happened, Store
from tests.insights.shop import born as born  # noqa: PLC0414 - fixtures of the shop, used here too
from tests.insights.shop import drawn as drawn  # noqa: PLC0414
from tests.insights.shop import store as store  # noqa: PLC0414

ALWAYS = read_period({"period": "all"}, "Europe/Paris")
OLD, YOUNG = 60, 90


@pytest.fixture
def told(store: Store, born: object, drawn: Board) -> Board:
    """Sixty boomers who nearly all buy, by phone; ninety of generation Z who look and leave; ten others."""
    old = [f"old{n}" for n in range(OLD)]
    young = [f"young{n}" for n in range(YOUNG)]
    events = [Happened(each, "View", 20) for each in (*old, *young, *(f"any{n}" for n in range(10)))]
    events += [Happened(each, "Cart", 10, "phone") for each in old[:50]]
    events += [Happened(each, "Cart", 10) for each in young[:10]]
    events += [Happened(each, "Order", 5) for each in old[:40]]
    store(events)
    born({**dict.fromkeys(old, 1950), **dict.fromkeys(young, 2000), "any1": 1990})  # type: ignore[operator]
    return drawn


def seen(brand: Brand, board: Board, *keys: str) -> Lens:
    found = lens(brand, board, keys, ALWAYS)
    assert found is not None
    return found


def test_a_brand_without_events_has_nothing_to_see(brand: Brand, drawn: Board) -> None:
    assert lens(brand, drawn, ("z",), ALWAYS) is None


def test_each_generation_is_counted_as_the_canvas_counts_it_alone(brand: Brand, told: Board) -> None:
    view = seen(brand, told, "boomers", "z")
    assert [column.customers for column in view.columns] == [OLD, YOUNG]
    for place, key in enumerate(("boomers", "z")):
        alone = canvas_numbers(brand, told, ALWAYS, key)
        assert alone is not None
        for stage in view.stages:
            counted = alone.stage_by_id[stage.id]
            assert stage.reach.cells[place].hits == counted.customers
            if stage.on is not None:
                assert stage.on.cells[place].hits == counted.went_on
            for touchpoint in stage.touchpoints:
                met = next(each for each in alone.touchpoints if str(each.touchpoint) == touchpoint.thing)
                assert touchpoint.cells[place].hits == met.customers


def test_a_share_is_held_against_the_other_generations(brand: Brand, told: Board) -> None:
    view = seen(brand, told, "boomers", "z")
    on = view.stages[0].on
    assert on is not None
    boomers, young = on.cells
    assert (boomers.share, boomers.others) == (50 / 60, 10 / 91)  # of the other generations
    assert boomers.difference is not None
    assert boomers.low < boomers.difference < boomers.high
    assert boomers.certain
    assert young.difference is not None
    assert young.difference < 0


def test_the_largest_certain_difference_is_told_first(brand: Brand, told: Board) -> None:
    first = seen(brand, told, "boomers", "z").standouts[0]
    assert first.column.key == "boomers"
    assert first.row.thing == "phone"
    assert first.cell.share == 50 / 60


def test_below_twenty_customers_nothing_is_said(brand: Brand, told: Board) -> None:
    view = seen(brand, told, "millennials", "boomers")
    assert view.columns[0].customers < FEWEST_TO_COMPARE
    assert all(stage.reach.cells[0].too_few for stage in view.stages)
    order = view.stages[2]
    assert order.leave.cells[1].too_few  # only boomers bought: there are no others to hold them against


def test_segments_of_the_brand_stand_beside_generations(brand: Brand, told: Board, system: Actor) -> None:
    rule = {"all": [{"field": "birth_year", "op": "gte", "value": ["2000"]}]}
    segment = do_create_segment(brand, "Young", rule, acting_user=system)
    view = seen(brand, told, "z", str(segment.pk))
    assert view.columns[1].name == "Young"
    assert [cell.hits for cell in view.stages[0].reach.cells] == [YOUNG, YOUNG]
    on = view.stages[0].on
    assert on is not None
    assert [cell.others for cell in on.cells] == [50 / 61, 50 / 70]  # a segment: everybody outside of it
    with pytest.raises(NotFound):
        lens(brand, told, ("no-such-segment",), ALWAYS)


def test_looking_at_more_differences_makes_each_less_certain() -> None:
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert holm([]) == []
    assert max(holm([0.9, 0.8])) <= 1
