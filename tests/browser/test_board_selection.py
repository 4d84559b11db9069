"""Several cards in one hand: selected by box, frame, key or finger; moved, doubled, deleted, copied."""

import pytest
from playwright.sync_api import CDPSession, Page, expect

from parcours.accounts.models import Person
from parcours.accounts.rights import Actor
from parcours.canvas import reads, writes
from parcours.canvas.shapes import JourneyView
from tests.browser.board import (
    OpenMap,
    See,
    card,
    cell,
    drag,
    opener,
    selected,
    shown,
    stored,
)
from tests.browser.board import at_alices as at_alices  # noqa: PLC0414 - fixtures of the map, used here too
from tests.browser.board import open_map as open_map  # noqa: PLC0414
from tests.browser.conftest import PHONE
from tests.canvas.conftest import AddCard, png, titles

pytestmark = pytest.mark.browser


@pytest.fixture
def three(add_card: AddCard) -> list[str]:
    names = ["One", "Two", "Three"]
    for name in names:
        add_card(name)
    return names


@pytest.fixture
def page(three: list[str], open_map: OpenMap, alice: Person) -> Page:
    return open_map(alice)


def pick(page: Page, title: str, **click: object) -> None:
    card(page, title).hover()
    card(page, title).locator("[data-card-pick]").click(**click)  # type: ignore[arg-type]


def do(page: Page, what: str) -> None:
    page.locator("#selection").get_by_role("button", name=what).click()


def test_the_bar_says_how_many_cards_are_selected(page: Page) -> None:
    pick(page, "One")
    pick(page, "Three")
    selected(page, "One", "Three")
    expect(page.locator("#selection")).to_contain_text("2 cards selected")
    page.keyboard.press("Escape")
    expect(page.locator("#selection")).not_to_be_visible()


def test_shift_and_a_click_select_everything_between(page: Page) -> None:
    pick(page, "One")
    opener(page, "Three").click(modifiers=["Shift"])
    selected(page, "One", "Two", "Three")


def test_a_frame_on_empty_ground_selects_what_it_touches(add_card: AddCard, page: Page) -> None:
    add_card("Beside", stage="Consideration")
    shown(page, "Beside", stage="Consideration")
    ground, last = cell(page, "Decision").bounding_box(), opener(page, "Two").bounding_box()
    assert ground
    assert last
    page.mouse.move(ground["x"] + 60, ground["y"] + 3)
    page.mouse.down()
    page.mouse.move(last["x"] + 10, last["y"] + 10, steps=5)
    page.mouse.up()
    selected(page, "One", "Two", "Beside")


def test_selected_cards_are_dragged_together_and_come_back_in_one_step(page: Page, see: See) -> None:
    pick(page, "One")
    pick(page, "Three")
    drag(page, opener(page, "Three"), cell(page, "Decision"))
    expect(page.locator(".card-carried")).to_have_attribute("data-many", "2")
    page.mouse.up()
    shown(page, "One", "Three", stage="Decision")
    stored(page)
    assert titles(see(), "Decision") == ["One", "Three"]
    page.keyboard.press("Control+z")
    shown(page, "One", "Two", "Three")
    stored(page)
    assert titles(see()) == ["One", "Two", "Three"]


def test_a_group_keeps_its_order_wherever_its_cards_stood(add_card: AddCard, page: Page, see: See) -> None:
    add_card("First", stage="Decision")
    add_card("Last", stage="Decision")
    shown(page, "First", "Last", stage="Decision")
    pick(page, "Two")
    pick(page, "Last")
    drag(page, opener(page, "Two"), opener(page, "First"))
    page.mouse.up()
    stored(page)
    shown(page, "Two", "Last", "First", stage="Decision")
    assert titles(see(), "Decision") == ["Two", "Last", "First"]


def test_the_keyboard_selects_a_range_and_moves_it(page: Page, see: See) -> None:
    opener(page, "One").focus()
    page.keyboard.press("Shift+ArrowDown")
    selected(page, "One", "Two")
    expect(page.locator("#board-says")).to_contain_text("2 selected")
    page.keyboard.press("m")
    dialog = page.locator("#card-move")
    expect(dialog).to_contain_text("2 cards")
    dialog.get_by_label("Stage").select_option("Retention")
    dialog.get_by_role("button", name="Move").click()
    shown(page, "One", "Two", stage="Retention")
    stored(page)
    assert titles(see(), "Retention") == ["One", "Two"]
    assert titles(see()) == ["Three"]


def test_everything_in_a_cell_is_selected_and_carried_by_keys(page: Page, see: See) -> None:
    opener(page, "Two").focus()
    page.keyboard.press("Control+a")
    selected(page, "One", "Two", "Three")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    shown(page, "One", "Two", "Three", stage="Consideration")
    stored(page)
    assert titles(see(), "Consideration") == ["One", "Two", "Three"]


