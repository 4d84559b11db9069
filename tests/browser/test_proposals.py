"""Proposals on the map, with the keyboard, and seen at once by whoever has the map open too."""

import pytest
from playwright.sync_api import Page, expect

from parcours.accounts.models import Person
from parcours.accounts.rights import system_actor
from parcours.canvas import reads
from parcours.canvas.proposals.writes import propose
from parcours.canvas.shapes import JourneyView
from tests.browser.conftest import PHONE, SignIn
from tests.browser.test_look import violations

pytestmark = pytest.mark.browser


@pytest.fixture
def proposed(journey: JourneyView) -> None:
    """Two needs from the log."""
    board = reads.board(journey.brand_id, journey.id)
    for number, words in enumerate(("Where is my parcel?", "Which size fits?")):
        propose(
            journey.id,
            kind="new-need",
            key=words,
            facts={
                "words": words,
                "customers": 312 + number,
                "days": 90,
                "lately": 200,
                "earlier": 112,
                "samples": [{"text": "Where is it?", "customer": 7}],
            },
            change={"do": "add_card", "kind": ["need"]},
            stage_id=board.stages[number].id,
            acting_user=system_actor(journey.brand_id),
        )


@pytest.fixture
def page_of_alice(sign_in: SignIn, alice: Person, journey: JourneyView, proposed: None) -> Page:
    page = sign_in(alice)
    page.goto(f"/map/{journey.id}/")
    return page


def test_a_proposal_is_accepted_with_the_keyboard_and_taken_back(page_of_alice: Page) -> None:
    page = page_of_alice
    box = page.locator("[data-proposal]", has_text="Where is my parcel?")
    box.get_by_role("button", name="Accept").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".card", has_text="Where is my parcel?")).to_have_count(1)
    expect(page.locator("[data-proposal]")).to_have_count(1)
    page.locator("#toasts").get_by_role("button", name="Undo").click()
    expect(page.locator(".card", has_text="Where is my parcel?")).to_have_count(0)
    expect(page.locator("[data-proposal]")).to_have_count(2)


def test_a_decision_is_seen_by_whoever_has_the_map_open(
    page_of_alice: Page, sign_in: SignIn, bob: Person, journey: JourneyView
) -> None:
    other = sign_in(bob)
    other.goto(f"/map/{journey.id}/")
    expect(other.locator("[data-proposal]")).to_have_count(2)
    box = page_of_alice.locator("[data-proposal]", has_text="Which size fits?")
    box.get_by_text("Dismiss").first.click()
    box.get_by_label("Reason").fill("The guide says it")
    box.get_by_role("button", name="Dismiss", exact=True).click()
    expect(other.locator("[data-proposal]")).to_have_count(1)
    expect(other.locator("[data-proposals-count]")).to_have_text("1")


def test_words_are_changed_before_accepting(page_of_alice: Page) -> None:
    box = page_of_alice.locator("[data-proposal]", has_text="Where is my parcel?")
    box.get_by_text("Edit").first.click()
    box.get_by_label("Title").fill("Where are my shoes?")
    box.get_by_role("button", name="Accept with these words").click()
    expect(page_of_alice.locator(".card", has_text="Where are my shoes?")).to_have_count(1)


@pytest.mark.parametrize("place", ["", "proposals/", "proposals/suggest/"])
@pytest.mark.parametrize("width", ["desk", "phone"])
def test_what_is_proposed_is_readable_by_everybody(
    page_of_alice: Page, journey: JourneyView, place: str, width: str
) -> None:
    if width == "phone":
        page_of_alice.set_viewport_size(PHONE)
    page_of_alice.goto(f"/map/{journey.id}/{place}")
    assert violations(page_of_alice) == []
