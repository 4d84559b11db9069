"""Journeys as wholes, through their pages: the list, what they begin with, copies, two beside each other."""

import re

import pytest
from django.test import Client

from parcours.accounts.models import Brand, Person
from parcours.accounts.rights import Actor
from parcours.canvas import reads, writes
from parcours.canvas.shapes import JourneyView
from tests.canvas.conftest import AddCard
from tests.canvas.conftest import add_card as add_card  # noqa: PLC0414 - fixtures of the canvas, used here too
from tests.canvas.conftest import journey as journey  # noqa: PLC0414
from tests.canvas.conftest import see as see  # noqa: PLC0414


def text_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return re.sub(r"\s+", " ", answer.content.decode())


def undo_in(page: str) -> str:
    """Where the way back of the newest message leads."""
    found = re.findall(
        r'<form method="post" action="([^"]+)">[^/]*?<button class="button small" type="submit">Undo', page
    )
    assert found, "the page offers no way back"
    return str(found[-1])


def test_a_new_journey_takes_two_clicks(as_alice: Client, brand: Brand) -> None:
    page = text_of(as_alice, "/map/new")
    for name in (
        "The five stages",
        "Online shop",
        "Contact centre",
        "Subscription",
        "Employee journey",
        "Blank",
    ):
        assert f"<h3>{name}</h3>" in page
    answer = as_alice.post("/map/new", {"kind": "as-is", "language": "en", "template": "contact-centre"})
    (summary,) = reads.journeys(brand.pk)
    assert answer.headers["Location"] == f"/map/{summary.journey.id}/"
    assert summary.journey.title == "A customer needs help"
    assert summary.journey.owner_label == "Alice"


def test_examples_are_marked_and_go_at_once_and_come_back(as_alice: Client, brand: Brand) -> None:
    as_alice.post("/map/new", {"kind": "as-is", "language": "en", "template": "shop"})
    (summary,) = reads.journeys(brand.pk)
    address = f"/map/{summary.journey.id}/"
    page = text_of(as_alice, address)
    assert f"{summary.cards} cards are examples of the template" in page
    assert page.count('<span class="mark mark-example">') == summary.cards
    page = as_alice.post(f"{address}examples/remove/", follow=True).content.decode()
    assert reads.board(brand.pk, summary.journey.id).cards == ()
    as_alice.post(undo_in(page))
    assert len(reads.board(brand.pk, summary.journey.id).cards) == summary.cards


def test_a_journey_saved_as_template_is_offered_and_can_be_removed(
    as_alice: Client, journey: JourneyView
) -> None:
    page = as_alice.post(f"/map/{journey.id}/template/", {"name": "Our way"}, follow=True).content.decode()
    assert "<h3>Our way</h3>" in text_of(as_alice, "/map/new")
    page = as_alice.post(undo_in(page), follow=True).content.decode()
    assert "<h3>Our way</h3>" not in page
    as_alice.post(undo_in(page))
    assert "<h3>Our way</h3>" in text_of(as_alice, "/map/new")


def test_the_list_groups_filters_and_shows_copies_beneath_their_source(
    as_alice: Client, journey: JourneyView, alice: Person, alice_acts: Actor
) -> None:
    writes.duplicate_journey(journey.id, segment_key="z", title="Léa", acting_user=alice_acts)
    draft = writes.create_journey("A draft", acting_user=alice_acts)
    writes.edit_journey(draft.id, status="draft", acting_user=alice_acts)
    gone = writes.create_journey("An old one", acting_user=alice_acts)
    writes.edit_journey(gone.id, status="archived", acting_user=alice_acts)
    page = text_of(as_alice, "/map/")
    assert page.index("In use") < page.index('id="group-draft"')
    beneath = page[page.index('class="journey-beneath"') :]
    assert "Léa" in beneath[:400]
    assert "An old one" not in page
    assert "1 archived journey" in page
    assert "An old one" in text_of(as_alice, "/map/?status=archived")
    only_z = text_of(as_alice, "/map/?segment=z")
    assert "Léa" in only_z
    assert "A draft" not in only_z
    assert "A draft" in text_of(as_alice, "/map/?words=DRAFT")
    assert "No journey fits" in text_of(as_alice, "/map/?words=nothing+like+it")
    assert "A draft" in text_of(as_alice, f"/map/?owner={alice.pk}")


def test_a_journey_that_a_card_opens_stands_beneath_the_one_with_the_card(
    as_alice: Client, journey: JourneyView, add_card: AddCard, alice_acts: Actor
) -> None:
    under = writes.create_journey("Sends shoes back", acting_user=alice_acts)
    deeper = writes.create_journey("Waits for the money", acting_user=alice_acts)
    card = add_card("Returns", leads_to=under.id)
    board = reads.board(under.brand_id, under.id)
    writes.add_card(
        under.id,
        stage_id=board.stages[0].id,
        lane_id=board.lanes[0].id,
        title="Refund",
        leads_to=deeper.id,
        acting_user=alice_acts,
    )
    page = text_of(as_alice, "/map/")
    tile = page[page.index(f'href="/map/{journey.id}/"') :]
    assert page.count(">Sends shoes back</a>") == 1
    first = tile.index('class="journey-beneath"')
    second = tile.index('class="journey-beneath"', first + 1)
    assert first < tile.index(">Sends shoes back</a>") < second < tile.index(">Waits for the money</a>")
    narrowed = text_of(as_alice, "/map/?words=sends+shoes")
    assert ">Sends shoes back</a>" in narrowed
    writes.delete_card(journey.id, card.id, expected_revision=card.revision, acting_user=alice_acts)
    alone = text_of(as_alice, "/map/")
    assert alone.count('class="journey-beneath"') == 1


