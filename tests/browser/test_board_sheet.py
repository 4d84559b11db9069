"""The map as a sheet: searched, made smaller, one stage wide, folded, presented, drawn anew under hands."""

import pytest
from django.db import transaction
from playwright.sync_api import Locator, Page, expect

from parcours.accounts.models import Person
from parcours.accounts.rights import Actor
from parcours.canvas import writes
from parcours.canvas.shapes import JourneyView
from parcours.live.writes import publish
from tests.browser.board import OpenMap, See, card, cell, opener, selected, shown, stored
from tests.browser.board import at_alices as at_alices  # noqa: PLC0414 - fixtures of the map, used here too
from tests.browser.board import open_map as open_map  # noqa: PLC0414
from tests.browser.conftest import PHONE
from tests.canvas.conftest import AddCard

pytestmark = pytest.mark.browser


@pytest.fixture
def page(add_card: AddCard, open_map: OpenMap, alice: Person) -> Page:
    add_card("Délai de livraison ?")
    add_card("Why so much for shipping?", stage="Decision", text="The delivery costs too much")
    add_card("Delivery by bicycle", stage="Advocacy", kind="action")
    return open_map(alice)


# Searching


def found(page: Page, *titles: str) -> None:
    expect(page.locator("[data-hit] [data-title]")).to_have_text(list(titles))


def test_a_search_marks_its_hits_and_steps_through_them(page: Page) -> None:
    page.keyboard.press("/")
    page.keyboard.type("deli")
    found(page, "Why so much for shipping?", "Delivery by bicycle")
    expect(page.locator("[data-find-count]")).to_have_text("1 of 2")
    page.keyboard.press("Enter")
    expect(page.locator("[data-find-count]")).to_have_text("2 of 2")
    expect(card(page, "Delivery by bicycle")).to_have_attribute("data-hit", "now")
    page.keyboard.press("Escape")
    found(page)
    expect(opener(page, "Delivery by bicycle")).to_be_focused()


def test_words_are_found_without_their_accents_and_kinds_narrow_them(page: Page) -> None:
    page.keyboard.press("/")
    page.keyboard.type("delai")
    found(page, "Délai de livraison ?")
    page.locator("[data-find-words]").fill("deli")
    page.locator("[data-find-kind]").select_option("action")
    found(page, "Delivery by bicycle")
    page.locator("[data-find-words]").fill("nowhere")
    expect(page.locator("[data-find-count]")).to_have_text("Nothing found")


def test_on_a_phone_the_search_stays_in_sight_from_hit_to_hit(
    page: Page, open_map: OpenMap, alice: Person
) -> None:
    phone = open_map(alice, viewport=PHONE, has_touch=True)
    phone.locator("[data-find-open]").tap()
    phone.keyboard.type("deli")
    found(phone, "Why so much for shipping?", "Delivery by bicycle")
    on = phone.locator('[data-find-step="1"]')
    on.tap()
    expect(card(phone, "Delivery by bicycle")).to_be_in_viewport()
    expect(phone.get_by_role("button", name="Advocacy", pressed=True)).to_be_in_viewport()
    for part in ("[data-find-words]", "[data-find-count]", "[data-find-close]"):
        expect(phone.locator(part)).to_be_in_viewport(ratio=1)
    phone.locator("[data-find-close]").tap()
    expect(phone.locator("[data-find-words]")).to_be_hidden()


def test_a_search_is_a_link(page: Page, open_map: OpenMap, alice: Person) -> None:
    page.keyboard.press("/")
    page.keyboard.type("bicycle")
    found(page, "Delivery by bicycle")
    assert page.url.endswith("?find=bicycle")
    found(open_map(alice, "?find=bicycle"), "Delivery by bicycle")


# Sizes


def test_the_map_is_made_smaller_with_its_heads_and_stays_so(page: Page) -> None:
    name = page.locator(".stage-name").first
    before = name.bounding_box()
    for _step in range(5):
        page.keyboard.press("-")
    expect(page.locator("[data-zoom-now]")).to_have_text("50")
    after = name.bounding_box()
    assert before
    assert after
    assert after["height"] < before["height"] * 0.6
    page.reload()
    expect(page.locator("#board")).to_have_attribute("data-zoom", "50")
    expect(page.locator("[data-zoom-now]")).to_have_text("50")
    page.keyboard.press("0")
    expect(page.locator("[data-zoom-now]")).to_have_text("100")


