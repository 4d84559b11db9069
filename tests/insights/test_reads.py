from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor
from parcours.canvas.reads import board
from parcours.canvas.shapes import Board
from parcours.canvas.writes import add_touchpoint, edit_stage
from parcours.core.clock import clock_at, now
from parcours.core.errors import NotFound
from parcours.core.periods import Period, read_period
from parcours.insights import kept, reads
from parcours.insights.models import KeptNumbers
from parcours.insights.paths import Target
from parcours.insights.reads import canvas_numbers, paths_behind
from parcours.insights.shapes import CanvasNumbers
from tests.insights.happened import Happened, Store

pytest_plugins = ["tests.insights.shop"]

ALWAYS = Period("all", None, None, "All time")


def shown(brand: Brand, drawn: Board, segment: str = "", period: Period = ALWAYS) -> CanvasNumbers:
    found = canvas_numbers(brand, drawn, period, segment)
    assert found is not None
    return found


@pytest.fixture
def shop(store: Store) -> None:
    store(
        [
            Happened("ann", "View", 10),
            Happened("ann", "Cart", 9),
            Happened("ann", "Order", 8),
            Happened("ben", "View", 10),
            Happened("ben", "Cart", 7),
            Happened("cho", "View", 100),
            Happened("cho", "Help", 99),
            Happened("dan", "Help", 5),
        ]
    )


def test_a_brand_without_events_has_no_numbers(brand: Brand, drawn: Board) -> None:
    assert canvas_numbers(brand, drawn, ALWAYS) is None


@pytest.mark.usefixtures("shop")
def test_the_numbers_of_a_canvas_come_from_the_lake(brand: Brand, drawn: Board) -> None:
    found = shown(brand, drawn)
    looking, choosing, buying, *_rest = found.stages
    assert [each.customers for each in found.stages] == [3, 2, 1, 0, 0]
    assert (looking.went_on, looking.median_seconds) == (2, 2 * 86_400)
    assert [(other.kind, other.customers) for other in looking.others] == [("off_map", 1)]
    assert choosing.share == 0.5
    assert buying.share is None
    assert (found.customers, found.on_the_map, found.events, found.events_on_the_map) == (4, 3, 8, 6)
    assert [each.events for each in found.touchpoints] == [3, 2, 1]


@pytest.mark.usefixtures("shop")
def test_only_events_inside_the_period_count(brand: Brand, drawn: Board) -> None:
    recent = Period("custom", now() - timedelta(days=9, hours=12), None, "")
    assert [each.customers for each in shown(brand, drawn, period=recent).stages] == [0, 2, 1, 0, 0]
    ninety = read_period({"period": "90d"}, "Europe/Paris")
    assert shown(brand, drawn, period=ninety).stages[0].customers == 2


@pytest.mark.usefixtures("shop")
def test_a_segment_counts_its_customers_only(
    brand: Brand, drawn: Board, born: Callable[[dict[str, int]], None]
) -> None:
    born({"ann": 1990, "ben": 1970})
    assert [each.customers for each in shown(brand, drawn, "millennials").stages[:3]] == [1, 1, 1]
    assert [each.customers for each in shown(brand, drawn, "x").stages[:3]] == [1, 1, 0]
    with pytest.raises(NotFound):
        shown(brand, drawn, "nobody")


@pytest.mark.usefixtures("shop")
def test_a_changed_profile_changes_the_numbers_of_its_segment(
    brand: Brand, drawn: Board, born: Callable[[dict[str, int]], None]
) -> None:
    born({"ann": 1990})
    assert shown(brand, drawn, "millennials").stages[0].customers == 1
    born({"ben": 1991})
    assert shown(brand, drawn, "millennials").stages[0].customers == 2


@pytest.mark.usefixtures("shop")
def test_new_events_and_new_rules_change_the_numbers(
    brand: Brand, drawn: Board, store: Store, system: Actor
) -> None:
    assert shown(brand, drawn).stages[0].customers == 3
    store([Happened("eve", "View", 1)])
    assert shown(brand, drawn).stages[0].customers == 4
    rule = {"all": [{"field": "name", "op": "is", "value": ["Help"]}]}
    add_touchpoint(drawn.journey.id, stage_id=drawn.stages[0].id, name="Help", rule=rule, acting_user=system)
    assert shown(brand, board(brand.pk, drawn.journey.id)).stages[0].customers == 5


@pytest.mark.usefixtures("shop")
def test_a_renamed_stage_is_called_by_its_new_name(brand: Brand, drawn: Board, system: Actor) -> None:
    shown(brand, drawn)
    edit_stage(drawn.journey.id, drawn.stages[0].id, name="Browsing", acting_user=system)
    assert shown(brand, board(brand.pk, drawn.journey.id)).stages[0].name == "Browsing"


@pytest.mark.usefixtures("shop")
def test_numbers_are_counted_once_and_survive_a_restart(
    brand: Brand, drawn: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = shown(brand, drawn)
    monkeypatch.setattr(reads, "drawn_scope", None)
    assert shown(brand, drawn) is first
    kept.forget_everything_in_memory()
    again = shown(brand, drawn)
    assert again == first
    assert again.computed_at == first.computed_at
    assert again.stages[0].others == first.stages[0].others


@pytest.mark.usefixtures("shop")
def test_known_numbers_take_a_fixed_number_of_queries(
    brand: Brand, drawn: Board, born: Callable[[dict[str, int]], None]
) -> None:
    born({"ann": 1990})
    shown(brand, drawn, "millennials")
    with CaptureQueriesContext(
        connection,
    ) as queries:
        shown(brand, drawn, "millennials")
    assert len(queries) == 2


@pytest.mark.usefixtures("shop")
def test_what_is_kept_stays_bounded(brand: Brand, drawn: Board, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "MOST_STORED", 3)
    for days in range(1, 7):
        with clock_at(now() + timedelta(seconds=days)):
            shown(brand, drawn, period=read_period({"period": f"{days}d"}, "UTC"))
    assert KeptNumbers.objects.count() == 3


@pytest.mark.usefixtures("shop")
def test_the_customers_behind_a_number_are_named(brand: Brand, drawn: Board) -> None:
    found = paths_behind(brand, drawn.stages, Target(0, "next"), ALWAYS)
    assert len(found) == shown(brand, drawn).stages[0].went_on == len(set(found.ids.tolist()))
