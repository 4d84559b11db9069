"""Undo and redo on the map: what this person did in this visit, nothing that somebody else did since."""

import pytest
from playwright.sync_api import Page, expect

from parcours.accounts.models import Person
from parcours.accounts.rights import Actor
from parcours.canvas import writes
from parcours.canvas.shapes import JourneyView
from tests.browser.board import OpenMap, See, cell, opener, shown, stored
from tests.browser.board import at_alices as at_alices  # noqa: PLC0414 - fixtures of the map, used here too
from tests.browser.board import open_map as open_map  # noqa: PLC0414
from tests.canvas.conftest import AddCard, titles

pytestmark = pytest.mark.browser


@pytest.fixture
def page(add_card: AddCard, open_map: OpenMap, alice: Person) -> Page:
    add_card("Which shoes?", text="Asked on the phone")
    return open_map(alice)


def add(page: Page, words: str) -> None:
    cell(page).locator("[data-add]").click()
    page.keyboard.type(words)
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")


def edit(page: Page, title: str, words: str) -> None:
    opener(page, title).click()
    page.locator("#card-drawer").get_by_label("Title").fill(words)
    page.locator("#card-drawer").get_by_role("button", name="Save").click()
    shown(page, words)
    stored(page)


def move_right(page: Page, title: str) -> None:
    opener(page, title).focus()
    for key in ("Space", "ArrowRight", "Space"):
        page.keyboard.press(key)


def test_everything_done_is_undone_step_by_step_and_done_again(page: Page, see: See) -> None:
    add(page, "Why so much?")
    edit_first = opener(page, "Which shoes?")
    edit_first.focus()
    page.keyboard.press("Delete")
    shown(page, "Why so much?")
    move_right(page, "Why so much?")
    shown(page, "Why so much?", stage="Consideration")
    for _step in range(3):
        page.keyboard.press("Control+z")
    shown(page, "Which shoes?")
    shown(page, stage="Consideration")
    stored(page)
    assert titles(see()) == ["Which shoes?"]
    for keys in ("Control+Shift+z", "Control+y", "Control+Shift+z"):
        page.keyboard.press(keys)
    shown(page)
    shown(page, "Why so much?", stage="Consideration")
    stored(page)
    assert [card.title for card in see().cards] == ["Why so much?"]


def test_the_buttons_say_what_they_undo_and_the_page_says_what_was_undone(page: Page) -> None:
    back = page.locator("[data-step-back]")
    expect(back).to_have_attribute("aria-disabled", "true")
    move_right(page, "Which shoes?")
    expect(back).to_have_accessible_name("Undo: “Which shoes?” moved")
    stored(page)
    back.click()
    expect(page.locator("#toasts")).to_contain_text("Undone: “Which shoes?” moved")
    shown(page, "Which shoes?")
    expect(page.locator("[data-step-forth]")).to_have_accessible_name("Redo: “Which shoes?” moved")


def test_an_edit_gets_its_old_words_back_and_the_new_ones_again(page: Page, see: See) -> None:
    edit(page, "Which shoes?", "Which shoes for my back?")
    page.keyboard.press("Control+z")
    shown(page, "Which shoes?")
    stored(page)
    (card,) = see().cards
    assert (card.title, card.text) == ("Which shoes?", "Asked on the phone")
    page.keyboard.press("Control+y")
    shown(page, "Which shoes for my back?")
    stored(page)
    assert titles(see()) == ["Which shoes for my back?"]


def test_an_undo_never_overwrites_what_somebody_else_changed_since(
    page: Page, journey: JourneyView, carol_acts: Actor, see: See
) -> None:
    edit(page, "Which shoes?", "Alice's words")
    (card,) = see().cards
    writes.edit_card(
        journey.id, card.id, expected_revision=card.revision, title="Carol's words", acting_user=carol_acts
    )
    shown(page, "Carol's words")
    page.keyboard.press("Control+z")
    expect(page.locator("#toasts")).to_contain_text("Somebody else has changed “Carol's words” since")
    stored(page)
    assert titles(see()) == ["Carol's words"]


def test_an_undo_that_the_server_refuses_shows_what_is_stored(
    page: Page, journey: JourneyView, carol_acts: Actor, see: See
) -> None:
    """Carol's change comes in the very moment: nothing told this page yet."""
    edit(page, "Which shoes?", "Alice's words")
    page.route("**/live*", lambda route: route.abort())
    page.context.set_offline(True)
    page.keyboard.press("Control+z")
    shown(page, "Which shoes?")
    (card,) = see().cards
    writes.edit_card(
        journey.id, card.id, expected_revision=card.revision, title="Carol's words", acting_user=carol_acts
    )
    page.context.set_offline(False)
    shown(page, "Carol's words")
    expect(page.locator("#toasts")).to_contain_text("Somebody else has changed")
    assert titles(see()) == ["Carol's words"]


def test_undoing_a_move_leaves_somebody_elses_words_alone(
    page: Page, journey: JourneyView, carol_acts: Actor, see: See
) -> None:
    move_right(page, "Which shoes?")
    stored(page)
    (card,) = see().cards
    writes.edit_card(
        journey.id, card.id, expected_revision=card.revision, title="Carol's words", acting_user=carol_acts
    )
    shown(page, "Carol's words", stage="Consideration")
    page.keyboard.press("Control+z")
    shown(page, "Carol's words")
    stored(page)
    assert titles(see()) == ["Carol's words"]


def test_another_period_keeps_what_can_be_undone(page: Page, see: See) -> None:
    move_right(page, "Which shoes?")
    stored(page)
    with page.expect_response(lambda answer: "period=" in answer.url):
        page.get_by_label("Period").select_option(index=1)
    shown(page, "Which shoes?", stage="Consideration")
    page.locator("[data-step-back]").click()
    shown(page, "Which shoes?")
    stored(page)
    assert titles(see()) == ["Which shoes?"]


def test_what_was_done_and_undone_offline_is_stored_when_the_line_is_back(page: Page, see: See) -> None:
    page.context.set_offline(True)
    add(page, "Why so much?")
    move_right(page, "Which shoes?")
    opener(page, "Which shoes?").focus()
    page.keyboard.press("Delete")
    move_right(page, "Why so much?")
    shown(page, "Why so much?", stage="Consideration")
    for _step in range(4):
        page.keyboard.press("Control+z")
    shown(page, "Which shoes?")
    page.context.set_offline(False)
    stored(page)
    assert [(card.title, card.text) for card in see().cards] == [("Which shoes?", "Asked on the phone")]
    assert titles(see()) == ["Which shoes?"]
    for _step in range(4):
        page.keyboard.press("Control+y")
    shown(page, "Why so much?", stage="Consideration")
    stored(page)
    assert [card.title for card in see().cards] == ["Why so much?"]
