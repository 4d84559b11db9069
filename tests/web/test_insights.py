"""The page behind a number says who, by which paths, and adds up with the canvas it came from."""

import csv
import re
from collections.abc import Sequence
from html import unescape
from io import StringIO

import pytest
from django.test import Client

from parcours.accounts.models import Brand
from parcours.canvas.shapes import Board
from parcours.core.periods import read_period
from parcours.insights.reads import canvas_numbers
from tests.insights.happened import Happened, Store

pytest_plugins = ["tests.insights.shop"]


def words(html: str) -> str:
    """The text of a page, spaces made one."""
    body = html[html.index("<main") : html.index("</main")]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def page(client: Client, drawn: Board, query: str = "", stage: int = 0) -> str:
    answer = client.get(f"/map/{drawn.journey.id}/stages/{drawn.stages[stage].id}/paths/?{query}")
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def shop(store: Store) -> Sequence[Happened]:
    events = [
        Happened("ann", "View", 10, "web"),
        Happened("ann", "Cart", 9),
        Happened("ben", "View", 10, "app"),
        Happened("ben", "Help", 7),
        Happened("cho", "View", 4, "web"),
        Happened("dan", "View", 6, "web"),
        Happened("dan", "Order", 5),
    ]
    store(events)
    return events


@pytest.mark.usefixtures("shop")
def test_the_title_says_the_number_in_a_sentence(as_bob: Client, drawn: Board) -> None:
    assert "4 customers reached Awareness" in words(page(as_bob, drawn))
    assert "1 customer went on from Awareness to Consideration" in words(page(as_bob, drawn, "outcome=next"))
    assert "3 customers reached Awareness and did not go on" in words(page(as_bob, drawn, "outcome=others"))
    into = f"outcome=ahead&into={drawn.stages[2].id}"
    assert "1 customer skipped ahead from Awareness to Decision" in words(page(as_bob, drawn, into))
    touchpoint = drawn.stages[0].touchpoints[0]
    shown = words(page(as_bob, drawn, f"touchpoint={touchpoint.id}"))
    assert "4 customers met “Page” in Awareness" in shown


@pytest.mark.usefixtures("shop")
def test_the_outcomes_add_up_to_the_canvas(as_bob: Client, brand: Brand, drawn: Board) -> None:
    numbers = canvas_numbers(brand, drawn, read_period({}, brand.time_zone))
    assert numbers is not None
    found = re.findall(r'outcome-number">(\d+)<', page(as_bob, drawn))
    everybody, *parts = [int(number) for number in found]
    assert everybody == numbers.stages[0].customers == sum(parts)


@pytest.mark.usefixtures("shop")
def test_every_choice_leads_to_as_many_customers_as_it_says(as_bob: Client, drawn: Board) -> None:
    html = page(as_bob, drawn)
    choices = re.findall(
        r'<a href="\?([^"]*)"[^>]*><span class="outcome-name">.*?outcome-number">(\d+)<', html
    )
    assert len(choices) == 5
    for query, number in choices:
        assert f"{number} customer" in words(page(as_bob, drawn, unescape(query)))


@pytest.mark.usefixtures("shop")
def test_paths_are_steps_with_their_customers(as_bob: Client, drawn: Board) -> None:
    shown = words(page(as_bob, drawn))
    assert "Page Cart 1" in shown
    assert "Page 2" in shown
    by_event = words(page(as_bob, drawn, "steps=events"))
    assert "View Help 1" in by_event


@pytest.mark.usefixtures("shop")
def test_what_they_did_next_and_their_channel_are_counted(as_bob: Client, drawn: Board) -> None:
    shown = words(page(as_bob, drawn))
    assert "First thing after the stage Event Customers Share Cart 1" in shown
    assert "nothing more 1" in shown
    assert "Last thing in the stage Event Customers Share View 4 100" in shown
    assert "Website 3 75" in shown


@pytest.mark.usefixtures("shop")
def test_a_path_can_be_chosen_to_see_its_customers_only(as_bob: Client, drawn: Board) -> None:
    html = page(as_bob, drawn)
    link = re.search(
        r'href="\?([^"#]*path=[0-9a-f]{16})#customers"[^>]*><ol class="steps">(?:(?!</ol>).)*Cart', html
    )
    assert link
    chosen = words(page(as_bob, drawn, unescape(link[1])))
    assert "1 customer, who entered last first on the path chosen above" in chosen
    assert "ann" in chosen
    assert " cho " not in chosen


