from django.test import Client

from parcours.accounts.rights import Actor
from parcours.canvas import reads as canvas
from parcours.canvas import writes
from parcours.canvas.library import reads
from parcours.canvas.library import writes as library
from parcours.canvas.rules import name_rule
from parcours.canvas.shapes import Board, CardView, JourneyView
from tests.canvas.conftest import AddCard
from tests.canvas.conftest import add_card as add_card  # noqa: PLC0414 - fixtures of the canvas, used here too
from tests.canvas.conftest import journey as journey  # noqa: PLC0414
from tests.canvas.conftest import see as see  # noqa: PLC0414
from tests.web.test_canvas import FROM_SCRIPT


def saved(card: CardView, acting_user: Actor) -> str:
    return str(library.save_card(card.journey_id, card.id, acting_user=acting_user).id)


def test_an_empty_library_begins_with_the_starter_set(as_alice: Client) -> None:
    assert "The library is empty" in as_alice.get("/map/library/").content.decode()
    as_alice.post("/map/library/starter/")
    page = as_alice.get("/map/library/?words=MAIL+cart").content.decode()
    assert "A mail about the cart within three hours" in page
    assert "Answer a first chat" not in page


def test_an_entry_is_changed_on_its_page_which_says_where_it_is_used(
    add_card: AddCard, as_alice: Client, alice_acts: Actor
) -> None:
    entry_id = saved(add_card("Call back", kind="action"), alice_acts)
    page = as_alice.get(f"/map/library/{entry_id}/").content.decode()
    assert "Mark buys running shoes" in page
    sent = {"title": "Call back in 2 hours", "text": "", "detail-does": "call", "detail-state": ""}
    assert as_alice.post(f"/map/library/{entry_id}/", sent).status_code == 302
    [entry] = reads.entries(alice_acts.brand_id)
    assert (entry.title, entry.details) == ("Call back in 2 hours", {"does": "call"})
    assert as_alice.post(f"/map/library/{entry_id}/", {"title": ""}).status_code == 422


def test_who_may_only_look_sees_the_library_and_changes_nothing(
    add_card: AddCard, as_bob: Client, alice_acts: Actor
) -> None:
    entry_id = saved(add_card("Call back"), alice_acts)
    page = as_bob.get("/map/library/").content.decode()
    assert "Call back" in page
    assert "/remove/" not in page
    assert as_bob.post(f"/map/library/{entry_id}/remove/").status_code == 403


def test_the_board_inserts_an_entry_once_however_often_it_asks(
    journey: JourneyView, add_card: AddCard, as_alice: Client, alice_acts: Actor
) -> None:
    card = add_card("Call back", kind="action")
    entry_id = saved(card, alice_acts)
    sent = {
        "entry": entry_id,
        "id": "0190a3f2-7a1b-7c3d-8e4f-5a6b7c8d9e0f",
        "stage": str(card.stage_id),
        "lane": str(card.lane_id),
        "after": str(card.id),
    }
    for _again in range(2):
        answer = as_alice.post(f"/map/{journey.id}/library/insert/", sent, headers=FROM_SCRIPT)
        assert answer.status_code == 201
        assert "Call back" in answer.content.decode()
    assert len(canvas.board(journey.brand_id, journey.id).cards) == 2
    assert (
        reads.entry(journey.brand_id, library.save_card(journey.id, card.id, acting_user=alice_acts).id).uses
        == 2
    )


def test_a_changed_entry_is_marked_on_the_card_and_taken_over_in_its_tab(
    journey: JourneyView, add_card: AddCard, as_alice: Client, alice_acts: Actor
) -> None:
    card = add_card("Call back", kind="action")
    entry = library.save_card(journey.id, card.id, acting_user=alice_acts)
    library.edit_entry(entry.id, title="Call back in 2 hours", acting_user=alice_acts)
    assert "library changed" in as_alice.get(f"/map/{journey.id}/").content.decode()
    tab = f"/map/{journey.id}/cards/{card.id}/library/"
    assert "Call back in 2 hours" in as_alice.get(tab, headers=FROM_SCRIPT).content.decode()
    as_alice.post(tab, {"do": "take"}, headers=FROM_SCRIPT)
    page = as_alice.get(f"/map/{journey.id}/").content.decode()
    assert "library changed" not in page
    assert "Call back in 2 hours" in page


def test_a_touchpoint_is_saved_from_its_form_and_added_to_another_journey(
    journey: JourneyView, see: object, as_alice: Client, alice_acts: Actor
) -> None:
    board: Board = canvas.board(journey.brand_id, journey.id)
    touchpoint = writes.add_touchpoint(
        journey.id,
        stage_id=board.stages[0].id,
        name="Cart",
        rule=name_rule("Cart Viewed"),
        acting_user=alice_acts,
    )
    as_alice.post(f"/map/{journey.id}/touchpoints/{touchpoint.id}/library/")
    page = as_alice.get(f"/map/{journey.id}/library/?form=touchpoint").content.decode()
    assert "Cart" in page
    [entry] = reads.entries(journey.brand_id)
    sent = {"entry": str(entry.id), "stage": str(board.stages[2].id)}
    assert as_alice.post(f"/map/{journey.id}/library/insert/", sent).status_code == 302
    names = [(each.name, each.stage_id) for each in canvas.touchpoints(journey.brand_id, journey.id)]
    assert names == [("Cart", board.stages[0].id), ("Cart", board.stages[2].id)]
    assert "<h2>Touchpoints <" in as_alice.get("/map/library/").content.decode()
