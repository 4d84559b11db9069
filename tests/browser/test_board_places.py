"""What the map shows beside its cards: comments on its places, what has no evidence, tools for all eyes."""

import re

import pytest
from playwright.sync_api import Route, ViewportSize, expect

from parcours.accounts.models import Person
from parcours.accounts.rights import Actor
from parcours.canvas import reads, writes
from parcours.canvas.comments.reads import Where
from parcours.canvas.comments.writes import start_thread
from parcours.canvas.evidence.shapes import Given
from parcours.canvas.evidence.writes import add_evidence
from parcours.canvas.rules import name_rule
from parcours.canvas.shapes import CardView, JourneyView
from tests.browser.board import OpenMap, See, card, cell, opener
from tests.browser.board import open_map as open_map  # noqa: PLC0414 - fixtures of the map, used here too
from tests.browser.conftest import PHONE, WIDE
from tests.browser.test_look import sideways, violations
from tests.canvas.conftest import AddCard, png

pytestmark = pytest.mark.browser


def test_c_opens_what_was_said_about_a_card_a_cell_or_a_stage(
    add_card: AddCard, open_map: OpenMap, bob: Person
) -> None:
    add_card("Which shoes?")
    page = open_map(bob)
    opener(page, "Which shoes?").focus()
    page.keyboard.press("c")
    drawer = page.locator("#card-drawer")
    expect(drawer.get_by_role("tab", name="Comments")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Escape")
    expect(drawer).not_to_be_visible()
    page.locator(".stage-head [data-axis-more]").first.focus()
    page.keyboard.press("c")
    expect(page).to_have_url(re.compile("/comments/about/stage:"))
    expect(page.get_by_text("Awareness").first).to_be_visible()


def test_c_in_an_empty_cell_begins_a_conversation_about_it_that_others_see_counted(
    open_map: OpenMap, alice: Person, carol: Person
) -> None:
    page, other = open_map(alice), open_map(carol)
    cell(page).locator("[data-add]").focus()
    page.keyboard.press("c")
    page.get_by_label("Your comment").fill("What do they need here?")
    page.get_by_role("button", name="Comment", exact=True).click()
    expect(page.locator(".talk-text")).to_have_text("What do they need here?")
    said = cell(other).get_by_role("link", name="1 comment")
    expect(said).to_be_visible()
    said.click()
    expect(other.locator(".talk-text")).to_have_text("What do they need here?")


def test_the_menus_lead_to_comments_without_keys(add_card: AddCard, open_map: OpenMap, alice: Person) -> None:
    add_card("Which shoes?")
    page = open_map(alice)
    card(page, "Which shoes?").hover()
    card(page, "Which shoes?").locator("[data-card-more]").click()
    page.locator("#card-menu").get_by_role("button", name="Comments").click()
    tab = page.locator("#card-drawer").get_by_role("tab", name="Comments")
    expect(tab).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Escape")
    page.locator(".stage-head").first.hover()
    page.locator(".stage-head [data-axis-more]").first.click()
    page.locator("#axis-menu").get_by_role("button", name="Comments").click()
    expect(page).to_have_url(re.compile("/comments/about/stage:"))


def test_cards_without_evidence_stand_out_until_escape(
    add_card: AddCard, open_map: OpenMap, alice: Person, journey: JourneyView, alice_acts: Actor
) -> None:
    proved = add_card("Proved")
    add_card("A guess")
    add_evidence(journey.id, proved.id, Given(kind="query", rule=name_rule("Asked")), acting_user=alice_acts)
    page = open_map(alice)
    line = card(page, "A guess").locator(".mark-evidence")
    expect(line).to_have_css("opacity", "0")
    button = page.get_by_role("button", name="Cards without evidence")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_role("status").filter(has_text="1 of 2 without evidence")).to_be_visible()
    expect(line).to_have_css("opacity", "1")
    expect(card(page, "Proved")).to_have_css("box-shadow", "none")
    expect(card(page, "A guess")).not_to_have_css("box-shadow", "none")
    page.keyboard.press("Escape")
    expect(button).to_have_attribute("aria-pressed", "false")
    expect(card(page, "Proved")).not_to_have_css("box-shadow", "none")


def test_a_card_without_evidence_is_no_taller_for_it(
    add_card: AddCard, open_map: OpenMap, alice: Person
) -> None:
    add_card("A guess")
    page = open_map(alice)
    taken = "marks => marks.offsetHeight + parseFloat(getComputedStyle(marks).marginTop)"
    assert card(page, "A guess").locator(".card-marks").evaluate(taken) == 0