@pytest.mark.usefixtures("shop")
def test_the_filters_hold(as_bob: Client, drawn: Board) -> None:
    assert "1 customer reached Awareness" in words(page(as_bob, drawn, "period=5d"))
    empty = words(page(as_bob, drawn, "from=2020-01-01&to=2020-02-01"))
    assert "0 customers reached Awareness" in empty
    assert "Nobody, in this period" in empty
    same = page(as_bob, drawn, "period=2020-01-01..2020-02-01")
    assert "from=2020-01-01&amp;to=2020-02-01" in same


def test_a_brand_without_events_sees_an_empty_page(as_bob: Client, drawn: Board) -> None:
    assert "0 customers reached Awareness" in words(page(as_bob, drawn))


@pytest.mark.usefixtures("shop")
def test_the_customers_can_be_taken_along_as_csv(as_bob: Client, drawn: Board) -> None:
    answer = as_bob.get(f"/map/{drawn.journey.id}/stages/{drawn.stages[0].id}/customers.csv?outcome=others")
    rows = list(csv.DictReader(StringIO(answer.getvalue().decode())))
    assert [row["user_id"] for row in rows] == ["cho", "dan", "ben"]
    assert [row["last_event"] for row in rows] == ["View", "Order", "Help"]
    assert rows[1]["seconds"] == "86400"


def test_a_spreadsheet_takes_nothing_in_the_csv_for_a_formula(
    as_bob: Client, drawn: Board, store: Store
) -> None:
    store([Happened("=1+1", "View", 3)])
    answer = as_bob.get(f"/map/{drawn.journey.id}/stages/{drawn.stages[0].id}/customers.csv")
    assert "'=1+1" in answer.getvalue().decode()


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("outcome=elsewhere", 422),
        ("period=soon", 422),
        ("segment=nobody", 404),
        ("touchpoint=x", 404),
        ("outcome=ahead&into=x", 404),
        ("path=xyz&page=-3", 200),
        ("page=99", 200),
    ],
)
@pytest.mark.usefixtures("shop")
def test_an_address_that_makes_no_sense_is_answered_plainly(
    as_bob: Client, drawn: Board, query: str, status: int
) -> None:
    answer = as_bob.get(f"/map/{drawn.journey.id}/stages/{drawn.stages[0].id}/paths/?{query}")
    assert answer.status_code == status


@pytest.mark.usefixtures("shop")
def test_outsiders_find_nothing(as_charlie: Client, drawn: Board) -> None:
    for address in ("paths/", "customers.csv"):
        assert (
            as_charlie.get(f"/map/{drawn.journey.id}/stages/{drawn.stages[0].id}/{address}").status_code
            == 404
        )


@pytest.mark.usefixtures("shop")
def test_the_canvas_shows_the_numbers_of_the_days_asked_for_and_keeps_them_chosen(
    as_bob: Client, drawn: Board
) -> None:
    html = as_bob.get(f"/map/{drawn.journey.id}/?from=2020-01-01&to=2020-02-01").content.decode()
    assert '<option value="2020-01-01..2020-02-01" selected>' in html
    assert "Nobody in this period" in html
    recent = as_bob.get(f"/map/{drawn.journey.id}/").content.decode()
    assert f"/stages/{drawn.stages[0].id}/paths/?period=90d" in recent
    assert "Nobody in this period" not in recent[: recent.index(str(drawn.stages[1].id))]


@pytest.mark.usefixtures("shop")
def test_a_journeys_tile_shows_the_customers_of_each_stage(as_bob: Client, drawn: Board) -> None:
    answer = as_bob.get(f"/map/{drawn.journey.id}/pulse/")
    shown = unescape(answer.content.decode())
    numbers = re.findall(r'class="mini-number">(\d+)<', shown)
    assert numbers[:2] == ["4", "1"]
    assert len(numbers) == len(drawn.stages)


def test_a_journeys_tile_without_events_shows_its_stages(as_bob: Client, drawn: Board) -> None:
    shown = unescape(as_bob.get(f"/map/{drawn.journey.id}/pulse/").content.decode())
    assert all(stage.name in shown for stage in drawn.stages)
