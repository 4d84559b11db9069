"""What the log says against the map: planted changes are found, and chance is not."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import pytest

from parcours.insights.drift.again import again
from parcours.insights.drift.conversion import changed
from parcours.insights.drift.endings import endings
from parcours.insights.drift.episodes import episodes
from parcours.insights.drift.groups import apart
from parcours.insights.drift.marked import DAY, Marked
from parcours.insights.drift.order import OtherOrder, Skipped, WentBack, deviations
from parcours.insights.drift.traffic import missing, silent
from parcours.insights.significance import above, differ, differ_more, holm

DAYS = 300
STAGES = 4
SEEDS = 60
MOST_BY_CHANCE = 7
"""Of 60 logs in which nothing changes: were the true rate 5 %, more would happen once in 100 tries."""

Rows = list[tuple[int, float, str, str]]


def log_of(rows: Rows, touchpoints: list[tuple[str, int]], n_stages: int = STAGES) -> Marked:
    """Rows are (customer, day, name, channel); a touchpoint is an event's name with its stage."""
    rows = sorted(rows, key=lambda row: (row[0], row[1]))
    names = sorted({row[2] for row in rows} | {name for name, _stage in touchpoints})
    channels = sorted({row[3] for row in rows})
    place_of = {name: code for code, (name, _stage) in enumerate(touchpoints)}
    name = np.array([names.index(row[2]) for row in rows], dtype=np.int32)
    touchpoint_of = np.array([place_of.get(each, -1) for each in names], dtype=np.int32)
    stage_of = np.array([stage for _name, stage in touchpoints], dtype=np.int64)
    touchpoint = touchpoint_of[name]
    customers = np.array([row[0] for row in rows])
    _ids, counts = np.unique(customers, return_counts=True)
    return Marked(
        offsets=np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        time=np.array([int(row[1] * DAY) for row in rows], dtype=np.int64),
        name=name,
        names=names,
        channel=np.array([channels.index(row[3]) for row in rows], dtype=np.int32),
        channels=channels,
        touchpoint=touchpoint,
        n_touchpoints=len(touchpoints),
        stage=np.where(touchpoint >= 0, np.append(stage_of, -1)[touchpoint], -1).astype(np.int32),
        n_stages=n_stages,
        stage_of_touchpoint=stage_of,
    )


DRAWN = [(f"s{stage}", stage) for stage in range(STAGES)]


def a_shop(seed: int, *, customers: int = 3_000, go_on: Callable[[int, float], float] | None = None) -> Rows:
    """Everybody enters the first stage on some day and goes on with a chance of one in two, within days."""
    random = np.random.default_rng(seed)
    rows: Rows = []
    for customer in range(customers):
        day = float(random.uniform(0, DAYS))
        for stage in range(STAGES):
            rows.append((customer, day, f"s{stage}", "web"))
            if random.random() > (go_on(stage, day) if go_on else 0.5):
                break
            day += float(random.exponential(1.5))
    rows.append((customers, float(DAYS), "s0", "web"))
    return rows


# Chance


def test_a_log_in_which_nothing_changes_hardly_ever_says_something() -> None:
    spoke = sum(
        bool(changed(log) or deviations(log) or silent(log) or missing(log))
        for log in (log_of(a_shop(seed, customers=1_500), DRAWN) for seed in range(SEEDS))
    )
    assert spoke <= MOST_BY_CHANCE


