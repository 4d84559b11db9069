"""The canvas over a lake: numbers in the stage heads, and touchpoints chosen from what really happened."""

import re
from typing import Any

import pytest
from django.test import Client

from parcours.canvas import writes
from parcours.canvas.reads import board
from parcours.canvas.shapes import Board
from tests.insights.happened import Happened, Store

pytest_plugins = ["tests.insights.shop"]

QUERIES = 22
FEWER = 10
"""Queries that new numbers alone don’t ask: those about cards."""
PEOPLE = [f"customer {n}" for n in range(8)]


def shop(days_ago: float) -> list[Happened]:
    """Eight look, six of them put something into the cart, and one asks for help."""
    looks = [Happened(who, "View", days_ago) for who in PEOPLE]
    carts = [Happened(who, "Cart", days_ago - 1, country="BE") for who in PEOPLE[:6]]
    return [*looks, *carts, Happened(PEOPLE[7], "Help", days_ago - 2, "phone")]


def text(client: Client, path: str) -> str:
    page = client.get(path).content.decode()
    return " ".join(re.sub(r"<[^>]+>", " ", page[page.index("<main") :]).split())


def test_each_stage_says_how_many_reached_it_and_went_on(as_bob: Client, drawn: Board, store: Store) -> None:
    store(shop(10))
    page = as_bob.get(f"/map/{drawn.journey.id}/").content.decode()
    assert f"/map/{drawn.journey.id}/stages/{drawn.stages[0].id}/paths/" in page
    shown = text(as_bob, f"/map/{drawn.journey.id}/")
    assert "6 of 8 customers had" in shown


def test_a_log_that_ended_long_ago_is_shown_whole(as_bob: Client, drawn: Board, store: Store) -> None:
    store(shop(1_000))
    address = f"/map/{drawn.journey.id}/"
    assert "6 of 8 customers had" in text(as_bob, address)
    assert "6 of 8 customers had" not in text(as_bob, f"{address}?period=90d")


def test_a_log_that_goes_on_is_shown_for_the_last_90_days(as_bob: Client, drawn: Board, store: Store) -> None:
    store([*shop(10), *(Happened(f"old {n}", "View", 400) for n in range(5))])
    assert "6 of 8 customers had" in text(as_bob, f"/map/{drawn.journey.id}/")
    assert "6 of 13 customers had" in text(as_bob, f"/map/{drawn.journey.id}/?period=all")


def test_numbers_cost_no_query_a_card_or_touchpoint(
    as_bob: Client, drawn: Board, store: Store, system: Any, django_assert_num_queries: Any
) -> None:
    store(shop(10))
    address = f"/map/{drawn.journey.id}/"
    as_bob.get(address)
    with django_assert_num_queries(QUERIES):
        as_bob.get(address)
    for n in range(20):
        stage, lane = drawn.stages[n % 5], drawn.lanes[n % 3]
        writes.add_card(
            drawn.journey.id, stage_id=stage.id, lane_id=lane.id, title=f"{n}", acting_user=system
        )
        rule = {"all": [{"field": "name", "op": "is", "value": [f"Event {n}"]}]}
        writes.add_touchpoint(drawn.journey.id, stage_id=stage.id, name=f"{n}", rule=rule, acting_user=system)
    as_bob.get(address)
    with django_assert_num_queries(QUERIES):
        as_bob.get(address)


def test_the_editor_counts_what_a_rule_means_while_it_is_written(
    as_alice: Client, drawn: Board, store: Store
) -> None:
    store(shop(10))
    sent = {"field": ["name", "properties.country"], "op": ["is", "is"], "value": ["Cart, Help", "BE"]}
    answer = as_alice.post(f"/map/{drawn.journey.id}/touchpoints/count/", sent)
    matched = answer.context["matched"]
    assert (matched.events, matched.customers, matched.names) == (6, 6, (("Cart", 6),))


def test_the_editor_says_what_is_wrong_with_a_rule(as_alice: Client, drawn: Board) -> None:
    answer = as_alice.post(
        f"/map/{drawn.journey.id}/touchpoints/count/",
        {"field": "properties.total", "op": "gte", "value": "much"},
    )
    assert "“much” is not a number." in answer.content.decode()


def test_touchpoints_come_with_their_numbers_and_what_fits_no_rule(
    as_alice: Client, drawn: Board, store: Store
) -> None:
    store(shop(10))
    shown = text(as_alice, f"/map/{drawn.journey.id}/touchpoints/")
    assert "1 event (6.7 %) fits no rule" in shown.replace("\N{NARROW NO-BREAK SPACE}", " ")


def test_before_the_first_event_the_catalogue_offers_names(as_alice: Client, drawn: Board) -> None:
    form = as_alice.get(f"/map/{drawn.journey.id}/touchpoints/new/").content.decode()
    for word in ("Order Completed", "properties.total"):
        assert f'<option value="{word}">' in form


def test_a_rule_is_written_from_the_names_channels_and_properties_there_are(
    as_alice: Client, drawn: Board, store: Store
) -> None:
    store(shop(10))
    form = as_alice.get(f"/map/{drawn.journey.id}/touchpoints/new/").content.decode()
    for word in ("View", "Help", "phone", "properties.country"):
        assert f'<option value="{word}">' in form


@pytest.mark.parametrize("query", ["segment=nobody", "from=2026-02-01&to=2026-01-01"])
def test_filters_that_are_none_are_refused(as_bob: Client, drawn: Board, query: str) -> None:
    assert as_bob.get(f"/map/{drawn.journey.id}/?{query}").status_code in {404, 422}


def test_a_card_says_how_many_went_the_journey_that_it_opens(
    as_alice: Client, drawn: Board, store: Store, system: Any
) -> None:
    store(shop(10))
    above = writes.create_journey("Above", acting_user=system)
    place = board(above.brand_id, above.id)
    card = writes.add_card(
        above.id,
        stage_id=place.stages[0].id,
        lane_id=place.lanes[0].id,
        title="How they buy",
        leads_to=drawn.journey.id,
        acting_user=system,
    )
    shown = text(as_alice, f"/map/{above.id}/")
    assert "8 customers, 0 % to “Decision”" in shown
    fragment = as_alice.get(f"/map/{above.id}/cards/{card.id}/", headers={"HX-Request": "true"})
    assert b"8 customers" in fragment.content


def test_an_open_map_fetches_its_numbers_without_its_cards(
    as_bob: Client, drawn: Board, store: Store, system: Any, django_assert_num_queries: Any
) -> None:
    store(shop(10))
    address = f"/map/{drawn.journey.id}/"
    writes.add_card(
        drawn.journey.id,
        stage_id=drawn.stages[0].id,
        lane_id=drawn.lanes[0].id,
        title="Which shoes?",
        acting_user=system,
    )
    whole = as_bob.get(address).content.decode()
    with django_assert_num_queries(QUERIES - FEWER):
        part = as_bob.get(f"{address}?part=numbers").content.decode()
    assert "Which shoes?" in whole
    assert "Which shoes?" not in part
    head = re.compile(r"<thead.*?</thead>", re.DOTALL)
    (there,), (fresh,) = head.findall(whole), head.findall(part)
    assert " ".join(there.split()) == " ".join(fresh.split())
    assert "touchpoint-row" in part
    assert len(part) < len(whole) / 2
