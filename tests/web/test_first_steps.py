"""A new brand is told what makes its map live, until it is."""

import re

import pytest
from django.test import Client

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor
from parcours.accounts.writes import add_person
from parcours.canvas import writes
from parcours.canvas.evidence.shapes import Given
from parcours.canvas.evidence.writes import add_evidence
from parcours.canvas.shapes import Board
from parcours.canvas.writes import add_card
from parcours.core.clock import now
from tests.conftest import PASSWORD
from tests.insights.happened import Happened, Store

pytest_plugins = ["tests.insights.shop"]

LETTERS = Given("note", source="document", text="Six letters in March", dated=now().date())


def steps(client: Client, board: Board) -> dict[str, bool]:
    """Each step that the page names, and whether it is ticked."""
    page = client.get(f"/map/{board.journey.id}/").content.decode()
    return {key: bool(done) for key, done in re.findall(r'data-first-step="(\w+)"( data-done)?', page)}


@pytest.fixture
def empty(alice_acts: Actor) -> Board:
    from parcours.canvas import reads

    journey = writes.create_journey("First of all", acting_user=alice_acts, language="en")
    return reads.board(journey.brand_id, journey.id)


def test_the_page_of_an_empty_brand_offers_three_ways_to_begin(as_alice: Client, as_bob: Client) -> None:
    page = as_alice.get("/map/").content.decode()
    assert all(f'href="/map/{way}"' in page for way in ("new", "draft/", "import/"))
    assert "Ask an editor" in as_bob.get("/map/").content.decode()


def test_steps_tick_themselves_off(as_alice: Client, empty: Board, brand: Brand, alice_acts: Actor) -> None:
    assert steps(as_alice, empty)["card"] is False
    card = add_card(
        empty.journey.id,
        stage_id=empty.stages[0].id,
        lane_id=empty.lanes[0].id,
        title="Back pain",
        acting_user=alice_acts,
    )
    add_person("dora@example.org", brand=brand, role="agent", password=PASSWORD, acting_user=alice_acts)
    told = steps(as_alice, empty)
    assert told == {"card": True, "events": False, "touchpoints": False, "evidence": False, "people": True}
    add_evidence(empty.journey.id, card.id, LETTERS, acting_user=alice_acts)
    assert steps(as_alice, empty)["evidence"] is True


def test_who_has_events_and_evidence_is_told_nothing_more(
    as_alice: Client, drawn: Board, store: Store, alice_acts: Actor
) -> None:
    store([Happened("c1", "View", 3)])
    told = steps(as_alice, drawn)
    assert told["events"]
    assert told["touchpoints"]
    card = add_card(
        drawn.journey.id,
        stage_id=drawn.stages[0].id,
        lane_id=drawn.lanes[0].id,
        title="Back pain",
        acting_user=alice_acts,
    )
    add_evidence(drawn.journey.id, card.id, LETTERS, acting_user=alice_acts)
    assert steps(as_alice, drawn) == {}


def test_steps_are_for_who_draws_and_can_be_hidden(as_alice: Client, as_bob: Client, empty: Board) -> None:
    assert steps(as_bob, empty) == {}
    as_alice.cookies["parcours_first_steps"] = "hidden"
    assert steps(as_alice, empty) == {}