def test_days_dealt_out_anew_leave_no_change_of_conversion() -> None:
    """The planted change is gone once each customer gets another one's days."""
    rows = a_shop(1, go_on=lambda stage, day: 0.7 if stage == 1 and day > DAYS - 60 else 0.4)
    random = np.random.default_rng(5)
    spoke = 0
    for _seed in range(SEEDS // 2):
        first = {customer: day for customer, day, *_rest in _starts(rows)}
        shift = random.permutation(np.array(list(first.values())))
        anew = {customer: float(shift[place]) for place, customer in enumerate(first)}
        moved = [(c, anew[c] + day - first[c], name, channel) for c, day, name, channel in rows]
        spoke += bool(changed(log_of(moved, DRAWN)))
    assert spoke <= 3


def _starts(rows: Rows) -> Rows:
    seen: dict[int, tuple[int, float, str, str]] = {}
    for row in rows:
        seen.setdefault(row[0], row)
    return list(seen.values())


@pytest.mark.parametrize("share", [0.2, 1 / 3])
def test_a_share_at_the_threshold_is_rarely_taken_for_more(share: float) -> None:
    random = np.random.default_rng(3)
    hits = random.binomial(400, share, size=2_000)
    assert np.mean([above(int(each), 400, 1 / 3) <= 0.05 for each in hits]) <= 0.065


def test_equal_shares_rarely_differ() -> None:
    random = np.random.default_rng(4)
    pairs = random.binomial(300, 0.3, size=(2_000, 2))
    assert np.mean([differ(int(a), 300, int(b), 300) <= 0.05 for a, b in pairs]) <= 0.065


def test_many_questions_at_once_need_stronger_answers() -> None:
    assert holm([0.03, 0.5, 0.6], 0.05) == [False, False, False]
    assert holm([0.01, 0.02, 0.6], 0.05) == [True, True, False]


# What was planted


def test_a_change_of_conversion_is_found_in_its_stage_only() -> None:
    rows = a_shop(
        7, customers=4_000, go_on=lambda stage, day: 0.3 if stage == 1 and day > DAYS - 45 else 0.55
    )
    found = changed(log_of(rows, DRAWN))
    assert [each.stage for each in found] == [1]
    assert found[0].share < found[0].old_share


def test_what_customers_skip_is_found() -> None:
    rows = [row for row in a_shop(8) if row[2] != "s2" or row[0] % 2]
    found = [each for each in deviations(log_of(rows, DRAWN)) if isinstance(each, Skipped)]
    assert [each.stage for each in found] == [2]
    assert found[0].customers / found[0].of == pytest.approx(0.5, abs=0.1)


def test_where_customers_go_back_is_found() -> None:
    rows = a_shop(9)
    rows += [(c, day + 0.5, "s0", "web") for c, day, name, _channel in rows if name == "s1" and c % 2]
    found = [each for each in deviations(log_of(rows, DRAWN)) if isinstance(each, WentBack)]
    assert (1, 0) in {(each.stage, each.to) for each in found}


def test_another_order_is_found_and_not_told_twice() -> None:
    turned = [("s0", 0), ("s2", 1), ("s1", 2), ("s3", 3)]
    rows = a_shop(10, go_on=lambda _stage, _day: 0.8)
    found = deviations(log_of(rows, turned))
    assert [(each.stage, each.earlier) for each in found if isinstance(each, OtherOrder)] == [(2, 1)]


def test_a_silent_touchpoint_is_found_against_its_own_past() -> None:
    rows = a_shop(11)
    rows += [(c, day, "chat", "chat") for c, day, name, _channel in rows if name == "s1" and day < DAYS - 40]
    rows += [(c, 20.0 + c, "letter", "mail") for c in range(3)]
    log = log_of(rows, [*DRAWN, ("chat", 1), ("letter", 2)])
    assert [each.touchpoint for each in silent(log)] == [4]
    found = silent(log)[0]
    assert 38 <= found.days <= 45
    assert found.expected > 10


def test_a_touchpoint_that_is_busy_only_now_and_then_is_not_silent() -> None:
    rows = a_shop(12)
    rows += [
        (c, day, "newsletter", "email")
        for c, day, name, _channel in rows
        if name == "s0" and int(day) % 28 == 0 and day < DAYS - 18
    ]
    assert silent(log_of(rows, [*DRAWN, ("newsletter", 0)])) == []


def test_a_rule_that_no_event_ever_fits_is_told() -> None:
    found = silent(log_of(a_shop(13), [*DRAWN, ("Typo", 1)]))
    assert [(each.touchpoint, each.past_customers) for each in found] == [(4, 0)]


def test_a_log_that_has_ended_makes_nothing_silent() -> None:
    rows = [row for row in a_shop(14) if row[1] < DAYS - 100]
    assert silent(log_of(rows, DRAWN)) == []


def missing_in(extra: Any, seed: int = 15) -> list[Any]:
    rows = a_shop(seed)
    return missing(log_of([*rows, *extra(rows)], DRAWN))


def test_what_happens_off_the_map_is_placed_where_its_customers_are() -> None:
    found = missing_in(
        lambda rows: [(c, day + 0.01, "Size Guide", "web") for c, day, name, _ch in rows if name == "s1"]
    )
    assert [(each.names, each.stage) for each in found] == [(("Size Guide",), 1)]
    assert found[0].there == pytest.approx(found[0].customers, rel=0.1)
    assert found[0].all_channels


def test_parts_of_one_thing_are_one_proposal() -> None:
    found = missing_in(
        lambda rows: [
            (c, day + 0.01, name_of, "web")
            for c, day, name, _ch in rows
            if name == "s1"
            for name_of in ("Article Searched", "Article Viewed")
        ]
    )
    assert [set(each.names) for each in found] == [{"Article Searched", "Article Viewed"}]


def test_few_customers_are_no_touchpoint() -> None:
    assert missing_in(lambda _rows: [(c, DAYS - 5.0, "Rare", "web") for c in range(20)]) == []


def test_the_channel_of_a_drawn_name_that_is_off_the_map_is_named() -> None:
    rows = a_shop(16)
    log = log_of([*rows, *[(c, day, "s1", "phone") for c, day, name, _ch in rows if name == "s2"]], DRAWN)
    off = np.where(np.array(log.channels)[log.channel] == "phone", -1, log.touchpoint).astype(np.int32)
    stage = np.where(off < 0, -1, log.stage).astype(np.int32)
    found = missing(replace(log, touchpoint=off, stage=stage))
    assert [(each.names, each.channels, each.all_channels) for each in found] == [
        (("s1",), ("phone",), False)
    ]


def test_an_empty_log_and_an_empty_drawing_say_nothing() -> None:
    nothing = log_of([], DRAWN)
    undrawn = log_of(a_shop(17, customers=200), [])
    for log in (nothing, undrawn):
        assert (changed(log), deviations(log), missing(log)) == ([], [], [])


def by_region(rows: Rows, region_of: Callable[[int], int]) -> Callable[[str], Any]:
    """The region of each event's customer, as a column of the log."""
    customers = np.array([row[0] for row in sorted(rows, key=lambda row: (row[0], row[1]))])
    codes = np.array([region_of(customer) for customer in customers.tolist()], dtype=np.int32)
    return lambda _field: (codes, ("here", "there", "elsewhere"))


def a_shop_with_a_region() -> Rows:
    """One customer in ten is from “there”, and hardly any of these goes on from the second stage."""
    rows = a_shop(12, customers=6_000, go_on=lambda _stage, _day: 0.7)
    return [row for row in rows if row[0] % 10 or row[2] in {"s0", "s1"} or row[0] % 50 == 0]


def test_a_region_that_fares_worse_is_found_where_it_does() -> None:
    rows = a_shop_with_a_region()
    column = by_region(rows, lambda customer: 0 if customer % 10 else 1)
    found = apart(log_of(rows, DRAWN), ["properties.region", "properties.island"], column)
    assert [(each.stage, each.field, each.value) for each in found] == [(1, "properties.region", "there")]
    assert found[0].share < found[0].other_share / 2
    assert found[0].also == (("properties.island", "there"),)


def test_regions_dealt_out_by_chance_hardly_ever_differ() -> None:
    rows, spoke = a_shop_with_a_region(), 0
    log = log_of(rows, DRAWN)
    for seed in range(SEEDS):
        dealt = np.random.default_rng(seed).integers(0, 3, 6_001).tolist()
        spoke += bool(apart(log, ["properties.region"], by_region(rows, dealt.__getitem__)))
    assert spoke <= 2


def test_the_beginning_of_a_call_is_on_the_map_with_its_rest() -> None:
    rows: Rows = [(c, c % DAYS + 0.001 * part, name, "phone") for c in range(900)
                  for part, name in enumerate(("Call Started", "Call Ended"))]  # fmt: skip
    drawn = [*DRAWN, ("Call Ended", 1)]
    assert missing(log_of(rows, drawn)) == []
    alone = [row for row in rows if row[2] == "Call Started" or row[0] % 9 == 0]
    assert [each.names for each in missing(log_of(alone, drawn))] == [("Call Started",)]


def test_whoever_buys_again_after_the_last_stage_does_not_go_back() -> None:
    rows = a_shop(13, go_on=lambda _stage, _day: 0.8)
    rows += [(c, day + 0.5, "s2", "web") for c, day, name, _channel in rows if name == "s3"]
    assert not [each for each in deviations(log_of(rows, DRAWN)) if isinstance(each, WentBack)]


def for_a_while(log_rows: Rows) -> Rows:
    """For two weeks hardly anybody from “there”, one customer in four, goes on from the second stage."""
    lost = {c for c, day, name, _ch in log_rows if name == "s1" and c % 4 == 0 and 200 < day <= 214}
    return [row for row in log_rows if row[0] not in lost or row[2] in {"s0", "s1"} or row[0] % 20 == 0]


def test_a_group_that_fared_worse_for_two_weeks_is_found_with_its_time() -> None:
    rows = for_a_while(a_shop(21, customers=14_000, go_on=lambda _stage, _day: 0.7))
    column = by_region(rows, lambda customer: 0 if customer % 4 else 1)
    log = log_of(rows, DRAWN)
    (found,) = episodes(log, ["properties.region"], column)
    assert (found.stage, found.value) == (1, "there")
    assert 196 <= found.begin / DAY <= 204
    assert found.share < found.usual_share / 1.5
    assert apart(log, ["properties.region"], column) == []


def test_a_group_that_always_fares_worse_is_no_episode() -> None:
    rows = a_shop_with_a_region()
    column = by_region(rows, lambda customer: 0 if customer % 10 else 1)
    assert episodes(log_of(rows, DRAWN), ["properties.region"], column) == []


def test_a_bad_fortnight_of_everybody_is_no_episode_of_a_group() -> None:
    def go_on(_stage: int, day: float) -> float:
        return 0.2 if 200 < day <= 214 else 0.7

    rows = a_shop(22, customers=14_000, go_on=go_on)
    column = by_region(rows, lambda customer: 0 if customer % 4 else 1)
    assert episodes(log_of(rows, DRAWN), ["properties.region"], column) == []


def test_regions_dealt_out_by_chance_hardly_ever_have_an_episode() -> None:
    rows, spoke = for_a_while(a_shop(23, customers=6_000, go_on=lambda _stage, _day: 0.7)), 0
    log = log_of(rows, DRAWN)
    for seed in range(SEEDS // 3):
        dealt = np.random.default_rng(seed).integers(0, 3, 6_001).tolist()
        spoke += bool(episodes(log, ["properties.region"], by_region(rows, dealt.__getitem__)))
    assert spoke <= 3


def callers(back: Callable[[int], bool], customers: int = 600) -> Rows:
    calls: Rows = [(c, 100 + c / 4, "Call Ended", "phone") for c in range(customers)]
    return [
        *calls,
        *[(c, day + 1, name, ch) for c, day, name, ch in calls if back(c)],
        (customers, 300.0, "s0", "web"),
    ]


def test_callers_who_have_to_call_again_are_found_whatever_stage_they_are_in() -> None:
    rows = callers(lambda c: c % 8 == 0 or c % 17 == 1)
    column = by_region(rows, lambda customer: 1 if customer % 4 == 0 else 0)
    (found,) = again(log_of(rows, [*DRAWN, ("Call Ended", 2)]), ["properties.menu"], column)
    assert (found.stage, found.name, found.value) == (2, "Call Ended", "there")
    assert found.share > 4 * found.other_share


def test_menus_dealt_out_by_chance_hardly_ever_make_callers_call_again() -> None:
    rows, spoke = callers(lambda c: c % 8 == 0), 0
    log = log_of(rows, [*DRAWN, ("Call Ended", 2)])
    for seed in range(SEEDS):
        dealt = np.random.default_rng(seed).integers(0, 3, 601).tolist()
        spoke += bool(again(log, ["properties.menu"], by_region(rows, dealt.__getitem__)))
    assert spoke <= 2


def buyers(sent_back: Callable[[int, int], bool], dealt: Callable[[int], int]) -> tuple[Rows, Any]:
    """Two in three read an article before they buy: the guide, or another one."""
    rows: Rows = [(1_800, 300.0, "s0", "web")]
    for customer in range(1_800):
        day = 60 + customer / 10
        article = customer % 3
        rows += [(customer, day, "Article Viewed", "help")] if article else []
        rows.append((customer, day + 2, "Order Completed", "web"))
        rows += [(customer, day + 9, "Order Refunded", "web")] if sent_back(customer, article) else []
    rows.sort(key=lambda row: (row[0], row[1]))
    codes = np.array([dealt(c) if name == "Article Viewed" else -1 for c, _day, name, _ch in rows], np.int32)
    return rows, lambda _field: (codes, ("none", "guide", "other"))


BOUGHT = [*DRAWN, ("Article Viewed", 1), ("Order Completed", 2), ("Order Refunded", 3)]


def test_what_keeps_orders_from_coming_back_is_found_where_it_is_met() -> None:
    rows, column = buyers(lambda c, article: c // 3 % (20 if article == 1 else 5) == 0, lambda c: c % 3)
    (found,) = endings(log_of(rows, BOUGHT), ["properties.article"], column)
    assert (found.stage, found.value, found.outcome) == (1, "guide", "Order Refunded")
    assert found.share < found.other_share / 2


def test_readers_who_send_less_back_whatever_they_read_are_another_sort_of_buyers() -> None:
    rows, column = buyers(lambda c, article: c // 3 % (20 if article else 4) == 0, lambda c: c % 3)
    assert endings(log_of(rows, BOUGHT), ["properties.article"], column) == []


def at(back: list[bool], customer: int, _article: int) -> bool:
    return back[customer]


def test_articles_dealt_out_by_chance_hardly_ever_change_what_comes_back() -> None:
    spoke = 0
    for seed in range(SEEDS):
        random = np.random.default_rng(seed)
        dealt, back = random.integers(1, 3, 1_800).tolist(), (random.random(1_800) < 0.2).tolist()
        column: Any
        rows, column = buyers(partial(at, back), dealt.__getitem__)
        spoke += bool(endings(log_of(rows, BOUGHT), ["properties.article"], column))
    assert spoke <= 2


def test_differences_that_stay_as_they_are_rarely_grow() -> None:
    random = np.random.default_rng(6)
    drawn = zip(
        *(random.binomial(n, p, 2_000) for n, p in ((80, 0.5), (200, 0.7), (90, 0.5), (210, 0.7))),
        strict=True,
    )
    spoke = [
        differ_more((int(a), 80), (int(b), 200), (int(c), 90), (int(d), 210)) <= 0.05 for a, b, c, d in drawn
    ]
    assert np.mean(spoke) <= 0.065
