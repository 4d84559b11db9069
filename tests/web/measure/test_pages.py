"""What the pages of conformance, visits, losses and changes show, and where their numbers lead."""

import re
from collections.abc import Callable
from html import unescape

import pytest
from django.test import Client

from parcours.canvas.shapes import Board
from tests.insights.happened import Happened, Store
from tests.web.test_insights import words
from tests.web.test_measure import shown

pytest_plugins = ["tests.insights.shop"]

NUMBER = re.compile(r'<a href="(/measure/customers/\?[^"]*)">([\d,]+)[^<]*</a>')


@pytest.fixture(autouse=True)
def shop(store: Store) -> None:
    """Forty look and choose; those in the app order without choosing, ten turn back."""
    events = []
    for number in range(40):
        who, app = f"p{number}", number % 4 == 0
        events.append(Happened(who, "View", 20, "app" if app else "web"))
        if not app:
            events.append(Happened(who, "Cart", 19))
        if app or number % 2:
            events.append(Happened(who, "Order", 18))
        if number % 4 == 1:
            events.append(Happened(who, "Cart", 17))
        events.append(Happened(f"old {number}", "View", 45))
    store(events)


def test_the_deviations_are_sentences(as_bob: Client, drawn: Board) -> None:
    page = shown(as_bob, "/measure/conformance/", of=drawn.journey.id, period="30d")
    assert "20 customers of 40 follow the journey as it is drawn ( 50 % )" in page
    assert "10 go past “Consideration” without it 25 %" in page
    assert "10 go back to “Consideration” after “Decision”" in page


def test_a_brand_without_journeys_is_told_to_draw_one(as_bob: Client) -> None:
    assert "No journey to compare with" in shown(as_bob, "/measure/conformance/")


def test_visits_are_told_by_channel_and_size(as_bob: Client) -> None:
    page = shown(as_bob, "/measure/sessions/", gap="1h")
    assert "App 10 6.7 % 10 0 s 1.0" in page[page.index("By the channel they begin on") :]
    assert "are of a single event" in page


@pytest.mark.parametrize(
    "page",
    ["conformance/", "sessions/", "funnel/", "paths/", "compare/?period=30d", "reasons/"],
)
def test_every_number_opens_as_many_customers_as_it_says(as_bob: Client, drawn: Board, page: str) -> None:
    address, _mark, query = page.partition("?")
    asking = f"of={drawn.journey.id}&{query or 'period=all'}"
    html = as_bob.get(f"/measure/{address}?{asking}").content.decode()
    found = {(unescape(link), number.replace(",", "")) for link, number in NUMBER.findall(html)}
    shares = page.startswith("compare")
    assert found
    for link, number in found:
        behind = words(as_bob.get(link).content.decode())
        said = re.search(r"(\d+) customers?, (?:those|who was)", behind)
        assert said
        if not shares:
            assert said[1] == number, link


def test_those_of_whom_nothing_is_known_open_as_a_group_of_their_own(
    as_bob: Client, born: Callable[[dict[str, int]], None]
) -> None:
    born({f"p{number}": 1950 for number in range(6)})
    words_of_it = {"of": "events", "step": ["View", "Order"], "by": "generation", "period": "30d"}
    html = as_bob.get("/measure/funnel/", words_of_it).content.decode()
    unknown = [(unescape(link), number) for link, number in NUMBER.findall(html) if number == "34"]
    assert unknown
    for link, number in unknown:
        assert f"{number} customers, those seen last first" in words(as_bob.get(link).content.decode())


@pytest.mark.parametrize("page", ["funnel/", "paths/", "transitions/", "conformance/"])
def test_stages_have_their_names_in_files_too(as_bob: Client, drawn: Board, page: str) -> None:
    about = {"of": str(drawn.journey.id), "period": "30d", "as": "csv"}
    rows = as_bob.get(f"/measure/{page}", about).content.decode()
    assert "Consideration" in rows
    assert not any(str(stage.id) in rows for stage in drawn.stages)


def test_the_ways_of_the_customers_behind_a_number_open_too(as_bob: Client, drawn: Board) -> None:
    about = {"of": str(drawn.journey.id), "period": "30d"}
    query = {"who": "doing", "activity": str(drawn.stages[2].id), **about}
    html = as_bob.get("/measure/customers/", query).content.decode()
    assert "The ways these customers take" in html
    link = re.search(r'<a href="(\?[^"]*along=[^"]*)">(\d+)</a>', html)
    assert link
    narrowed = as_bob.get("/measure/customers/" + unescape(link[1])).content.decode()
    assert f"{link[2]} customers, those seen last first" in narrowed
    assert "Only those who took the path" in narrowed


def test_changes_open_the_customers_of_both_times(as_bob: Client) -> None:
    html = as_bob.get("/measure/compare/", {"period": "30d"}).content.decode()
    links = [
        unescape(link) for link in re.findall(r'<a href="(/measure/customers/[^"]*activity=Cart[^"]*)"', html)
    ]
    assert len(links) == 2
    assert "period=30d" in links[0]
    assert "from=" in links[1]
    assert "period=" not in links[1]
    assert "30 customers" in as_bob.get(links[0]).content.decode()
    assert "Nobody, in this period" in as_bob.get(links[1]).content.decode()
