"""A first journey from the events there are, through the pages."""

import re

import pytest
from django.test import Client

from parcours.accounts.models import Brand
from parcours.canvas import reads
from parcours.canvas.proposals.drafts import drafts
from parcours.insights.drafting.running import make_draft
from tests.insights.happened import Happened, Store
from tests.insights.shop import store as store  # noqa: PLC0414 - a fixture of the shop, used here too

pytestmark = pytest.mark.django_db
WITHOUT_SCRIPT = {"Accept": "text/html"}


@pytest.fixture
def shop(store: Store) -> None:
    store(
        [
            Happened(f"u{number}", name, 20 - step)
            for number in range(50)
            for step, name in enumerate(("Page Viewed", "Product Viewed", "Product Added", "Order Completed"))
            if number % (step + 1) == 0
        ]
    )


def test_before_the_first_event_the_page_says_where_to_begin(as_alice: Client) -> None:
    page = as_alice.get("/map/draft/").content.decode()
    assert "There are no events yet" in page
    assert as_alice.post("/map/draft/", {"language": "en"}).status_code == 422


def test_a_draft_is_asked_for_watched_looked_at_and_stored(
    as_alice: Client, brand: Brand, shop: None
) -> None:
    asked = as_alice.post("/map/draft/", {"language": "en", "title": "How they buy"}, headers=WITHOUT_SCRIPT)
    page = as_alice.get(asked["Location"]).content.decode()
    assert "every 1s" in page
    assert reads.journeys(brand.pk) == ()
    (waiting,) = drafts(brand.pk)
    make_draft(brand.pk, waiting.id)

    page = as_alice.get(asked["Location"]).content.decode()
    for words in ("How they buy", "Consideration", "Order completed", "Store it as a journey"):
        assert words in page
    assert reads.journeys(brand.pk) == ()
    as_alice.post(f"{asked['Location']}store/", {"title": "How they really buy"}, headers=WITHOUT_SCRIPT)

    (summary,) = reads.journeys(brand.pk)
    board = reads.board(brand.pk, summary.journey.id)
    assert board.journey.title == "How they really buy"
    assert [stage.name for stage in board.stages if stage.touchpoints] == [
        "Awareness",
        "Consideration",
        "Decision",
    ]
    assert drafts(brand.pk) == ()
    assert as_alice.get(asked["Location"])["Location"] == f"/map/{summary.journey.id}/"


def test_a_draft_can_be_left_come_back_to_and_let_go(as_alice: Client, brand: Brand, shop: None) -> None:
    as_alice.post("/map/draft/", {"language": "fr"}, headers=WITHOUT_SCRIPT)
    page = as_alice.get("/map/draft/").content.decode()
    address = re.search(r'href="(/map/draft/[0-9a-f-]+/)"', page)
    assert address is not None
    (waiting,) = drafts(brand.pk)
    as_alice.post(f"{address[1]}drop/", headers=WITHOUT_SCRIPT)
    make_draft(brand.pk, waiting.id)
    assert drafts(brand.pk) == ()
    assert reads.journeys(brand.pk) == ()


def test_a_draft_that_isnt_ready_cant_be_stored(as_alice: Client, brand: Brand, shop: None) -> None:
    asked = as_alice.post("/map/draft/", {"language": "en"}, headers=WITHOUT_SCRIPT)
    as_alice.post(f"{asked['Location']}store/", headers=WITHOUT_SCRIPT)
    assert reads.journeys(brand.pk) == ()


def test_agents_dont_draft(as_agnes: Client) -> None:
    assert as_agnes.get("/map/draft/").status_code == 403
