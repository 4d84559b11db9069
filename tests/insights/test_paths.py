import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from parcours.core.clock import now
from parcours.insights.counting import count
from parcours.insights.paths import Behind, Path, Target, behind, paths_of, tally
from parcours.measures.scope import Scope
from tests.insights.logs import Walk, drawing, scope

MAP = drawing(Look="ad shop", Choose="cart", Buy="pay mail")
LOOK, CHOOSE, BUY = range(3)
AD, SHOP, CART, PAY, MAIL, LEFT_OUT = range(6)


def ids(found: Behind) -> list[int]:
    return [int(each) for each in found.ids]


def top(found: Behind, *, by_event: bool = False) -> list[Path]:
    return paths_of(found, by_event=by_event).top(20)


def steps(found: Behind) -> list[tuple[tuple[int, ...], int]]:
    return [(path.steps, path.customers) for path in top(found)]


def test_each_outcome_names_the_customers_behind_it() -> None:
    here = scope(MAP, "ad cart", "ad", "ad pay", "cart ad", "ad x", "pay")
    assert ids(behind(here, Target(LOOK))) == [1, 2, 3, 4, 5]
    assert ids(behind(here, Target(LOOK, "next"))) == [1]
    assert ids(behind(here, Target(LOOK, "others"))) == [2, 3, 4, 5]
    assert ids(behind(here, Target(LOOK, "ended"))) == [2, 4]
    assert ids(behind(here, Target(LOOK, "ahead"))) == [3]
    assert ids(behind(here, Target(LOOK, "ahead", to=BUY))) == [3]
    assert ids(behind(here, Target(LOOK, "off_map"))) == [5]
    assert ids(behind(here, Target(CHOOSE, "back", to=LOOK))) == [4]
    assert ids(behind(here, Target(LOOK, touchpoint=SHOP))) == []


def test_a_path_runs_from_entering_the_stage_to_the_next_one_with_repeats_once() -> None:
    found = behind(scope(MAP, "mail ad ad x ad shop cart cart pay"), Target(LOOK, "next"))
    assert steps(found) == [((AD, SHOP, CART), 1)]
    assert found.seconds.tolist() == [5 * 3600]


def test_a_path_that_does_not_go_on_runs_to_the_last_event() -> None:
    found = behind(scope(MAP, "cart ad pay mail x", "ad pay mail"), Target(LOOK, "ahead"))
    assert steps(found) == [((AD, PAY, MAIL), 2)]
    assert found.seconds.tolist() == [3 * 3600, 2 * 3600]


def test_paths_can_be_read_event_by_event_with_those_off_the_map() -> None:
    found = behind(scope(MAP, "ad x x y"), Target(LOOK, "off_map"))
    names = found.scope.events.activities
    (path,) = top(found, by_event=True)
    assert [names[step] for step in path.steps] == ["ad", "x", "y"]


def test_of_long_paths_the_beginning_and_the_end_are_told() -> None:
    found = behind(
        scope(MAP, "ad shop ad shop ad shop ad shop ad pay", "ad shop ad shop ad shop ad shop"), Target(LOOK)
    )
    whole, cut = sorted(top(found), key=lambda path: len(path.steps))
    assert whole.steps == (AD, SHOP) * 4
    assert cut.steps == (AD, SHOP, AD, SHOP, LEFT_OUT, AD, SHOP, AD, PAY)


def test_the_most_frequent_path_comes_first_with_its_share_and_median_time() -> None:
    here = scope(MAP, [("ad", 0), ("cart", 1)], "ad shop cart", [("ad", 0), ("cart", 3)])
    first, second = top(behind(here, Target(LOOK, "next")))
    assert (first.steps, first.customers, first.share) == ((AD, CART), 2, 2 / 3)
    assert first.median_seconds == 2 * 3600
    assert second.customers == 1


def test_a_paths_key_finds_its_customers_again() -> None:
    found = behind(scope(MAP, "ad cart", "ad", "ad cart"), Target(LOOK))
    paths = paths_of(found, by_event=False)
    key = paths.top(20)[0].key
    assert found.ids[paths.with_key(key)].tolist() == [1, 3]
    assert not paths.with_key("0" * 16).any()


def test_what_they_did_next_is_the_first_event_outside_of_the_stage() -> None:
    found = behind(scope(MAP, "ad shop x cart", "ad", "ad ad pay"), Target(LOOK))
    names = found.scope.events.activities
    codes = found.scope.events.activity.codes
    following = [names[codes[place]] if place >= 0 else None for place in found.outside]
    assert following == ["x", None, "pay"]
    assert [names[codes[place]] for place in found.last_inside] == ["shop", "ad", "ad"]


def test_a_touchpoints_number_leads_to_its_customers_from_their_first_event_there() -> None:
    found = behind(scope(MAP, "ad shop cart", "ad cart", "shop"), Target(LOOK, touchpoint=SHOP))
    assert ids(found) == [1, 3]
    assert steps(found) == [((SHOP,), 1), ((SHOP, CART), 1)]


def test_a_tally_puts_the_largest_first_and_the_unknown_last() -> None:
    assert tally(np.array([1, 0, 1, 255, -1]), ["web", "phone"]) == [("phone", 2), ("web", 1), (None, 2)]


STEPS = st.sampled_from(["ad", "shop", "cart", "pay", "mail", "x"])


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(STEPS, min_size=1, max_size=12), min_size=1, max_size=12))
def test_every_number_on_the_canvas_equals_the_customers_behind_it(walks: list[list[str]]) -> None:
    here: Scope = scope(MAP, *[_as_walk(walk) for walk in walks])
    shown = count(here.touchpoints, MAP, generation=1, computed_at=now())
    for place, stage in enumerate(shown.stages):
        everybody = behind(here, Target(place))
        assert len(everybody) == stage.customers
        assert len(behind(here, Target(place, "next"))) == stage.went_on
        assert len(behind(here, Target(place, "others"))) == stage.others_customers
        for other in stage.others:
            to = None if other.stage is None else MAP.place_of(other.stage)
            assert len(behind(here, Target(place, other.kind, to=to))) == other.customers
        for kind in ("ahead", "back", "off_map", "ended"):
            expected = sum(other.customers for other in stage.others if other.kind == kind)
            assert len(behind(here, Target(place, kind))) == expected
        for by_event in (False, True):
            paths = paths_of(everybody, by_event=by_event).top(1_000)
            assert sum(path.customers for path in paths) == stage.customers
            assert len({path.steps for path in paths}) == len(paths)
    for code, touchpoint in enumerate(shown.touchpoints):
        place = int(MAP.stage_of_touchpoint[code])
        assert len(behind(here, Target(place, touchpoint=code))) == touchpoint.customers


def _as_walk(walk: list[str]) -> Walk:
    return " ".join(walk)