def test_deleting_several_cards_is_one_step(page: Page, see: See) -> None:
    pick(page, "One")
    pick(page, "Two")
    do(page, "Delete")
    shown(page, "Three")
    stored(page)
    assert titles(see()) == ["Three"]
    page.get_by_role("button", name="Undo", exact=True).last.click()
    shown(page, "One", "Two", "Three")
    stored(page)
    assert titles(see()) == ["One", "Two", "Three"]


def test_a_duplicate_says_everything_the_original_says(
    journey: JourneyView, add_card: AddCard, alice_acts: Actor, at_alices: Page, see: See
) -> None:
    picture = writes.add_picture(png(), acting_user=alice_acts)
    add_card("Which shoes?", text="Asked on the phone", picture_id=picture.id, picture_alt="A shoe")
    opener(at_alices, "Which shoes?").focus()
    at_alices.keyboard.press("d")
    shown(at_alices, "Which shoes?", "Which shoes?")
    stored(at_alices)
    first, second = see().cards
    assert (second.title, second.text, second.picture) == (first.title, first.text, first.picture)


def test_copied_cards_are_pasted_on_another_journey(
    page: Page, alice_acts: Actor, journey: JourneyView
) -> None:
    other = writes.create_journey("Another one", acting_user=alice_acts, language="en")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    pick(page, "One")
    pick(page, "Two")
    page.keyboard.press("Control+c")
    expect(page.locator("#toasts")).to_contain_text("2 cards were copied")
    assert page.evaluate("navigator.clipboard.readText()") == (
        "One\t\tAwareness\tCustomer needs\nTwo\t\tAwareness\tCustomer needs"
    )
    page.goto(f"/map/{other.id}/")
    cell(page, "Decision").locator("[data-add]").focus()
    page.keyboard.press("Control+v")
    shown(page, "One", "Two", stage="Decision")
    stored(page)
    assert titles(reads.board(journey.brand_id, other.id), "Decision") == ["One", "Two"]


def paste(page: Page, text: str) -> None:
    page.evaluate(
        """(text) => {
            const data = new DataTransfer();
            data.setData("text/plain", text);
            const pasted = { clipboardData: data, bubbles: true, cancelable: true };
            document.activeElement.dispatchEvent(new ClipboardEvent("paste", pasted));
        }""",
        text,
    )


def test_the_rows_of_a_table_become_cards(at_alices: Page, see: See) -> None:
    cell(at_alices, "Decision").locator("[data-add]").focus()
    paste(at_alices, 'Title\tText\nWhy so much?\t"Said\nby phone"\r\nFree returns\n')
    shown(at_alices, "Why so much?", "Free returns", stage="Decision")
    stored(at_alices)
    assert [(card.title, card.text) for card in see().cards] == [
        ("Why so much?", "Said\nby phone"),
        ("Free returns", ""),
    ]
    at_alices.keyboard.press("Control+z")
    shown(at_alices, stage="Decision")


def test_a_picture_pasted_into_a_cell_makes_a_key_moment(at_alices: Page, see: See) -> None:
    cell(at_alices, "Decision", "Key moment").locator("[data-add]").focus()
    at_alices.evaluate(
        """(bytes) => {
            const data = new DataTransfer();
            data.items.add(new File([new Uint8Array(bytes)], "screen.png", { type: "image/png" }));
            const pasted = { clipboardData: data, bubbles: true, cancelable: true };
            document.activeElement.dispatchEvent(new ClipboardEvent("paste", pasted));
        }""",
        list(png().getvalue()),
    )
    expect(cell(at_alices, "Decision", "Key moment").locator("img")).to_be_visible()
    stored(at_alices)
    (made,) = see().cards
    assert made.picture is not None


def finger(touch: CDPSession, kind: str, *points: tuple[float, float]) -> None:
    touches = [{"x": x, "y": y} for x, y in points]
    touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})


def test_a_finger_holds_a_card_to_select_and_taps_the_others(
    three: list[str], open_map: OpenMap, alice: Person, see: See
) -> None:
    page = open_map(alice, viewport=PHONE, has_touch=True, is_mobile=True)
    box = opener(page, "One").bounding_box()
    assert box
    touch = page.context.new_cdp_session(page)
    finger(touch, "touchStart", (box["x"] + 20, box["y"] + 8))
    page.locator("[data-dragging]").wait_for()
    finger(touch, "touchEnd")
    selected(page, "One")
    card(page, "Three").tap()
    selected(page, "One", "Three")
    expect(page.locator("#card-drawer")).not_to_be_visible()
    do(page, "Delete")
    stored(page)
    assert titles(see()) == ["Two"]


def test_who_may_only_look_selects_nothing(three: list[str], open_map: OpenMap, bob: Person) -> None:
    page = open_map(bob)
    expect(page.locator("[data-card-pick], #selection")).to_have_count(0)
