"""Personas and the lens of generations, through their pages."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor
from parcours.canvas import reads, writes
from parcours.canvas.shapes import Board, PersonaView
from tests.canvas.conftest import png
from tests.insights.happened import Happened, Store
from tests.insights.shop import born as born  # noqa: PLC0414 - fixtures of the shop, used here too
from tests.insights.shop import drawn as drawn  # noqa: PLC0414
from tests.insights.shop import store as store  # noqa: PLC0414

FILLED = {
    "name": "Josiane",
    "birth_year": "1955",
    "sketch": "Walks ten kilometres a day.",
    "goals": "A parcel on the day that was said.",
    "habits": "Calls in the morning.",
    "quote": "I’d rather talk to somebody.\nYou told me Thursday.",
    "channel": ["phone", "", "email"],
    "segment": "",
}


def text_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return re.sub(r"\s+", " ", answer.content.decode())


@pytest.fixture
def josiane(as_alice: Client, brand: Brand) -> PersonaView:
    as_alice.post("/personas/new/", {**FILLED, "photo": png()})
    (found,) = reads.personas(brand.pk)
    return found


def test_a_persona_is_written_whole_with_its_photo(josiane: PersonaView, as_bob: Client) -> None:
    assert josiane.channels == ("phone", "email")
    assert josiane.photo is not None
    page = text_of(as_bob, f"/personas/{josiane.id}/")
    for words in (
        "Baby boomers",
        "Walks ten kilometres",
        "I’d rather talk",
        "You told me Thursday.",
        "Phone",
    ):
        assert words in page
    assert "Edit" not in re.sub(
        "<[^>]+>", " ", page[page.index("page-tools") : page.index("What we believe")]
    )


def test_a_persona_without_journeys_says_so(josiane: PersonaView, as_bob: Client) -> None:
    page = text_of(as_bob, "/personas/")
    assert "No journey is drawn for this persona yet." in page
    assert "In 0 journeys" not in page


def test_without_personas_the_page_says_what_one_is(as_bob: Client, as_alice: Client) -> None:
    assert "Whom do you draw for?" in text_of(as_alice, "/personas/")
    assert "Ask an editor" in text_of(as_bob, "/personas/")


def test_what_cant_be_is_said_beside_its_field(as_alice: Client, brand: Brand) -> None:
    answer = as_alice.post("/personas/new/", {**FILLED, "birth_year": "2099"})
    assert answer.status_code == 422
    assert "not a year of birth" in answer.content.decode()
    assert reads.personas(brand.pk) == ()


def test_editing_keeps_the_photo_until_it_is_removed(
    josiane: PersonaView, as_alice: Client, brand: Brand
) -> None:
    address = f"/personas/{josiane.id}/edit/"
    as_alice.post(address, {**FILLED, "name": "Jo"})
    assert reads.persona(brand.pk, josiane.id).photo is not None
    as_alice.post(address, {**FILLED, "remove_photo": "on"})
    assert reads.persona(brand.pk, josiane.id).photo is None


def test_a_persona_is_removed_put_back_and_duplicated(
    josiane: PersonaView, as_alice: Client, brand: Brand
) -> None:
    as_alice.post(f"/personas/{josiane.id}/remove/")
    assert "Put back" in text_of(as_alice, "/personas/")
    as_alice.post(f"/personas/{josiane.id}/restore/")
    as_alice.post(f"/personas/{josiane.id}/duplicate/")
    assert [each.name for each in reads.personas(brand.pk)] == ["Josiane", "Josiane, copy"]


@pytest.fixture
def told(store: Store, born: Callable[[dict[str, int]], None], drawn: Board) -> Board:
    """Thirty boomers who order, many twice and by phone, and forty of generation Z who look."""
    old, young = [f"old{n}" for n in range(30)], [f"young{n}" for n in range(40)]
    events = [Happened(each, "View", 20) for each in (*old, *young)]
    events += [Happened(each, "Cart", 10, "phone") for each in old]
    events += [Happened(each, "Order Completed", 5) for each in old]
    events += [Happened(each, "Order Completed", 4) for each in old[:15]]
    store(events)
    born({**dict.fromkeys(old, 1955), **dict.fromkeys(young, 2001)})
    return drawn


def test_what_is_known_stands_beside_what_is_believed(
    told: Board, josiane: PersonaView, as_bob: Client
) -> None:
    page = text_of(as_bob, f"/personas/{josiane.id}/")
    known = page[page.index("What is known") :]
    assert ">30<" in known
    assert "50" in known  # half of the buyers ordered again
    assert "of the buyers ordered again" in known


def test_of_few_customers_nothing_is_told(
    told: Board, as_alice: Client, brand: Brand, alice_acts: Actor
) -> None:
    persona = writes.add_persona("Ann", birth_year=1990, acting_user=alice_acts)
    assert "Too few customers" in text_of(as_alice, f"/personas/{persona.id}/")


def test_the_persona_of_a_map_opens_from_its_head(
    told: Board, josiane: PersonaView, as_bob: Client, alice_acts: Actor
) -> None:
    writes.edit_journey(told.journey.id, persona_id=josiane.id, acting_user=alice_acts)
    page = text_of(as_bob, f"/map/{told.journey.id}/")
    assert 'popovertarget="persona-card"' in page
    assert f'href="/personas/{josiane.id}/"' in page


# Generations


def test_generations_stand_side_by_side_with_links_to_their_customers(told: Board, as_bob: Client) -> None:
    page = text_of(as_bob, f"/map/{told.journey.id}/generations/")
    assert "Baby boomers (1946–1964): 100" in page
    stage = told.stages[0].id
    assert f"/map/{told.journey.id}/paths/{stage}/" in page or str(stage) in page
    assert "segment=boomers" in page
    assert "Millennials" not in page[page.index("<thead>") : page.index("</thead>")]


def test_columns_are_chosen_in_the_address(told: Board, as_bob: Client) -> None:
    page = text_of(as_bob, f"/map/{told.journey.id}/generations/?by=z&by=millennials")
    head = page[page.index("<thead>") : page.index("</thead>")]
    assert "Generation Z" in head
    assert "Millennials" in head
    assert "boomers" not in head
    assert "too few" in page


def test_the_table_can_be_taken_as_a_file(told: Board, as_bob: Client) -> None:
    answer = as_bob.get(f"/map/{told.journey.id}/generations/?as=csv&by=boomers")
    lines = answer.content.decode().splitlines()
    assert lines[0].startswith("stage,what,name,segment")
    assert any(line.startswith("Awareness,on,") and ",30,30," in line for line in lines)


def test_needs_that_only_a_segments_map_has_are_listed(
    told: Board, as_bob: Client, alice_acts: Actor, brand: Brand
) -> None:
    copy = writes.duplicate_journey(told.journey.id, segment_key="z", acting_user=alice_acts)
    board = reads.board(brand.pk, copy.id)
    lane = next(lane for lane in board.lanes if lane.kind == "need")
    writes.add_card(
        copy.id,
        stage_id=board.stages[0].id,
        lane_id=lane.id,
        title="Pay in three parts",
        acting_user=alice_acts,
    )
    page = text_of(as_bob, f"/map/{told.journey.id}/generations/")
    assert "Pay in three parts" in page[page.index("Needs of their own") :]


def test_before_the_first_event_the_page_says_what_it_waits_for(as_bob: Client, drawn: Board) -> None:
    assert "No events yet" in text_of(as_bob, f"/map/{drawn.journey.id}/generations/")
