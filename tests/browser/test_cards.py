"""Cards in the hands of people: their tabs, the formatting of their text, the curve, the library."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from parcours.accounts.models import Person
from parcours.accounts.rights import Actor
from parcours.canvas import writes
from parcours.canvas.library import writes as library
from parcours.canvas.shapes import Board, JourneyView
from tests.browser.conftest import PHONE, SignIn
from tests.browser.test_look import violations
from tests.canvas.conftest import AddCard, png

pytestmark = pytest.mark.browser

See = Callable[[], Board]


@pytest.fixture
def open_map(sign_in: SignIn, journey: JourneyView) -> Callable[..., Page]:
    def opened(person: Person, hash_: str = "", **browser: object) -> Page:
        page = sign_in(person, **browser)
        with page.expect_response(lambda answer: "/live" in answer.url):
            page.goto(f"/map/{journey.id}/{hash_}")
        return page

    return opened


OpenMap = Callable[..., Page]


@pytest.fixture
def emotions(journey: JourneyView, add_card: AddCard, alice_acts: Actor) -> None:
    """A row of emotion with a point in three of the stages."""
    writes.add_lane(journey.id, "emotion", acting_user=alice_acts, position=0)
    for stage, title, level in (
        ("Awareness", "Hopes", 20),
        ("Decision", "Caught", -60),
        ("Advocacy", "Proud", 80),
    ):
        add_card(title, stage, kind="emotion", details={"level": level})


def point(page: Page, title: str) -> Locator:
    return page.get_by_role("slider", name=title)


def stored(page: Page) -> None:
    expect(page.locator("[data-waiting], .card[data-held], .card[data-revision='0']")).to_have_count(0)


def level(see: See, title: str) -> object:
    return next(card.details.get("level") for card in see().cards if card.title == title)


def curves(page: Page) -> set[str]:
    return set(
        page.eval_on_selector_all(".emotion-curve", "lines => lines.map(line => line.getAttribute('d'))")
    )


def test_an_address_opens_a_card_at_one_of_its_tabs(
    add_card: AddCard, open_map: OpenMap, alice: Person
) -> None:
    card = add_card("Which shoes?")
    page = open_map(alice, f"#card-{card.id}/library")
    drawer = page.locator("#card-drawer")
    expect(drawer.get_by_role("tab", name="Library")).to_have_attribute("aria-selected", "true")
    drawer.get_by_role("button", name="Save to the library").click()
    expect(drawer).to_contain_text("used once")
    page.keyboard.press("Escape")
    expect(page).not_to_have_url(re.compile("#"))


def test_arrow_keys_walk_the_tabs_and_words_typed_stay(
    add_card: AddCard, open_map: OpenMap, alice: Person
) -> None:
    add_card("Which shoes?")
    page = open_map(alice)
    page.locator("[data-card-open]").first.click()
    drawer = page.locator("#card-drawer")
    drawer.get_by_label("Title").fill("Half a thought")
    first = drawer.get_by_role("tab").first
    first.focus()
    page.keyboard.press("ArrowRight")
    expect(drawer.get_by_role("tab").nth(1)).to_be_focused()
    expect(drawer.get_by_label("Title")).not_to_be_visible()
    page.keyboard.press("Home")
    expect(drawer.get_by_label("Title")).to_have_value("Half a thought")


def test_words_are_made_bold_and_linked_by_keyboard(
    add_card: AddCard, open_map: OpenMap, alice: Person, see: See
) -> None:
    add_card("Which shoes?")
    page = open_map(alice)
    page.locator("[data-card-open]").first.click()
    words = page.locator("#card-drawer [name=text]")
    words.fill("half a size more")
    words.select_text()
    page.keyboard.press("Control+b")
    expect(words).to_have_value("**half a size more**")
    page.keyboard.press("Control+b")
    expect(words).to_have_value("half a size more")
    page.keyboard.press("Control+k")
    page.keyboard.type("https://shop.example/sizes")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("link", name="half a size more")).to_have_attribute(
        "href", "https://shop.example/sizes"
    )
    stored(page)
    assert see().cards[0].text == "[half a size more](https://shop.example/sizes)"


def test_a_picture_opens_in_full_size_and_closes_back_to_its_card(
    add_card: AddCard, open_map: OpenMap, alice: Person, alice_acts: Actor
) -> None:
    picture = writes.add_picture(png(600, 400), acting_user=alice_acts)
    add_card("The cart", kind="moment", picture_id=picture.id, picture_caption="Seen on Monday")
    page = open_map(alice)
    page.locator("[data-card-open]", has_text="The cart").focus()
    page.keyboard.press("v")
    look = page.locator("#card-look")
    expect(look.get_by_text("Seen on Monday")).to_be_visible()
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(page.locator("[data-card-open]", has_text="The cart")).to_be_focused()


def test_the_curve_follows_the_keys_and_others_see_it(
    emotions: None, open_map: OpenMap, alice: Person, carol: Person, see: See
) -> None:
    page, at_carols = open_map(alice), open_map(carol)
    before = curves(page)
    assert len(before) == 1
    caught = point(page, "Decision: Caught")
    expect(caught).to_have_attribute("aria-valuetext", "very unhappy, −60")
    caught.focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Shift+ArrowUp")
    expect(caught).to_have_attribute("aria-valuetext", "rather unhappy, −35")
    expect(point(at_carols, "Decision: Caught")).to_have_attribute("aria-valuetext", "rather unhappy, −35")
    stored(page)
    assert level(see, "Caught") == -35
    drawn = curves(page)
    assert drawn != before
    page.reload()
    assert curves(page) == drawn == curves(at_carols)


def test_arrow_keys_go_from_point_to_point(emotions: None, open_map: OpenMap, alice: Person) -> None:
    page = open_map(alice)
    point(page, "Hopes").focus()
    page.keyboard.press("ArrowRight")
    expect(point(page, "Caught")).to_be_focused()
    page.keyboard.press("Home")
    expect(point(page, "Caught")).to_have_value("-100")
    page.keyboard.press("End")
    expect(point(page, "Caught")).to_have_value("100")
    page.keyboard.press("PageDown")
    expect(point(page, "Caught")).to_have_value("80")


def test_the_point_under_the_keys_says_its_feeling_to_the_eyes_too(
    emotions: None, open_map: OpenMap, alice: Person
) -> None:
    page = open_map(alice)
    said = page.locator(".emotion-said")
    page.locator(".emotion-table").focus()
    page.keyboard.press("Tab")
    while not point(page, "Hopes").evaluate("point => point === document.activeElement"):
        page.keyboard.press("Tab")
    expect(said).to_have_text("rather happy, +20")
    page.keyboard.press("PageUp")
    expect(said).to_have_text("rather happy, +40")
    page.keyboard.press("ArrowRight")
    expect(said).to_have_text("very unhappy, −60")
    page.keyboard.press("Tab")
    expect(said).to_have_count(0)


def test_a_finger_moves_a_point_and_neither_page_nor_stage(
    emotions: None, open_map: OpenMap, alice: Person, see: See
) -> None:
    page = open_map(alice, viewport=PHONE, has_touch=True, is_mobile=True)
    hopes = point(page, "Hopes")
    hopes.evaluate("point => point.scrollIntoView({ block: 'center' })")
    box = hopes.bounding_box()
    assert box
    knob = 28
    track = box["height"] - knob
    x, y = box["x"] + box["width"] / 2, box["y"] + knob / 2 + 0.4 * track
    at, fingers = page.evaluate("scrollY"), page.context.new_cdp_session(page)

    def touch(kind: str, *points: dict[str, float]) -> None:
        fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": list(points)})

    touch("touchStart", {"x": x, "y": y})
    for step in range(1, 9):
        touch("touchMove", {"x": x, "y": y + 0.35 * track * step / 8})
    for step in range(1, 9):
        touch("touchMove", {"x": x + 14 * step, "y": y + 0.35 * track})
    expect(page.locator(".emotion-said")).to_have_text(re.compile("^rather unhappy, −"))
    touch("touchEnd")
    expect(page.locator(".emotion-said")).to_have_count(0)
    stored(page)
    assert -60 < int(str(level(see, "Hopes"))) <= -40
    assert page.evaluate("scrollY") == at
    expect(page.locator("#board")).to_have_attribute("data-at", "1")


def test_the_curve_is_drawn_in_the_colours_of_the_system_and_on_paper(
    emotions: None, open_map: OpenMap, alice: Person
) -> None:
    page = open_map(alice, forced_colors="active", color_scheme="dark")
    curve = page.locator(".emotion-curve").first
    expect(curve).to_have_css("stroke", "rgb(255, 255, 255)")
    page.emulate_media(media="print", forced_colors="none")
    expect(curve).to_have_css("stroke", "rgb(11, 91, 107)")
    expect(page.locator(".emotion-table")).to_be_hidden()


def test_a_point_is_dragged_by_mouse_and_taken_back(
    emotions: None, open_map: OpenMap, alice: Person, see: See
) -> None:
    page = open_map(alice)
    box = point(page, "Caught").bounding_box()
    assert box
    x, knob = box["x"] + box["width"] / 2, 16
    track = box["height"] - knob
    page.mouse.move(x, box["y"] + knob / 2 + 0.8 * track)
    page.mouse.down()
    page.mouse.move(x, box["y"] + knob / 2 + 0.5 * track, steps=5)
    page.mouse.up()
    expect(point(page, "Caught")).to_have_value("0")
    stored(page)
    assert level(see, "Caught") == 0
    page.keyboard.press("Control+z")
    expect(point(page, "Caught")).to_have_value("-60")
    stored(page)
    assert level(see, "Caught") == -60


def test_a_click_on_the_curve_adds_a_point_at_that_height(
    emotions: None, open_map: OpenMap, alice: Person, see: See
) -> None:
    page = open_map(alice)
    plot = page.locator('[data-stage-name="Retention"] [data-emotion]')
    box = plot.bounding_box()
    assert box
    plot.click(position={"x": 20, "y": box["height"] / 2})
    page.keyboard.type("Waits")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    expect(point(page, "Retention: Waits")).to_have_value("0")
    stored(page)
    assert level(see, "Waits") == 0


def test_who_may_only_look_reads_the_curve(emotions: None, open_map: OpenMap, bob: Person) -> None:
    page = open_map(bob, viewport=PHONE)
    expect(point(page, "Hopes")).to_be_disabled()
    page.get_by_role("link", name="Table").click()
    row = page.get_by_role("row", name="Caught")
    expect(row).to_contain_text("very unhappy")
    assert violations(page) == []


def test_the_emotion_row_keeps_the_rules_of_accessibility(
    emotions: None, open_map: OpenMap, alice: Person
) -> None:
    page = open_map(alice)
    assert violations(page) == []
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    page.set_viewport_size(PHONE)
    page.reload()
    assert violations(page) == []


def test_a_card_comes_from_the_library_by_keyboard_and_goes_again_by_undo(
    add_card: AddCard, open_map: OpenMap, alice: Person, alice_acts: Actor, see: See
) -> None:
    for title in ("Call back", "Answer within a minute"):
        card = add_card(title, kind="action")
        library.save_card(card.journey_id, card.id, acting_user=alice_acts)
    page = open_map(alice)
    target = page.locator('[data-cell][data-stage-name="Decision"][data-lane-name="Actions"]')
    target.locator("[data-add]").click()
    target.get_by_role("button", name="From the library").click()
    dialog = page.locator("#library-picker")
    expect(dialog.get_by_role("option")).to_have_count(2)
    assert violations(page) == []
    page.keyboard.type("minute")
    expect(dialog.get_by_role("option")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(target.locator("[data-title]")).to_have_text(["Answer within a minute"])
    stored(page)
    assert len(see().cards) == 3
    page.keyboard.press("Control+z")
    expect(target.locator("[data-title]")).to_have_count(0)
    stored(page)
    assert len(see().cards) == 2


def test_a_card_draws_a_journey_of_its_own_which_leads_back(
    add_card: AddCard, open_map: OpenMap, alice: Person, journey: JourneyView
) -> None:
    add_card("Send shoes back", kind="action")
    page = open_map(alice)
    page.locator("[data-card-open]").first.click()
    page.locator("#card-drawer").get_by_label("Opens another journey").select_option("new")
    page.locator("#card-drawer").get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Opens the journey Send shoes back").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Send shoes back")
    page.get_by_role("link", name="Opened from").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(journey.title)