def test_owner_status_and_segment_are_set_in_the_settings(
    as_alice: Client, journey: JourneyView, brand: Brand, bob: Person
) -> None:
    sent = {"title": "Mark", "kind": "as-is", "status": "draft", "owner": str(bob.pk), "segment": "x"}
    as_alice.post(f"/map/{journey.id}/settings/", sent)
    found = reads.journey(brand.pk, journey.id)
    assert (found.status, found.owner_id, found.segment_key) == ("draft", bob.pk, "x")


def test_a_map_for_a_segment_shows_its_numbers_at_first_and_everybodys_when_asked(
    as_bob: Client, journey: JourneyView, alice_acts: Actor
) -> None:
    writes.edit_journey(journey.id, segment_key="boomers", acting_user=alice_acts)
    page = text_of(as_bob, f"/map/{journey.id}/")
    assert '<option value="boomers" selected>' in page
    assert "segment=boomers" in page
    assert '<option value="boomers" selected>' not in text_of(as_bob, f"/map/{journey.id}/?segment=")


@pytest.fixture
def plan(journey: JourneyView, add_card: AddCard, as_alice: Client, brand: Brand) -> JourneyView:
    """The journey as it should be, drawn through its page from one with a single action."""
    add_card("Answer within an hour", "Awareness", "action")
    as_alice.post(f"/map/{journey.id}/to-be/")
    return next(each.journey for each in reads.journeys(brand.pk) if each.journey.kind == "to-be")


def test_the_head_of_a_map_leads_to_its_counterpart(
    as_bob: Client, as_alice: Client, journey: JourneyView, plan: JourneyView
) -> None:
    assert f'href="/map/{plan.id}/"' in text_of(as_bob, f"/map/{journey.id}/")
    page = text_of(as_alice, f"/map/{plan.id}/")
    assert f'href="/map/{journey.id}/"' in page
    assert "This is now how it is" in page


def test_beside_each_other_shows_words_that_changed_and_takes_them_over(
    as_alice: Client, as_bob: Client, journey: JourneyView, plan: JourneyView, alice_acts: Actor
) -> None:
    brand_id = journey.brand_id
    (card,) = reads.board(brand_id, plan.id).cards
    writes.edit_card(
        plan.id, card.id, title="Answer within a minute", expected_revision=1, acting_user=alice_acts
    )
    page = text_of(as_bob, f"/map/{journey.id}/beside/")
    assert "1 changed" in page
    assert "Answer within <del>an hour</del>" in page
    assert "Answer within <ins>a minute</ins>" in page
    assert "Take over" not in page
    sent = {"from": plan.id, "card": card.id, "here": journey.id}
    page = as_alice.post(f"/map/{journey.id}/beside/take/", sent, follow=True).content.decode()
    assert reads.board(brand_id, journey.id).cards[0].title == "Answer within a minute"
    as_alice.post(undo_in(page))
    assert reads.board(brand_id, journey.id).cards[0].title == "Answer within an hour"


def test_two_maps_that_say_the_same_are_said_to(
    as_bob: Client, journey: JourneyView, plan: JourneyView
) -> None:
    assert "The two maps say the same." in text_of(as_bob, f"/map/{plan.id}/beside/")
    assert "Answer within an hour" in text_of(as_bob, f"/map/{plan.id}/beside/?show=all")


def test_without_another_map_the_page_says_how_to_draw_one(as_alice: Client, journey: JourneyView) -> None:
    assert "Nothing to hold it against yet" in text_of(as_alice, f"/map/{journey.id}/beside/")


def test_this_is_now_how_it_is_and_not_yet(
    as_alice: Client, journey: JourneyView, plan: JourneyView, brand: Brand
) -> None:
    page = as_alice.post(f"/map/{plan.id}/now/", follow=True).content.decode()
    assert reads.journey(brand.pk, plan.id).kind == "as-is"
    assert reads.journey(brand.pk, journey.id).status == "archived"
    as_alice.post(undo_in(page))
    assert reads.journey(brand.pk, plan.id).kind == "to-be"
    assert reads.journey(brand.pk, journey.id).status == "active"


def test_a_duplicate_for_a_segment_is_made_from_the_settings(
    as_alice: Client, journey: JourneyView, brand: Brand
) -> None:
    as_alice.post(f"/map/{journey.id}/duplicate/", {"duplicate-segment": "z", "duplicate-title": "Léa"})
    copy = next(each.journey for each in reads.journeys(brand.pk) if each.journey.title == "Léa")
    assert (copy.segment_key, copy.drawn_from_id) == ("z", journey.id)
