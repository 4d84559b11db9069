import pytest
from django.test import Client

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor
from parcours.canvas import reads, writes
from parcours.canvas.shapes import Board


@pytest.fixture
def board(brand: Brand, alice_acts: Actor) -> Board:
    journey = writes.create_journey("Mark buys running shoes", acting_user=alice_acts, language="en")
    return reads.board(brand.pk, journey.id)


def add(board: Board, title: str, kind: str, actor: Actor) -> None:
    lane = next(each for each in board.lanes if each.kind == kind)
    stage = board.stages[2]
    writes.add_card(board.journey.id, stage_id=stage.id, lane_id=lane.id, title=title, acting_user=actor)


def test_the_page_lists_the_actions_of_the_map_and_no_other_cards(
    board: Board, alice_acts: Actor, as_bob: Client
) -> None:
    add(board, "Mail about the cart", "action", alice_acts)
    add(board, "Why so dear?", "need", alice_acts)
    page = as_bob.get("/act/").content.decode()
    assert "Mail about the cart" in page
    assert "Why so dear?" not in page
    assert f"/map/{board.journey.id}/#card-" in page


def test_another_journey_can_be_chosen(board: Board, alice_acts: Actor, as_bob: Client) -> None:
    add(board, "Mail about the cart", "action", alice_acts)
    writes.create_journey("Claire asks for a refund", acting_user=alice_acts, language="en")
    assert "Mail about the cart" not in as_bob.get("/act/").content.decode()
    assert "Mail about the cart" in as_bob.get(f"/act/?journey={board.journey.id}").content.decode()


def test_without_a_map_the_page_says_where_to_begin(as_bob: Client) -> None:
    page = as_bob.get("/act/")
    assert page.status_code == 200
    assert "No journey is drawn yet" in page.content.decode()


def test_the_maps_of_another_brand_stay_theirs(board: Board, alice_acts: Actor, as_charlie: Client) -> None:
    add(board, "Mail about the cart", "action", alice_acts)
    assert "Mail about the cart" not in as_charlie.get(f"/act/?journey={board.journey.id}").content.decode()
