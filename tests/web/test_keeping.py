"""The pages of versions and reviews."""

import re
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from parcours.accounts.models import Person
from parcours.accounts.rights import Actor
from parcours.canvas import reads, writes
from parcours.canvas.reviews.enums import STEPS
from parcours.canvas.reviews.reads import open_reviews, signed_reviews, whole_review
from parcours.canvas.reviews.writes import open_review
from parcours.canvas.shapes import CardView, JourneyView
from parcours.canvas.versions.reads import versions
from tests.conftest import signed_in


@pytest.fixture
def journey(alice_acts: Actor) -> JourneyView:
    return writes.create_journey("Mark buys running shoes", acting_user=alice_acts, language="en")


@pytest.fixture
def card(journey: JourneyView, alice_acts: Actor) -> CardView:
    board = reads.board(journey.brand_id, journey.id)
    return writes.add_card(
        journey.id,
        stage_id=board.stages[0].id,
        lane_id=board.lanes[0].id,
        title="42 or 42.5?",
        acting_user=alice_acts,
    )


def _keep(as_alice: Client, journey: JourneyView, reason: str = "Agreed", **more: str) -> str:
    answer = as_alice.post(f"/map/{journey.id}/versions/", {"reason": reason, **more})
    assert answer.status_code == 302
    return f"/map/{journey.id}/versions/{versions(journey.brand_id, journey.id)[0].id}/"


def test_a_version_is_kept_and_says_what_changed_since(
    as_alice: Client, journey: JourneyView, card: CardView, alice_acts: Actor
) -> None:
    _keep(as_alice, journey)
    writes.delete_card(journey.id, card.id, expected_revision=1, acting_user=alice_acts)
    page = as_alice.get(f"/map/{journey.id}/versions/").content.decode()
    assert "Agreed" in page
    assert "The need “42 or 42.5?” was removed." in page


def test_an_old_version_is_a_map_to_look_at(
    as_alice: Client, as_bob: Client, journey: JourneyView, card: CardView, alice_acts: Actor
) -> None:
    address = _keep(as_alice, journey)
    writes.delete_card(journey.id, card.id, expected_revision=1, acting_user=alice_acts)
    page = as_bob.get(address).content.decode()
    assert "42 or 42.5?" in page
    assert "It can be looked at only." in page
    assert "/restore/" not in page


def test_bringing_back_a_card_offers_the_way_back(
    as_alice: Client, journey: JourneyView, card: CardView, alice_acts: Actor
) -> None:
    address = _keep(as_alice, journey)
    writes.delete_card(journey.id, card.id, expected_revision=1, acting_user=alice_acts)
    after = as_alice.post(f"{address}restore/", {"card": str(card.id)}, follow=True).content.decode()
    assert "1 thing was brought back." in after
    assert reads.card(journey.brand_id, journey.id, card.id).title == "42 or 42.5?"
    before = re.search(rf'/map/{journey.id}/versions/[0-9a-f-]+/"', after)
    assert before is not None
    undo = re.search(rf'action="(/map/{journey.id}/versions/[^"]+/restore/[^"]+)"', after)
    assert undo is not None
    place = (card.stage_id, card.lane_id)
    stays = writes.add_card(
        journey.id, stage_id=place[0], lane_id=place[1], title="Drawn since", acting_user=alice_acts
    )
    as_alice.post(unescape(undo[1]))
    assert [each.id for each in reads.board(journey.brand_id, journey.id).cards] == [stays.id]


def test_two_versions_are_compared(
    as_alice: Client, journey: JourneyView, card: CardView, alice_acts: Actor
) -> None:
    _keep(as_alice, journey, "One")
    writes.edit_card(
        journey.id, card.id, expected_revision=1, text="Half a size more", acting_user=alice_acts
    )
    _keep(as_alice, journey, "Two")
    two, one = versions(journey.brand_id, journey.id)
    page = as_alice.get(f"/map/{journey.id}/versions/compare/?old={one.id}&new={two.id}").content.decode()
    assert "The need “42 or 42.5?” now has a text." in page
    assert "<ins>Half a size more</ins>" in page