def test_the_whole_of_a_long_journey_fits(page: Page, journey: JourneyView, alice_acts: Actor) -> None:
    for n in range(7):
        writes.add_stage(journey.id, f"Stage {n}", acting_user=alice_acts)
    expect(page.locator(".stage-head")).to_have_count(12)
    board = page.locator("#board")
    assert board.evaluate("board => board.scrollWidth > board.clientWidth")
    page.locator("#zoom-menu").evaluate("menu => menu.showPopover()")
    page.get_by_role("button", name="The whole map").click()
    assert board.evaluate("board => board.scrollWidth <= board.clientWidth + 1")


def test_the_wheel_with_control_zooms_where_the_pointer_is(page: Page) -> None:
    box = cell(page).bounding_box()
    assert box
    page.mouse.move(box["x"] + 10, box["y"] + 10)
    page.keyboard.down("Control")
    page.mouse.wheel(0, -100)
    page.keyboard.up("Control")
    expect(page.locator("[data-zoom-now]")).to_have_text("105")


def test_one_stage_is_wide_and_all_are_again(page: Page) -> None:
    head = page.locator(".stage-head", has_text="Decision")
    before = head.bounding_box()
    opener(page, "Why so much").focus()
    page.keyboard.press("f")
    wide = head.bounding_box()
    assert before
    assert wide
    assert wide["width"] > before["width"] * 1.8
    page.keyboard.press("Escape")
    assert head.bounding_box() == before


def test_a_folded_row_says_how_many_cards_it_has_and_comes_folded(page: Page) -> None:
    row = page.locator("[data-lane-row]").first
    row.locator("[data-fold]").click()
    expect(opener(page, "Délai")).not_to_be_visible()
    expect(row.locator(".cell-folded").first).to_have_text("1")
    page.reload()
    expect(row.locator("[data-fold]")).to_have_attribute("aria-expanded", "false")
    expect(opener(page, "Délai")).not_to_be_visible()
    row.locator("[data-fold]").click()
    expect(opener(page, "Délai")).to_be_visible()


# Presenting


def sheet(page: Page) -> Locator:
    return page.locator("#present")


def test_the_presentation_goes_stage_by_stage_without_any_tool_to_edit(page: Page) -> None:
    page.locator("[data-present]").click()
    expect(sheet(page).get_by_role("heading", level=2)).to_have_text("Awareness")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(sheet(page).get_by_role("heading", level=2)).to_have_text("Decision")
    expect(sheet(page)).to_contain_text("Why so much for shipping?")
    expect(sheet(page)).to_contain_text("3 of 5")
    expect(sheet(page).locator("[data-card-open], [data-add], [data-card-more], [data-card]")).to_have_count(
        0
    )
    page.keyboard.press("End")
    expect(sheet(page).get_by_role("button", name="Next")).to_be_disabled()
    sheet(page).get_by_role("button", name="End the presentation").click()
    expect(sheet(page)).not_to_be_visible()
    expect(opener(page, "Délai")).to_be_visible()


def test_a_phone_presents_too(add_card: AddCard, open_map: OpenMap, alice: Person) -> None:
    add_card("Which shoes?")
    page = open_map(alice, viewport=PHONE, has_touch=True, is_mobile=True)
    page.locator("[data-present]").tap()
    expect(sheet(page)).to_contain_text("Which shoes?")
    sheet(page).get_by_role("button", name="Next").tap()
    expect(sheet(page).get_by_role("heading", level=2)).to_have_text("Consideration")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_a_presentation_of_many_stages_fits_a_phone(
    journey: JourneyView, alice_acts: Actor, open_map: OpenMap, alice: Person
) -> None:
    for number in range(9):
        writes.add_stage(journey.id, f"Stage {number}", acting_user=alice_acts)
    page = open_map(alice, viewport=PHONE, has_touch=True, is_mobile=True)
    page.locator("[data-present]").tap()
    expect(sheet(page)).to_contain_text("1 of 14")
    edges = "(part) => [part.getBoundingClientRect().left, part.getBoundingClientRect().right]"
    for part in (".present-sheet", "[data-present-step='-1']", "[data-present-line]"):
        left, right = sheet(page).locator(part).evaluate(edges)
        assert left >= 0
        assert right <= PHONE["width"]


