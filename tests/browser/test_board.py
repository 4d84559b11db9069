"""The map in the hands of two people: by mouse, finger and keyboard, offline, in each other's way."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import CDPSession, Locator, Page, Route, expect

from parcours.accounts.models import Person
from parcours.accounts.rights import Actor
from parcours.canvas import writes
from parcours.canvas.shapes import Board, JourneyView
from tests.browser.conftest import PHONE, SignIn
from tests.browser.test_look import violations
from tests.canvas.conftest import AddCard, png, titles

pytestmark = pytest.mark.browser

See = Callable[[], Board]


@pytest.fixture
def open_map(sign_in: SignIn, journey: JourneyView) -> Callable[..., Page]:
    def opened(person: Person, **browser: object) -> Page:
        page = sign_in(person, **browser)
        with page.expect_response(lambda answer: "/live" in answer.url):
            page.goto(f"/map/{journey.id}/")
        return page

    return opened


OpenMap = Callable[..., Page]


@pytest.fixture
def at_alices(open_map: OpenMap, alice: Person) -> Page:
    return open_map(alice)


def cell(page: Page, stage: str = "Awareness", lane: str = "Customer needs") -> Locator:
    return page.locator(f'[data-cell][data-stage-name="{stage}"][data-lane-name="{lane}"]')


def shown(page: Page, *words: str, stage: str = "Awareness", lane: str = "Customer needs") -> None:
    """Waits until the cell holds exactly these cards, in this order."""
    expect(cell(page, stage, lane).locator("[data-title]")).to_have_text(list(words))


def stored(page: Page) -> None:
    """Waits until nothing in the page is still on its way."""
    expect(page.locator("[data-waiting], .card[data-pending], .card[data-revision='0']")).to_have_count(0)


def opener(page: Page, title: str) -> Locator:
    return page.locator("[data-card-open]", has_text=title)


def add(page: Page, words: str, stage: str = "Awareness") -> None:
    cell(page, stage).locator("[data-add]").click()
    page.keyboard.type(words)
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")


def test_a_card_added_here_appears_there(at_alices: Page, open_map: OpenMap, carol: Person, see: See) -> None:
    at_carols = open_map(carol)
    add(at_alices, "Which shoes?")
    shown(at_alices, "Which shoes?")
    shown(at_carols, "Which shoes?")
    stored(at_alices)
    assert titles(see()) == ["Which shoes?"]


def test_several_cards_are_written_in_a_row(at_alices: Page, see: See) -> None:
    cell(at_alices).locator("[data-add]").click()
    for words in ("One", "Two", "Three"):
        at_alices.keyboard.type(words)
        at_alices.keyboard.press("Enter")
    stored(at_alices)
    assert titles(see()) == ["One", "Two", "Three"]


def test_an_edit_shows_at_once_and_there_too(
    add_card: AddCard, at_alices: Page, open_map: OpenMap, carol: Person, see: See
) -> None:
    add_card("Which shoes?")
    at_alices.reload()
    at_carols = open_map(carol)
    opener(at_alices, "Which shoes?").click()
    form = at_alices.locator("#card-drawer")
    form.get_by_label("Title").fill("Which shoes for my back?")
    form.get_by_label("Text").fill("Asked on the phone")
    form.get_by_role("button", name="Save").click()
    shown(at_alices, "Which shoes for my back?")
    shown(at_carols, "Which shoes for my back?")
    expect(at_carols.get_by_text("Asked on the phone")).to_be_visible()
    stored(at_alices)
    assert see().cards[0].text == "Asked on the phone"


def test_colleagues_see_who_is_editing(
    add_card: AddCard, at_alices: Page, open_map: OpenMap, carol: Person
) -> None:
    add_card("Which shoes?")
    at_alices.reload()
    at_carols = open_map(carol)
    opener(at_carols, "Which shoes?").click()
    expect(at_alices.get_by_text("Carol is editing")).to_be_visible()
    at_carols.keyboard.press("Escape")
    expect(at_alices.get_by_text("Carol is editing")).to_have_count(0)


def test_two_versions_of_a_card_are_settled_side_by_side(
    add_card: AddCard, at_alices: Page, open_map: OpenMap, carol: Person, see: See
) -> None:
    add_card("Which shoes?")
    at_alices.reload()
    at_carols = open_map(carol)
    for page in (at_alices, at_carols):
        opener(page, "Which shoes?").click()
        page.locator("#card-drawer[open]").wait_for()
    for page, words in ((at_alices, "Alice's words"), (at_carols, "Carol's words")):
        page.locator("#card-drawer").get_by_label("Title").fill(words)
        page.locator("#card-drawer").get_by_role("button", name="Save").click()
        if page is at_alices:
            stored(page)
    merge = at_carols.locator("#card-merge")
    expect(merge.locator("[data-merge-words]")).to_have_text(["Alice's words", "Carol's words"])
    merge.get_by_role("radio", name="Theirs").check()
    expect(merge.get_by_role("textbox")).to_have_value("Alice's words")
    merge.get_by_role("textbox").fill("Both words")
    merge.get_by_role("button", name="Save this version").click()
    shown(at_carols, "Both words")
    shown(at_alices, "Both words")
    assert titles(see()) == ["Both words"]


def test_a_card_is_dragged_by_mouse(add_card: AddCard, at_alices: Page, see: See) -> None:
    add_card("Which shoes?")
    add_card("First", stage="Decision")
    add_card("Last", stage="Decision")
    at_alices.reload()
    drag(at_alices, opener(at_alices, "Which shoes?"), opener(at_alices, "Last"))
    at_alices.mouse.up()
    shown(at_alices, "First", "Which shoes?", "Last", stage="Decision")
    stored(at_alices)
    assert titles(see(), "Decision") == ["First", "Which shoes?", "Last"]
    expect(at_alices.locator("#card-drawer")).not_to_be_visible()


def test_escape_takes_a_dragged_card_back(add_card: AddCard, at_alices: Page, see: See) -> None:
    add_card("Which shoes?")
    add_card("Last", stage="Decision")
    at_alices.reload()
    drag(at_alices, opener(at_alices, "Which shoes?"), opener(at_alices, "Last"))
    at_alices.keyboard.press("Escape")
    at_alices.mouse.up()
    expect(at_alices.locator(".card-carried, .card-place")).to_have_count(0)
    shown(at_alices, "Which shoes?")
    assert titles(see()) == ["Which shoes?"]


def drag(page: Page, card: Locator, above: Locator) -> None:
    """Picks the card up and holds it over the upper part of another."""
    start, end = card.bounding_box(), above.bounding_box()
    assert start
    assert end
    page.mouse.move(start["x"] + 5, start["y"] + 5)
    page.mouse.down()
    page.mouse.move(start["x"] + 20, start["y"] + 20)
    page.mouse.move(end["x"] + 5, end["y"] + 2, steps=4)


def finger(touch: CDPSession, kind: str, *points: tuple[float, float]) -> None:
    touches = [{"x": x, "y": y} for x, y in points]
    touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})


def test_a_card_is_carried_by_finger(add_card: AddCard, open_map: OpenMap, alice: Person, see: See) -> None:
    add_card("Upper")
    add_card("Lower")
    page = open_map(alice, viewport=PHONE, has_touch=True, is_mobile=True)
    start, end = opener(page, "Lower").bounding_box(), opener(page, "Upper").bounding_box()
    assert start
    assert end
    touch = page.context.new_cdp_session(page)
    finger(touch, "touchStart", (start["x"] + 20, start["y"] + 8))
    page.locator("[data-dragging]").wait_for()
    finger(touch, "touchMove", (end["x"] + 20, end["y"] + 10))
    finger(touch, "touchMove", (end["x"] + 20, end["y"] + 2))
    finger(touch, "touchEnd")
    shown(page, "Lower", "Upper")
    stored(page)
    assert titles(see()) == ["Lower", "Upper"]


def test_the_keyboard_walks_adds_and_carries(at_alices: Page, add_card: AddCard, see: See) -> None:
    add_card("Needs")
    add_card("Other", stage="Consideration")
    at_alices.reload()
    opener(at_alices, "Needs").focus()
    at_alices.keyboard.press("ArrowRight")
    expect(opener(at_alices, "Other")).to_be_focused()
    at_alices.keyboard.press("ArrowLeft")
    at_alices.keyboard.press("Space")
    at_alices.keyboard.press("ArrowRight")
    expect(at_alices.locator("#board-says")).to_contain_text("Consideration, Customer needs, place 1")
    at_alices.keyboard.press("ArrowDown")
    at_alices.keyboard.press("Space")
    shown(at_alices, "Other", "Needs", stage="Consideration")
    expect(opener(at_alices, "Needs")).to_be_focused()
    at_alices.keyboard.press("n")
    at_alices.keyboard.type("New")
    at_alices.keyboard.press("Enter")
    stored(at_alices)
    assert titles(see(), "Consideration") == ["Other", "Needs", "New"]


def test_escape_puts_a_carried_card_back(at_alices: Page, add_card: AddCard, see: See) -> None:
    add_card("Needs")
    at_alices.reload()
    opener(at_alices, "Needs").focus()
    at_alices.keyboard.press("Space")
    at_alices.keyboard.press("ArrowRight")
    shown(at_alices, "Needs", stage="Consideration")
    at_alices.keyboard.press("Escape")
    shown(at_alices, "Needs")
    expect(opener(at_alices, "Needs")).to_be_focused()
    assert titles(see()) == ["Needs"]


def test_move_to_asks_for_stage_row_and_place(at_alices: Page, add_card: AddCard, see: See) -> None:
    add_card("Needs")
    add_card("First", stage="Advocacy", kind="action")
    add_card("Last", stage="Advocacy", kind="action")
    at_alices.reload()
    opener(at_alices, "Needs").focus()
    at_alices.keyboard.press("m")
    dialog = at_alices.locator("#card-move")
    dialog.get_by_label("Stage").select_option("Advocacy")
    dialog.get_by_label("Row").select_option("Actions")
    dialog.get_by_label("Place").select_option("After “First”")
    dialog.get_by_role("button", name="Move").click()
    shown(at_alices, "First", "Needs", "Last", stage="Advocacy", lane="Actions")
    stored(at_alices)
    assert titles(see(), "Advocacy", "action") == ["First", "Needs", "Last"]


def test_a_deleted_card_comes_back_with_undo(
    at_alices: Page, add_card: AddCard, open_map: OpenMap, carol: Person, see: See
) -> None:
    add_card("First")
    add_card("Second")
    at_alices.reload()
    at_carols = open_map(carol)
    opener(at_alices, "First").focus()
    at_alices.keyboard.press("Delete")
    shown(at_carols, "Second")
    expect(opener(at_alices, "Second")).to_be_focused()
    at_alices.get_by_role("button", name="Undo", exact=True).click()
    shown(at_alices, "First", "Second")
    shown(at_carols, "First", "Second")
    stored(at_alices)
    assert titles(see()) == ["First", "Second"]


def test_what_is_done_offline_is_kept_and_stored_later(at_alices: Page, add_card: AddCard, see: See) -> None:
    add_card("There")
    at_alices.reload()
    at_alices.context.set_offline(True)
    expect(at_alices.get_by_text("You are offline")).to_be_visible()
    add(at_alices, "Meanwhile")
    opener(at_alices, "There").focus()
    at_alices.keyboard.press("Space")
    at_alices.keyboard.press("ArrowRight")
    at_alices.keyboard.press("Space")
    expect(cell(at_alices).get_by_text("Not stored yet")).to_be_visible()
    assert titles(see()) == ["There"]
    at_alices.context.set_offline(False)
    stored(at_alices)
    assert titles(see()) == ["Meanwhile"]
    assert titles(see(), "Consideration") == ["There"]


def test_what_could_not_be_sent_survives_a_reload(at_alices: Page, see: See) -> None:
    def refuse(route: Route) -> None:
        route.abort()

    at_alices.route("**/cards/", refuse)
    add(at_alices, "Meanwhile")
    expect(at_alices.get_by_text("Not stored yet")).to_be_visible()
    at_alices.reload()
    shown(at_alices, "Meanwhile")
    at_alices.unroute("**/cards/", refuse)
    stored(at_alices)
    shown(at_alices, "Meanwhile")
    assert titles(see()) == ["Meanwhile"]


def test_a_screenshot_makes_a_key_moment(
    at_alices: Page, add_card: AddCard, tmp_path: Path, see: See
) -> None:
    add_card("The product page", kind="moment")
    at_alices.reload()
    file = tmp_path / "screen.png"
    file.write_bytes(png().getvalue())
    opener(at_alices, "The product page").click()
    form = at_alices.locator("#card-drawer")
    form.get_by_label("Picture", exact=False).first.set_input_files(file)
    form.get_by_label("What the picture shows").fill("Shoes on a white ground")
    form.get_by_role("button", name="Save").click()
    picture = at_alices.get_by_role("img", name="Shoes on a white ground")
    expect(picture).to_be_visible()
    expect(picture).to_have_js_property("naturalWidth", 60)
    stored(at_alices)
    assert see().cards[0].picture is not None


def test_a_picture_is_pasted(at_alices: Page, add_card: AddCard, see: See) -> None:
    add_card("The product page", kind="moment")
    at_alices.reload()
    opener(at_alices, "The product page").click()
    at_alices.locator("#card-drawer[open]").wait_for()
    at_alices.evaluate(
        """(bytes) => {
            const data = new DataTransfer();
            data.items.add(new File([new Uint8Array(bytes)], "screen.png", { type: "image/png" }));
            const pasted = { clipboardData: data, bubbles: true, cancelable: true };
            const field = document.querySelector("#card-drawer [name=title]");
            field.dispatchEvent(new ClipboardEvent("paste", pasted));
        }""",
        list(png().getvalue()),
    )
    expect(at_alices.locator("[data-drop-shown]")).to_be_visible()
    at_alices.locator("#card-drawer").get_by_role("button", name="Save").click()
    expect(at_alices.locator(".card-picture")).to_be_visible()
    stored(at_alices)
    assert see().cards[0].picture is not None


def test_a_stage_added_elsewhere_appears_here(
    at_alices: Page, journey: JourneyView, carol_acts: Actor
) -> None:
    writes.add_stage(journey.id, "Second purchase", acting_user=carol_acts)
    expect(at_alices.locator(".stage-name", has_text="Second purchase")).to_be_visible()


def test_who_may_only_look_gets_no_tools(add_card: AddCard, open_map: OpenMap, bob: Person) -> None:
    add_card("Which shoes?")
    page = open_map(bob)
    shown(page, "Which shoes?")
    expect(page.locator("[data-add], [data-card-more]")).to_have_count(0)
    add_card("Another")
    shown(page, "Which shoes?", "Another")


def test_who_may_only_look_opens_a_card_to_read_it(add_card: AddCard, open_map: OpenMap, bob: Person) -> None:
    add_card("Which shoes?", text="Asked on the phone, again and again")
    page = open_map(bob)
    opener(page, "Which shoes?").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#card-drawer")).to_contain_text("again and again")
    expect(page.locator("#card-drawer form")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(opener(page, "Which shoes?")).to_be_focused()


def test_a_phone_shows_one_stage_at_a_time(add_card: AddCard, open_map: OpenMap, alice: Person) -> None:
    add_card("Which shoes?")
    add_card("Why so much for shipping?", stage="Decision")
    page = open_map(alice, viewport=PHONE)
    expect(opener(page, "Which shoes?")).to_be_visible()
    expect(opener(page, "Why so much")).not_to_be_visible()
    page.get_by_role("button", name="Decision", exact=True).click()
    expect(opener(page, "Why so much")).to_be_visible()
    expect(opener(page, "Which shoes?")).not_to_be_visible()


def test_a_swipe_goes_on_to_the_next_stage(add_card: AddCard, open_map: OpenMap, alice: Person) -> None:
    add_card("How long is delivery?", stage="Consideration")
    page = open_map(alice, viewport=PHONE, has_touch=True, is_mobile=True)
    expect(opener(page, "How long")).not_to_be_visible()
    touch = page.context.new_cdp_session(page)
    finger(touch, "touchStart", (320, 500))
    finger(touch, "touchMove", (120, 505))
    finger(touch, "touchEnd")
    expect(opener(page, "How long")).to_be_visible()


def test_a_first_card_is_one_key_away_and_ticks_itself_off(at_alices: Page, see: See) -> None:
    page = at_alices
    steps = page.get_by_role("region", name="What makes this map live")
    steps.get_by_role("button", name="Write a first card").press("Enter")
    words = cell(page).locator("[data-composer] textarea")
    expect(words).to_be_focused()
    expect(words).to_have_attribute("placeholder", "For example: “How long does delivery take?”")
    page.keyboard.type("Back pain")
    page.keyboard.press("Enter")
    shown(page, "Back pain")
    expect(steps.locator("[data-done]")).to_have_attribute("data-first-step", "card")
    stored(page)
    assert [card.title for card in see().cards] == ["Back pain"]
    assert violations(page) == []
    steps.get_by_role("button", name="Hide these steps").click()
    expect(steps).to_have_count(0)
    page.reload()
    shown(page, "Back pain")
    expect(steps).to_have_count(0)


def test_what_an_empty_cell_says_takes_a_card(at_alices: Page) -> None:
    page = at_alices
    cell(page, "Decision", "Actions").locator(".cell-hint").click()
    expect(cell(page, "Decision", "Actions").locator("textarea")).to_be_focused()
