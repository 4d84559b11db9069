"""A year at Foulée: large enough, the same every time, and shaped like a shop's."""

from collections import Counter
from datetime import date, timedelta

import numpy as np
import pytest

from parcours.demo.log import Log
from parcours.demo.population import LATE_REGION
from parcours.demo.rhythm import CLOSES, DAY, DAYS, HOUR, OPENS, Calendar
from parcours.demo.simulation import Simulation, simulate

TODAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def told() -> Simulation:
    return simulate(TODAY)


def customers_with(log: Log, *names: str) -> set[int]:
    return set(log.customer[np.isin(log.name.astype(str), names)].tolist())


def test_a_year_holds_more_than_a_hundred_thousand_events(told: Simulation) -> None:
    assert 150_000 < len(told.log) < 250_000
    assert 12_000 < len(np.unique(told.log.customer)) < 25_000


def test_the_same_day_tells_the_same_year_and_another_seed_another_one() -> None:
    one, again, other = (simulate(TODAY, seed=seed, customers=2_000) for seed in (7, 7, 8))
    assert np.array_equal(one.log.time, again.log.time)
    assert one.log.name.tolist() == again.log.name.tolist()
    assert one.log.column("text").tolist() == again.log.column("text").tolist()
    assert one.people.first_name.tolist() == again.people.first_name.tolist()
    assert one.log.time.tolist() != other.log.time.tolist()


def test_the_year_ends_with_yesterday_and_nothing_lies_in_the_future(told: Simulation) -> None:
    log, calendar = told.log, told.calendar
    assert log.time.min() >= calendar.start
    assert log.time.max() < calendar.end
    assert log.time.max() > calendar.end - DAY
    assert round((calendar.end - calendar.start) / DAY) == DAYS
    assert (np.diff(log.time) >= 0).all()


def test_every_customer_belongs_to_one_of_five_generations(told: Simulation) -> None:
    counts = np.bincount(told.people.generation, minlength=5)
    assert (counts > 200).all()
    assert told.people.birth_year.min() > 1930
    assert told.people.birth_year.max() <= 2008
    assert set(told.people.language) == {"fr", "en"}
    assert {"FR", "BE", "CH"} == set(told.people.country)


def test_older_customers_call_and_younger_ones_write_on_instagram(told: Simulation) -> None:
    log = told.log
    generation = told.people.generation[log.customer]
    calls = Counter(generation[log.name == "Call Started"].tolist())
    posts = Counter(generation[(log.name == "Conversation Started") & (log.channel == "instagram")].tolist())
    assert calls[1] > 3 * calls[4]
    assert posts[4] > 10 * posts[1]


def test_people_answer_only_while_the_service_is_open(told: Simulation) -> None:
    log = told.log
    by_agents = (log.name == "Message Sent") | (log.name == "Call Started")
    weekday, seconds = told.calendar.local(log.time[by_agents])
    assert 6 not in weekday
    assert seconds.min() >= OPENS
    assert seconds.max() < CLOSES + 60