def test_an_edited_text_shows_without_its_marks_before_the_server_answers(
    add_card: AddCard, open_map: OpenMap, alice: Person
) -> None:
    add_card("Which shoes?")
    page = open_map(alice)
    held: list[Route] = []
    page.route(
        "**/edit/", lambda route: held.append(route) if route.request.method == "POST" else route.continue_()
    )
    opener(page, "Which shoes?").click()
    page.locator("[data-card-form] [name=text]").fill(
        "**Never** [white](https://example.org/white) ones\n- nor red"
    )
    page.get_by_role("button", name="Save", exact=True).click()
    text = card(page, "Which shoes?").locator("[data-text]")
    expect(text).to_have_text("Never white ones • nor red")
    for route in held:
        route.continue_()
    expect(text.locator("strong")).to_have_text("Never")


@pytest.fixture
def returns(alice_acts: Actor) -> JourneyView:
    return writes.create_journey("Sends shoes back", acting_user=alice_acts, language="en")


@pytest.fixture
def chat(add_card: AddCard, alice_acts: Actor) -> CardView:
    """An action with a picture."""
    picture = writes.add_picture(png(), acting_user=alice_acts)
    return add_card("Chat", kind="action", picture_id=picture.id, picture_alt="A chat")


def test_details_caption_and_the_journey_it_opens_are_merged_part_by_part(
    chat: CardView, returns: JourneyView, open_map: OpenMap, alice: Person, carol: Person
) -> None:
    one, two = open_map(alice), open_map(carol)
    for page in (one, two):
        opener(page, "Chat").click()
        expect(page.locator("[data-card-form] [name=caption]")).to_be_visible()
    form = one.locator("[data-card-form]")
    form.locator("[name=caption]").fill("At noon")
    form.locator("[name=detail-state]").select_option("running")
    form.locator("[name=leads_to]").select_option(str(returns.id))
    one.get_by_role("button", name="Save", exact=True).click()
    expect(card(one, "Chat").locator(".card-caption")).to_have_text("At noon")
    form = two.locator("[data-card-form]")
    form.locator("[name=caption]").fill("At night")
    form.locator("[name=detail-state]").select_option("stopped")
    two.get_by_role("button", name="Save", exact=True).click()
    merge = two.locator("#card-merge")
    expect(merge).to_contain_text("At noon")
    expect(merge).to_contain_text("At night")
    assert violations(two) == []
    for name in ("State", "Opens another journey"):
        merge.get_by_role("group", name=name).get_by_label("Theirs").check()
    merge.get_by_role("button", name="Save this version").click()
    expect(card(one, "Chat").locator(".card-caption")).to_have_text("At night")
    now = reads.card(returns.brand_id, chat.journey_id, chat.id)
    assert now.details["state"] == "running"
    assert now.leads_to == returns.id


@pytest.fixture
def talked_about(add_card: AddCard, see: See, alice_acts: Actor) -> None:
    """Two cards, and conversations about their stage and their cell."""
    add_card("One")
    two = add_card("Two")
    for where in (Where(stage_id=two.stage_id), Where(stage_id=two.stage_id, lane_id=two.lane_id)):
        start_thread(two.journey_id, where, text="Is this so?", acting_user=alice_acts)


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["desk", "phone"])
def test_what_opens_over_the_map_keeps_the_rules_of_accessibility(
    talked_about: None, open_map: OpenMap, alice: Person, size: ViewportSize
) -> None:
    page = open_map(alice, viewport=size)
    found: list[str] = []

    def look(what: str) -> None:
        for colours in ("light", "dark"):
            page.emulate_media(color_scheme=colours)
            found.extend(f"{what}, {colours}: {one}" for one in violations(page))
        if (wider := sideways(page)) > 0:
            found.append(f"{what} is {wider} px too wide")

    look("the map")
    opener(page, "One").focus()
    page.keyboard.press("x")
    expect(page.locator("#selection")).to_be_visible()
    look("the selection")
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    page.keyboard.type("two")
    expect(page.locator("[data-find-count]")).to_have_text("1 of 1")
    look("the search")
    page.keyboard.press("Escape")
    page.locator("[data-unproved]").click()
    look("what has no evidence")
    page.keyboard.press("Escape")
    opener(page, "One").focus()
    page.keyboard.press("p")
    expect(page.locator("#present")).to_be_visible()
    look("the presentation")
    assert not found, "\n".join(found)


@pytest.mark.parametrize("width", [1280, 1440])
def test_every_page_of_a_journey_is_in_sight_above_its_map(
    open_map: OpenMap, alice: Person, width: int
) -> None:
    page = open_map(alice, viewport={"width": width, "height": 900})
    hidden = "tabs => tabs.scrollWidth - tabs.clientWidth"
    assert page.locator(".canvas-bar .tabs").evaluate(hidden) <= 0