def test_only_the_approver_is_asked(as_alice: Client, journey: JourneyView, bob: Person) -> None:
    address = _keep(as_alice, journey, approver=str(bob.pk))
    assert "You are asked to approve" not in as_alice.get(address).content.decode()
    as_bob = signed_in(bob)
    assert "You are asked to approve" in as_bob.get(address).content.decode()
    assert as_bob.post(f"{address}answer/", {"answer": "declined"}).status_code == 422
    as_bob.post(f"{address}answer/", {"answer": "declined", "words": "Prices are missing."})
    assert "Prices are missing." in as_alice.get(f"/map/{journey.id}/versions/").content.decode()


def test_a_review_leads_through_its_steps_to_a_signature(as_alice: Client, journey: JourneyView) -> None:
    page = f"/map/{journey.id}/review/"
    as_alice.post(f"{page}rhythm/", {"every": "90"})
    as_alice.post(f"{page}begin/")
    review = whole_review(journey.brand_id, journey.id)
    assert review is not None
    assert as_alice.post(f"{page}{review.id}/sign/", {"words": "Fine."}).status_code == 422
    for step in STEPS:
        as_alice.post(f"{page}{review.id}/step/", {"step": step, "state": "done"})
    assert as_alice.post(f"{page}{review.id}/sign/", {"words": "It holds."}).status_code == 302
    assert "It holds." in as_alice.get(page).content.decode()
    (signed,) = signed_reviews(journey.brand_id, journey.id)
    assert signed.closed_by == "Alice"
    head = as_alice.get(f"/map/{journey.id}/").content.decode()
    assert "by Alice · due in 3 months" in head


def test_cards_to_look_at_stand_on_the_page_on_the_card_and_in_its_tab(
    as_alice: Client, journey: JourneyView, card: CardView
) -> None:
    tab = f"/map/{journey.id}/cards/{card.id}/review/"
    asked = as_alice.post(tab, {"words": "Still so?"}, headers={"HX-Request": "true"})
    assert "Still so?" in asked.content.decode()
    assert "Still so?" in as_alice.get(f"/map/{journey.id}/review/").content.decode()
    assert "look again" in as_alice.get(f"/map/{journey.id}/").content.decode()
    (waiting,) = open_reviews(journey.brand_id, journey.id)
    as_alice.post(tab, {"looked_at": str(waiting.id)}, headers={"HX-Request": "true"})
    assert open_reviews(journey.brand_id, journey.id) == ()


def test_a_viewer_sees_and_changes_nothing(
    as_bob: Client, journey: JourneyView, card: CardView, alice_acts: Actor
) -> None:
    open_review(journey.id, reason="asked", facts={}, card_id=card.id, acting_user=alice_acts)
    page = as_bob.get(f"/map/{journey.id}/review/")
    assert page.status_code == 200
    assert b"I looked at it" not in page.content
    for address in ("versions/", "review/begin/", "review/rhythm/"):
        assert as_bob.post(f"/map/{journey.id}/{address}", {"reason": "x"}).status_code == 403


@pytest.mark.parametrize("page", ["versions/", "review/"])
def test_the_pages_take_as_many_queries_for_many_cards(
    page: str, as_bob: Client, journey: JourneyView, card: CardView, alice_acts: Actor
) -> None:
    as_bob.get(f"/map/{journey.id}/{page}")
    with CaptureQueriesContext(connection) as few:
        as_bob.get(f"/map/{journey.id}/{page}")
    for number in range(12):
        writes.add_card(
            journey.id,
            stage_id=card.stage_id,
            lane_id=card.lane_id,
            title=f"Card {number}",
            acting_user=alice_acts,
        )
    with CaptureQueriesContext(connection) as many:
        as_bob.get(f"/map/{journey.id}/{page}")
    assert len(many) <= len(few)
