"""The first page of Measure answers every question in a sentence."""

import re

import pytest
from django.test import Client

from parcours.canvas.shapes import Board
from parcours.measures import kept
from parcours.web.measure import waiting
from parcours.web.measure.cards import MAKERS
from tests.insights.happened import Happened, Store
from tests.web.test_measure import shown

pytest_plugins = ["tests.insights.shop"]


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    kept.forget()


@pytest.fixture
def buyers(store: Store) -> None:
    """Sixty start to pay, those in the app never come further; twenty of the others buy twice."""
    events = []
    for number in range(60):
        who, channel = f"p{number}", "app" if number % 3 == 0 else "web"
        events.append(Happened(who, "View", 60, channel))
        events.append(Happened(who, "Checkout Started", 50, channel))
        if channel == "web":
            events.append(Happened(who, "Order Completed", 49))
            if number % 3 == 1:
                events.append(Happened(who, "Order Completed", 39))
    store(events)


@pytest.mark.usefixtures("buyers")
def test_each_card_says_what_stands_out(as_bob: Client, drawn: Board) -> None:
    page = shown(as_bob, "/measure/", of=drawn.journey.id)
    assert "Where customers are lost, and why 33 % of 60 are lost" in page
    assert "they came through the channel “app”: 100 % are lost there, 0 % elsewhere" in page
    assert "50 % of 40 buyers order again within 30 days" in page
    assert "100 % of 60 customers go as drawn" in page
    assert "60 customers take the most frequent way" in page
    assert "visits a day" in page


def test_a_shop_without_anything_usual_is_told_what_to_choose(
    as_bob: Client, store: Store, drawn: Board
) -> None:
    store([Happened(f"p{number}", "Rain", 5) for number in range(9)])
    page = shown(as_bob, "/measure/", of="events")
    assert "Choose two steps, and see what sets the lost apart." in page
    assert "Choose what counts as a conversion" in page
    page = shown(as_bob, "/measure/", of=drawn.journey.id)
    assert "Too few customers in this period to tell." in page


@pytest.mark.usefixtures("buyers")
def test_answers_that_are_not_kept_come_one_by_one_after_the_page(
    as_bob: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "EVENTS_AT_ONCE", 0)
    page = as_bob.get("/measure/").content.decode()
    asked = re.findall(r'hx-get="(/measure/cards/(\w+)/\?[^"]*)"', page)
    assert {key for _address, key in asked} == set(MAKERS) - {"conformance"}
    for address, _key in asked:
        assert "<h2>" in as_bob.get(address.replace("&amp;", "&")).content.decode()
    assert 'hx-get="/measure/cards' not in as_bob.get("/measure/").content.decode()


@pytest.mark.usefixtures("buyers")
def test_a_page_whose_answer_takes_a_while_comes_first_and_fetches_it(
    as_bob: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "EVENTS_AT_ONCE", 0)
    asking = {"at": "Checkout Started", "goal": "Order Completed"}
    first = as_bob.get("/measure/reasons/", asking).content.decode()
    assert "The answer is kept for the next time." in first
    assert "What sets the lost apart" not in first
    address = re.search(r'hx-get="(\?[^"]*now=yes[^"]*)"', first)
    assert address
    assert (
        "What sets the lost apart"
        in as_bob.get("/measure/reasons/" + address[1].replace("&amp;", "&")).content.decode()
    )
    assert "What sets the lost apart" in as_bob.get("/measure/reasons/", asking).content.decode()


@pytest.mark.usefixtures("buyers")
def test_there_is_no_card_for_a_question_that_nobody_asks(as_bob: Client) -> None:
    assert as_bob.get("/measure/cards/weather/").status_code == 404
