"""Stages and rows on the map itself: added, renamed, moved and removed by mouse and keyboard, and undone."""

from contextlib import AbstractContextManager

import pytest
from playwright.sync_api import Locator, Page, expect

from parcours.accounts.models import Person
from parcours.accounts.rights import Actor
from parcours.canvas import writes
from parcours.canvas.shapes import JourneyView
from tests.browser.board import OpenMap, See, drag, opener, stored
from tests.browser.board import at_alices as at_alices  # noqa: PLC0414 - fixtures of the map, used here too
from tests.browser.board import open_map as open_map  # noqa: PLC0414
from tests.browser.conftest import PHONE
from tests.canvas.conftest import AddCard, titles

pytestmark = pytest.mark.browser

FIVE = ["Awareness", "Consideration", "Decision", "Retention", "Advocacy"]


def head(page: Page, name: str) -> Locator:
    return page.locator(f'[data-axis][data-name="{name}"]')


def names(page: Page, *expected: str) -> None:
    expect(page.locator(".stage-name")).to_have_text(list(expected))


def stages(see: See) -> list[str]:
    return [stage.name for stage in see().stages]


def menu(page: Page, name: str, item: str) -> None:
    head(page, name).hover()
    head(page, name).locator("[data-axis-more]").click()
    page.locator("#axis-menu").get_by_role("button", name=item).click()


def answered(page: Page, verb: str) -> AbstractContextManager[object]:
    return page.expect_response(lambda answer: answer.url.endswith(f"/{verb}/") and answer.status == 204)


def test_a_stage_is_renamed_in_place_and_gets_its_old_name_back(at_alices: Page, see: See) -> None:
    head(at_alices, "Decision").locator("[data-axis-name]").dblclick()
    at_alices.keyboard.type("Purchase")
    with answered(at_alices, "edit"):
        at_alices.keyboard.press("Enter")
    names(at_alices, "Awareness", "Consideration", "Purchase", "Retention", "Advocacy")
    assert stages(see)[2] == "Purchase"
    with answered(at_alices, "edit"):
        at_alices.keyboard.press("Control+z")
    names(at_alices, *FIVE)
    assert stages(see) == FIVE


def test_escape_keeps_the_name(at_alices: Page, see: See) -> None:
    head(at_alices, "Decision").locator("[data-axis-more]").focus()
    at_alices.keyboard.press("F2")
    at_alices.keyboard.type("Purchase")
    at_alices.keyboard.press("Escape")
    names(at_alices, *FIVE)
    assert stages(see) == FIVE


def test_a_stage_moves_by_keyboard_with_its_cards(at_alices: Page, add_card: AddCard, see: See) -> None:
    add_card("Which shoes?")
    at_alices.reload()
    head(at_alices, "Awareness").locator("[data-axis-more]").focus()
    with answered(at_alices, "move"):
        at_alices.keyboard.press("Alt+ArrowRight")
    names(at_alices, "Consideration", "Awareness", "Decision", "Retention", "Advocacy")
    expect(head(at_alices, "Awareness").locator("[data-axis-more]")).to_be_focused()
    expect(at_alices.locator("#board-says")).to_contain_text("“Awareness” is now number 2 of 5")
    assert stages(see)[1] == "Awareness"
    assert titles(see()) == ["Which shoes?"]
    expect(opener(at_alices, "Which shoes?")).to_be_visible()
    with answered(at_alices, "move"):
        at_alices.locator("[data-step-back]").click()
    names(at_alices, *FIVE)
    assert stages(see) == FIVE


def test_a_stage_is_dragged_by_its_name(at_alices: Page, see: See) -> None:
    drag(at_alices, head(at_alices, "Advocacy").locator("[data-axis-name]"), head(at_alices, "Consideration"))
    with answered(at_alices, "move"):
        at_alices.mouse.up()
    names(at_alices, "Awareness", "Advocacy", "Consideration", "Decision", "Retention")
    assert stages(see)[1] == "Advocacy"


