import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parcours.core.clock import now
from parcours.insights.counting import count
from parcours.insights.shapes import CanvasNumbers, StageNumbers, wilson
from parcours.measures.drawing import Drawing
from tests.insights.logs import drawing, identifier, touchpoint_log

MAP = drawing(Look="ad shop", Choose="cart", Buy="pay mail")


def numbers(drawn: Drawing, *walks: object) -> CanvasNumbers:
    return count(touchpoint_log(drawn, walks), drawn, generation=1, computed_at=now())  # type: ignore[arg-type]


def stage(found: CanvasNumbers, name: str) -> StageNumbers:
    return found.stage_by_id[identifier(name)]


def parts(found: StageNumbers) -> dict[tuple[str, str], int]:
    return {(other.kind, other.stage_name): other.customers for other in found.others}


def test_a_stage_counts_each_customer_with_an_event_in_one_of_its_touchpoints_once() -> None:
    found = numbers(MAP, "ad ad shop", "shop cart", ". .")
    assert (stage(found, "Look").customers, stage(found, "Look").events) == (2, 4)
    assert found.customers == 3
    assert found.on_the_map == 2


def test_going_on_is_any_later_event_in_the_next_stage_even_after_a_detour() -> None:
    found = stage(numbers(MAP, "ad pay cart", "cart ad", "ad . cart"), "Look")
    assert (found.customers, found.went_on) == (3, 2)
    assert found.share == pytest.approx(2 / 3)


def test_the_median_time_is_from_the_first_event_in_the_stage_to_the_first_later_one_in_the_next() -> None:
    found = stage(
        numbers(MAP, [("cart", 0), ("ad", 1), ("shop", 2), ("cart", 4), ("cart", 9)], "ad cart"), "Look"
    )
    assert found.median_seconds == (3 + 1) / 2 * 3600


def test_the_others_are_told_apart_by_where_they_went_first() -> None:
    found = numbers(MAP, "ad pay", "ad pay .", "ad .", "ad ad", "cart ad", "cart ad .", "cart . .")
    assert parts(stage(found, "Look")) == {
        ("ahead", "Buy"): 2,
        ("off_map", ""): 2,
        ("ended", ""): 2,
    }
    assert parts(stage(found, "Choose")) == {("back", "Look"): 2, ("off_map", ""): 1}


def test_nobody_can_go_on_from_the_last_stage_but_some_return_after_a_day() -> None:
    found = stage(numbers(MAP, [("pay", 0), ("mail", 24)], [("pay", 0), ("pay", 23.9)], "pay ad"), "Buy")
    assert found.share is None
    assert found.others_share is None
    assert (found.customers, found.went_on, found.returned) == (3, 0, 1)
    assert parts(found) == {("ended", ""): 2, ("back", "Look"): 1}


def test_no_share_is_claimed_when_no_touchpoint_says_what_the_next_stage_is() -> None:
    drawn = drawing(Look="ad", Empty="", Buy="pay")
    found = numbers(drawn, "ad pay", "ad")
    assert stage(found, "Look").share is None
    assert (stage(found, "Empty").customers, stage(found, "Empty").share) == (0, None)
    assert parts(stage(found, "Look")) == {("ahead", "Buy"): 1, ("ended", ""): 1}


def test_a_touchpoint_counts_customers_events_and_its_share_of_the_stage() -> None:
    found = numbers(MAP, "ad ad shop", "shop").touchpoint_by_id
    ad, mail = found[identifier("ad")], found[identifier("mail")]
    assert (ad.customers, ad.events, ad.share) == (1, 2, 0.5)
    assert (mail.customers, mail.events, mail.share) == (0, 0, None)


def test_few_customers_are_called_too_few() -> None:
    found = numbers(MAP, *["ad cart"] * 4)
    assert stage(found, "Look").too_few
    assert not stage(numbers(MAP, *["ad cart"] * 5), "Look").too_few


def test_the_stage_that_loses_the_largest_share_is_flagged_when_enough_customers_say_so() -> None:
    found = numbers(MAP, *["ad cart"] * 30, *["ad"] * 10, *["cart pay"] * 5)
    assert [each.leaves_flag for each in found.stages] == [False, True, False]
    assert not any(each.leaves_flag for each in numbers(MAP, *["ad"] * 29).stages)


def test_customers_who_never_turn_back_follow_the_drawn_order() -> None:
    found = numbers(MAP, "ad . cart cart pay", "ad pay", "cart ad", ".", "ad cart ad pay")
    assert (found.on_the_map, found.forward) == (4, 2)


def test_a_journey_without_touchpoints_or_events_has_zeros_and_no_shares() -> None:
    found = numbers(drawing(Look="", Buy=""), "x y")
    assert [each.customers for each in found.stages] == [0, 0]
    empty = numbers(MAP)
    assert (empty.customers, empty.forward_share, empty.coverage) == (0, None, None)
    assert [each.share for each in empty.stages] == [None, None, None]


def test_the_interval_of_a_share_is_wilsons() -> None:
    assert wilson(0, 0) is None
    low, high = wilson(29, 100) or (0, 0)
    assert (round(low, 4), round(high, 4)) == (0.2101, 0.3854)


WALKS = st.lists(
    st.lists(st.sampled_from(["ad", "shop", "cart", "pay", "mail", "."]), min_size=1, max_size=9), max_size=12
)


@settings(max_examples=60, deadline=None)
@given(WALKS)
def test_the_numbers_equal_their_definitions_customer_by_customer(walks: list[list[str]]) -> None:
    found = numbers(MAP, *[" ".join(walk) for walk in walks])
    names = ["Look", "Choose", "Buy"]
    stage_of = {"ad": 0, "shop": 0, "cart": 1, "pay": 2, "mail": 2, ".": None}
    for place, name in enumerate(names):
        expected = [_outcome([stage_of[step] for step in walk], place) for walk in walks]
        reached = [outcome for outcome in expected if outcome is not None]
        shown = stage(found, name)
        assert shown.customers == len(reached)
        assert shown.went_on == reached.count("next")
        assert shown.customers == shown.went_on + sum(other.customers for other in shown.others)
        gaps = [
            3600 * _gap([stage_of[step] for step in walk], place)
            for walk, outcome in zip(walks, expected, strict=True)
            if outcome == "next"
        ]
        assert shown.median_seconds == (float(np.median(gaps)) if gaps else None)
        for (kind, other), customers in parts(shown).items():
            assert customers == reached.count(other or kind)
    stages = [[there for step in walk if (there := stage_of[step]) is not None] for walk in walks]
    assert found.forward == sum(walk == sorted(walk) for walk in stages if walk)


def _outcome(walk: list[int | None], place: int) -> str | None:
    if place not in walk:
        return None
    after = walk[walk.index(place) + 1 :]
    if place + 1 in after and place < 2:
        return "next"
    other = next((each for each in after if each not in {place, None}), None)
    if other is not None:
        return ["Look", "Choose", "Buy"][other]
    return "off_map" if None in after else "ended"


def _gap(walk: list[int | None], place: int) -> int:
    first = walk.index(place)
    return walk.index(place + 1, first + 1) - first