# Drawn anew


def test_a_stage_added_elsewhere_leaves_hands_and_eyes_where_they_are(
    page: Page, journey: JourneyView, carol_acts: Actor
) -> None:
    page.keyboard.press("-")
    page.keyboard.press("/")
    page.keyboard.type("deli")
    opener(page, "Délai").focus()
    page.keyboard.press("x")
    writes.add_stage(journey.id, "Second purchase", acting_user=carol_acts)
    expect(page.locator(".stage-name", has_text="Second purchase")).to_be_visible()
    expect(opener(page, "Délai")).to_be_focused()
    selected(page, "Délai de livraison ?")
    expect(page.locator("[data-zoom-now]")).to_have_text("90")
    found(page, "Why so much for shipping?", "Delivery by bicycle")


def test_a_stage_added_elsewhere_leaves_an_open_card_open(
    page: Page, journey: JourneyView, carol_acts: Actor, see: See
) -> None:
    opener(page, "Délai").click()
    title = page.locator("#card-drawer").get_by_label("Title")
    title.fill("Half a sentence")
    writes.add_stage(journey.id, "Second purchase", acting_user=carol_acts)
    expect(page.locator(".stage-name", has_text="Second purchase")).to_have_count(1)
    expect(title).to_have_value("Half a sentence")
    page.locator("#card-drawer").get_by_role("button", name="Save").click()
    shown(page, "Half a sentence")
    stored(page)
    assert "Half a sentence" in [card.title for card in see().cards]


def test_a_mark_that_changed_is_drawn_though_the_card_did_not(
    page: Page, journey: JourneyView, see: See
) -> None:
    (first, *_others) = see().cards
    payload = {"card": str(first.id), "revision": first.revision}
    with (
        page.expect_response(lambda answer: answer.url.endswith(f"/cards/{first.id}/")),
        transaction.atomic(),
    ):
        publish(journey.brand_id, f"journey:{journey.id}", "card.marked", payload)


def test_the_reading_order_is_row_by_row_and_stage_by_stage(page: Page) -> None:
    """As a screen reader meets it: the rows from top to bottom, within each the stages from left to right."""
    tree = page.locator("#board table").aria_snapshot()
    order = [
        tree.index(words)
        for words in ("Awareness", "Customer needs", "Délai", "Why so much", "Delivery by bicycle")
    ]
    assert order == sorted(order)
    assert tree.count("row ") >= 4
    assert tree.count("columnheader") == 5


# The head of the page


@pytest.mark.parametrize("width", [390, 800, 1280, 1440, 1920])
def test_the_head_of_a_long_title_lies_side_by_side(
    journey: JourneyView, alice_acts: Actor, open_map: OpenMap, alice: Person, width: int
) -> None:
    persona = writes.add_persona("Marie-Antoinette de la Rochefoucauld", acting_user=alice_acts)
    title = "Mark achète des chaussures de course pour la saison prochaine, et pour ses enfants aussi"
    writes.edit_journey(journey.id, title=title, kind="to-be", persona_id=persona.id, acting_user=alice_acts)
    page = open_map(alice, viewport={"width": width, "height": 844})
    parts = page.locator(
        ".canvas-head :is(.trail, h1, .persona-chip, .kind-button, .canvas-sentence, .filters, .canvas-tools)"
    )
    boxes = parts.evaluate_all(
        """parts => parts.map(part => part.getBoundingClientRect())
            .map(({ x, y, right, bottom }) => [x, y, right, bottom])"""
    )
    assert len(boxes) == 7
    assert all(x >= 0 and right <= width for x, _top, right, _bottom in boxes)
    for at, one in enumerate(boxes):
        for other in boxes[at + 1 :]:
            beside = one[2] <= other[0] + 1 or other[2] <= one[0] + 1
            assert beside or one[3] <= other[1] + 1 or other[3] <= one[1] + 1, (one, other)