def test_a_row_moves_down_by_its_menu(at_alices: Page, see: See) -> None:
    with answered(at_alices, "move"):
        menu(at_alices, "Customer needs", "Move down")
    assert [lane.name for lane in see().lanes] == ["Key moment", "Customer needs", "Actions"]
    expect(at_alices.locator(".lane-name").first).to_have_text("Key moment")


def test_a_stage_is_added_behind_another(at_alices: Page, see: See) -> None:
    menu(at_alices, "Decision", "Add a stage after it")
    at_alices.locator("#axis-add").get_by_label("Name").fill("Delivery")
    at_alices.keyboard.press("Enter")
    names(at_alices, *FIVE[:3], "Delivery", *FIVE[3:])
    assert stages(see)[3] == "Delivery"
    expect(head(at_alices, "Delivery").locator("[data-axis-more]")).to_be_focused()
    with answered(at_alices, "remove"):
        at_alices.keyboard.press("Control+z")
    names(at_alices, *FIVE)


def test_a_row_of_another_kind_is_added(at_alices: Page, see: See) -> None:
    menu(at_alices, "Actions", "Add a row below it")
    at_alices.locator("#axis-add").get_by_label("What its cards are about").select_option("pain")
    at_alices.locator("#axis-add").get_by_role("button", name="Add").click()
    expect(head(at_alices, "Pain points")).to_be_visible()
    assert see().lanes[-1].kind == "pain"


def test_a_removed_stage_comes_back_with_its_cards(at_alices: Page, add_card: AddCard, see: See) -> None:
    add_card("Which shoes?")
    at_alices.reload()
    with answered(at_alices, "remove"):
        menu(at_alices, "Awareness", "Remove")
    names(at_alices, *FIVE[1:])
    at_alices.locator("#toasts").get_by_role("button", name="Undo").click()
    names(at_alices, *FIVE)
    expect(opener(at_alices, "Which shoes?")).to_be_visible()
    assert titles(see()) == ["Which shoes?"]


def test_a_name_that_somebody_else_changed_since_stays(
    at_alices: Page, journey: JourneyView, carol_acts: Actor, see: See
) -> None:
    head(at_alices, "Decision").locator("[data-axis-more]").focus()
    at_alices.keyboard.press("F2")
    at_alices.keyboard.type("Purchase")
    with answered(at_alices, "edit"):
        at_alices.keyboard.press("Enter")
    writes.edit_stage(journey.id, see().stages[2].id, name="Carol's", acting_user=carol_acts)
    names(at_alices, "Awareness", "Consideration", "Carol's", "Retention", "Advocacy")
    at_alices.keyboard.press("Control+z")
    expect(at_alices.locator("#toasts")).to_contain_text("Somebody else has changed “Purchase” since")
    assert stages(see)[2] == "Carol's"


@pytest.fixture
def twelve_stages(journey: JourneyView, alice_acts: Actor) -> None:
    for n in range(6, 13):
        writes.add_stage(journey.id, f"Stage {n}", acting_user=alice_acts)


@pytest.mark.usefixtures("twelve_stages")
def test_a_phone_reaches_all_of_twelve_stages(
    add_card: AddCard, open_map: OpenMap, alice: Person, see: See
) -> None:
    add_card("Which shoes?")
    add_card("Last", stage="Stage 12")
    page = open_map(alice, viewport=PHONE, has_touch=True, is_mobile=True)
    page.get_by_role("button", name="Stage 12", exact=True).tap()
    expect(opener(page, "Last")).to_be_visible()
    page.get_by_role("button", name="Awareness", exact=True).tap()
    opener(page, "Which shoes?").locator("xpath=ancestor::li").locator("[data-card-more]").tap()
    page.locator("#card-menu").get_by_role("button", name="Move to").tap()
    page.locator("#card-move").get_by_label("Stage").select_option("Stage 11")
    page.locator("#card-move").get_by_role("button", name="Move").tap()
    stored(page)
    assert titles(see(), "Stage 11") == ["Which shoes?"]
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
