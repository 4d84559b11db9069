"""The pages of Measure ask the engine what their address says."""

from urllib.parse import urlencode

import pytest
from django.test import Client

from parcours.canvas.shapes import Board
from tests.insights.happened import Happened, Store
from tests.web.test_insights import words

pytest_plugins = ["tests.insights.shop"]


def shown(client: Client, address: str, **query: object) -> str:
    answer = client.get(f"{address}?{urlencode(query, doseq=True)}")
    assert answer.status_code == 200
    return words(answer.content.decode())


@pytest.fixture
def shop(store: Store) -> None:
    store(
        [
            Happened("ann", "View", 10),
            Happened("ann", "Cart", 9),
            Happened("ann", "Order", 5),
            *[Happened(f"visitor {number}", "View", 8, "app") for number in range(5)],
            Happened("visitor 0", "Cart", 7),
        ]
    )


@pytest.mark.usefixtures("shop")
def test_a_funnel_of_events_counts_each_step(as_bob: Client) -> None:
    page = shown(as_bob, "/measure/", step=["View", "Cart", "Order"])
    assert "View 6 100 % 4" in page
    assert "Cart 2 33 % 33 % 1 d 1" in page
    assert "Order 1 17 % 50 % 4 d" in page


@pytest.mark.usefixtures("shop")
def test_a_funnel_keeps_to_its_window(as_bob: Client) -> None:
    page = shown(as_bob, "/measure/", step=["View", "Cart", "Order"], within="2d")
    assert "Order 0 0 %" in page


@pytest.mark.usefixtures("shop")
def test_a_funnel_tells_groups_apart_and_the_largest_comes_first(as_bob: Client) -> None:
    page = shown(as_bob, "/measure/", step=["View", "Cart"], by="channel")
    assert page.index("app 5 customers at the first step") < page.index("web 1 customer at the first step")
    assert "too few" in page[page.index("web 1 customer") :]


@pytest.mark.usefixtures("shop")
def test_a_journeys_stages_are_its_funnel_unless_steps_are_chosen(as_bob: Client, drawn: Board) -> None:
    page = shown(as_bob, "/measure/", of=drawn.journey.id)
    assert "Awareness 6 100 % 4 What they did, and why Consideration 2" in page[page.index("All these customers") :]


@pytest.mark.usefixtures("shop")
def test_whole_paths_are_listed_with_their_share(as_bob: Client) -> None:
    page = shown(as_bob, "/measure/paths/", of="events")
    assert "6 customers" in page
    assert "View 4 67 %" in page
    assert "View Cart Order 1 17 %" in page


@pytest.mark.usefixtures("shop")
def test_events_in_a_row_in_one_stage_are_one_stay(as_bob: Client, drawn: Board, store: Store) -> None:
    store([Happened("ann", "View", 9.5), Happened("ann", "Help", 9.4), Happened("ann", "View", 9.3)])
    assert "Awareness Consideration Decision 1" in shown(as_bob, "/measure/paths/", of=drawn.journey.id)
    page = shown(as_bob, "/measure/transitions/", of=drawn.journey.id)
    assert "Awareness Consideration 2 100 %" in page


@pytest.mark.usefixtures("shop")
def test_what_follows_what_is_counted(as_bob: Client) -> None:
    page = shown(as_bob, "/measure/transitions/", of="events")
    assert "View Cart 2 100 % 1 d 1 d Cart Order 1 100 % 4 d 4 d" in page


@pytest.mark.parametrize("address", ["/measure/", "/measure/paths/", "/measure/transitions/"])
def test_without_events_the_page_says_what_to_do(as_bob: Client, address: str) -> None:
    assert "No events yet" in shown(as_bob, address)


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("step=Vieww", 422),
        ("step=View&within=soon", 422),
        ("step=View&by=shoe", 422),
        ("of=nothing", 404),
        ("period=x", 422),
    ],
)
@pytest.mark.usefixtures("shop")
def test_what_cannot_be_answered_is_said_plainly(as_bob: Client, query: str, status: int) -> None:
    assert as_bob.get(f"/measure/?{query}").status_code == status


@pytest.mark.usefixtures("shop")
def test_the_journeys_of_others_are_not_found(as_charlie: Client, drawn: Board) -> None:
    assert as_charlie.get(f"/measure/?of={drawn.journey.id}").status_code == 404