def test_evenings_sundays_and_black_friday_are_busy(told: Simulation) -> None:
    visits = told.log.time[told.log.name == "Page Viewed"]
    weekday, seconds = told.calendar.local(visits)
    hours = np.bincount(seconds // HOUR, minlength=24)
    assert hours[21] > 5 * hours[4]
    days = np.bincount(weekday, minlength=7)
    assert days.argmax() == 6
    friday = np.datetime64("2025-11-28T00:00", "s").astype(np.int64)
    assert ((visits >= friday) & (visits < friday + DAY)).sum() > 1.6 * len(visits) / DAYS


def test_nearly_half_of_the_abandoned_carts_are_left_at_the_payment(told: Simulation) -> None:
    log = told.log
    ids = log.column("cart_id").astype(str)
    filled, ordered = set(ids[log.name == "Product Added"]), set(ids[log.name == "Order Completed"])
    paying = set(ids[(log.name == "Checkout Step Viewed") & (log.column("step") == 4)])
    lost = filled - ordered
    assert 0.5 < len(ordered) / len(filled) < 0.6
    assert 0.42 < len(lost & paying) / len(lost) < 0.50


def test_each_stage_loses_more_than_half_of_its_customers(told: Simulation) -> None:
    log = told.log
    first = customers_with(log, "Page Viewed")
    compared, carts = customers_with(log, "Product Viewed"), customers_with(log, "Product Added")
    assert 0.35 < len(first & compared) / len(first) < 0.55
    assert 0.35 < len(compared & carts) / len(compared) < 0.6


def test_shoes_are_replaced_after_two_to_nine_months(told: Simulation) -> None:
    log = told.log
    delivered = log.name == "Order Delivered"
    first = dict(zip(log.customer[delivered][::-1].tolist(), log.time[delivered][::-1].tolist(), strict=True))
    ordered = (log.name == "Order Completed") & (log.column("order_rank") == 2)
    waits = [
        (time - first[customer]) / DAY
        for customer, time in zip(log.customer[ordered].tolist(), log.time[ordered].tolist(), strict=True)
        if customer in first and first[customer] < time
    ]
    assert len(waits) > 100
    assert min(waits) > 40
    assert 60 < float(np.median(waits)) < 200


def test_orders_come_after_their_cart_and_parcels_after_their_order(told: Simulation) -> None:
    log = told.log
    ids = log.column("cart_id").astype(str)
    added = dict(zip(ids[log.name == "Product Added"], log.time[log.name == "Product Added"], strict=True))
    bought = log.name == "Order Completed"
    assert all(
        added[cart] < time for cart, time in zip(ids[bought], log.time[bought], strict=True) if cart in added
    )
    clicks = (log.name == "Email Clicked") & (log.column("playbook") == "Abandoned cart")
    sent = (log.name == "Email Sent") & (log.column("playbook") == "Abandoned cart")
    sent_at = dict(zip(ids[sent], log.time[sent], strict=True))
    assert all(sent_at[cart] < time for cart, time in zip(ids[clicks], log.time[clicks], strict=True))
    waits = log.time[sent] - np.array([added[cart] for cart in ids[sent]])
    assert waits.max() < 3.5 * HOUR


def test_parcels_to_la_reunion_take_longer(told: Simulation) -> None:
    log = told.log
    delivered = log.name == "Order Delivered"
    days, region = log.column("days")[delivered], told.people.region[log.customer[delivered]]
    assert (
        np.median(days[region == LATE_REGION].astype(int))
        > np.median(days[region != LATE_REGION].astype(int)) + 3
    )


@pytest.mark.parametrize("today", [TODAY + timedelta(days=day) for day in range(8)])
def test_mark_has_a_long_story_whose_calls_fall_into_opening_hours(today: date) -> None:
    told = simulate(today, customers=200)
    log, mark = told.log, len(told.people) - 1
    assert told.people.first_name[mark] == "Mark"
    mine = log.customer == mark
    names = log.name[mine].tolist()
    assert len(names) > 60
    assert names[0] == "Promotion Clicked"
    assert names.count("Order Completed") == 2
    assert told.calendar.end - log.time[mine].max() < 14 * DAY
    assert log.column("outcome")[mine & (log.name == "Call Ended")].tolist() == [
        "answered",
        "cut off",
        "cut off",
    ]
    assert told.calendar.is_open(log.time[mine & (log.name == "Call Started")]).all()


def test_a_calendar_knows_when_the_clocks_change() -> None:
    calendar = Calendar.until(TODAY)
    summer = np.array([np.datetime64("2026-07-01T10:00", "s").astype(np.int64)])
    winter = np.array([np.datetime64("2026-01-07T10:00", "s").astype(np.int64)])
    assert [int(value[0]) for value in calendar.local(summer)] == [2, 12 * HOUR]
    assert [int(value[0]) for value in calendar.local(winter)] == [2, 11 * HOUR]
    night = np.array([np.datetime64("2026-07-04T20:00", "s").astype(np.int64)])  # Saturday, 22 h in Paris
    weekday, seconds = calendar.local(calendar.next_open(night))
    assert int(weekday[0]) == 0
    assert OPENS <= int(seconds[0]) < OPENS + HOUR
