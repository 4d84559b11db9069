"""Every page that links lead to: readable by everybody, in both colours, on a desk and on a phone."""

from itertools import pairwise
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import Resolver404, resolve
from playwright.sync_api import Page, expect

from parcours.accounts.models import Person
from parcours.accounts.rights import Actor
from parcours.canvas.proposals.suggesting import suggest_card
from parcours.canvas.proposals.writes import propose
from parcours.canvas.shapes import Board, JourneyView
from parcours.insights.refreshing import tell_canvases
from tests.browser.conftest import PHONE, WIDE, SignIn
from tests.canvas.conftest import AddCard
from tests.insights.happened import Happened, Store
from tests.insights.shop import drawn as drawn  # noqa: PLC0414 - fixtures of the shop, used here too
from tests.insights.shop import store as store  # noqa: PLC0414

pytestmark = pytest.mark.browser

WITHOUT_FRAME = ("/accounts/login/", "/accounts/password/reset/", "/accounts/signup/", "/nowhere/")
# Answers a page that is missing, on purpose.
EXPECTED_TROUBLES = ("404 (Not Found)",)


@pytest.fixture
def shop(store: Store, drawn: Board) -> Board:
    """A journey with numbers: sixty customers look, some choose, a few buy."""
    looked = [Happened(f"c{n}", "View", 20 + n / 100) for n in range(60)]
    chose = [Happened(f"c{n}", "Cart", 10 + n / 100) for n in range(0, 60, 2)]
    bought = [Happened(f"c{n}", "Order", 5 + n / 100) for n in range(0, 60, 6)]
    store([*looked, *chose, *bought, *[Happened(f"c{n}", "Rain", 3) for n in range(0, 60, 7)]])
    return drawn


def addresses_in(page: Page) -> list[str]:
    """Where the links of a page lead, within this installation."""
    found = page.eval_on_selector_all("a[href]:not([download])", "links => links.map(link => link.href)")
    here = urlsplit(page.url).netloc
    parts = [urlsplit(address) for address in found]
    return [f"{part.path}?{part.query}" for part in parts if part.netloc == here]


def route_of(address: str) -> str:
    """One page of each kind is enough: the name of the address's route."""
    try:
        return str(resolve(urlsplit(address).path).url_name)
    except Resolver404:
        return ""


def every_page(page: Page) -> list[str]:
    """One address for each kind of page that links lead to."""
    seen = {"home", "account_logout", "map_picture", "journey_schema"}
    waiting = ["/"]
    found: list[str] = []
    while waiting:
        address = waiting.pop(0)
        page.goto(address)
        found.append(address)
        for next_address in addresses_in(page):
            route = route_of(next_address)
            if route and route not in seen:
                seen.add(route)
                waiting.append(next_address)
    return found


def violations(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [
        f"{urlsplit(page.url).path}: {one['id']}: {node['html'][:120]}"
        for one in found
        for node in one["nodes"]
    ]


def sideways(page: Page) -> int:
    """By how many pixels the page is wider than the window."""
    return int(page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))


def test_no_page_breaks_a_rule_of_accessibility_or_grows_sideways(
    shop: Board, alice: Person, sign_in: SignIn, troubles: list[str]
) -> None:
    page = sign_in(alice)
    addresses = [*every_page(page), "/nowhere/", f"/map/{shop.journey.id}/settings/"]
    assert len(addresses) > 12
    found: list[str] = []
    for address in addresses:
        page.set_viewport_size(WIDE)
        page.emulate_media(color_scheme="light")
        page.goto(address)
        found += violations(page)
        page.emulate_media(color_scheme="dark")
        page.set_viewport_size(PHONE)
        found += violations(page)
        if (wider := sideways(page)) > 0:
            found.append(f"{address} is {wider} px wider than a phone")
    assert not found, "\n".join(found)
    assert [said for said in troubles if not said.endswith(EXPECTED_TROUBLES)] == []


def test_a_strip_of_tabs_shows_the_one_that_is_open(shop: Board, alice: Person, sign_in: SignIn) -> None:
    page = sign_in(alice)
    page.set_viewport_size(PHONE)
    page.goto(f"/map/{shop.journey.id}/")
    page.locator(".canvas-bar .tabs a").last.evaluate("tab => tab.click()")
    page.wait_for_url("**/map/*/*/")
    current = page.locator(".tabs [aria-current=page]").last
    expect(current).to_be_in_viewport(ratio=0.9)
    assert sideways(page) <= 0


def test_new_numbers_come_to_an_open_map_and_leave_its_proposals(
    shop: Board, store: Store, alice: Person, alice_acts: Actor, sign_in: SignIn
) -> None:
    suggest_card(
        shop.journey.id,
        stage_id=shop.stages[0].id,
        lane_id=shop.lanes[0].id,
        title="Say it sooner",
        words="They ask every day.",
        acting_user=alice_acts,
    )
    propose(
        shop.journey.id,
        kind="missing-touchpoint",
        key="rain",
        facts={"names": ["Rain"], "customers": 9, "days": 90, "there": 9, "stage": shop.stages[0].name},
        change={"do": "add_touchpoint", "rule": {"all": []}},
        stage_id=shop.stages[0].id,
        acting_user=alice_acts,
    )
    page = sign_in(alice)
    page.goto(f"/map/{shop.journey.id}/")
    expect(page.locator(".stage-customers").first).to_contain_text("60")
    expect(page.locator(".touchpoint-row")).to_contain_text("Rain")
    store([Happened(f"late{n}", "View", 1) for n in range(7)])
    tell_canvases(shop.journey.brand_id, [shop.journey.id])
    expect(page.locator(".stage-customers").first).to_contain_text("67")
    expect(page.locator(".touchpoint-row")).to_contain_text("Rain")
    expect(page.locator("#board")).to_contain_text("Say it sooner")


def test_the_pages_before_signing_in_keep_the_rules_too(sign_in: SignIn, brand: object) -> None:
    page = sign_in(None)
    found: list[str] = []
    for address in WITHOUT_FRAME:
        page.goto(address)
        found += violations(page)
    assert found == []


def test_the_forms_over_the_map_keep_the_rules(
    add_card: AddCard, journey: JourneyView, alice: Person, sign_in: SignIn
) -> None:
    add_card("Which shoes?")
    page = sign_in(alice)
    page.goto(f"/map/{journey.id}/")
    for key, form in (
        ("Enter", "#card-drawer"),
        ("m", "#card-move"),
        ("?", "#board-keys"),
        ("Control+k", "#search"),
    ):
        page.locator("[data-card-open]").first.focus()
        page.keyboard.press(key)
        page.locator(f"{form}[open]").wait_for()
        assert violations(page) == []
        page.keyboard.press("Escape")
        expect(page.locator(form)).not_to_be_visible()


def test_five_stages_fit_a_small_screen_side_by_side(shop: Board, alice: Person, sign_in: SignIn) -> None:
    page = sign_in(alice)
    page.goto(f"/map/{shop.journey.id}/")
    board = page.locator("#board")
    assert board.evaluate("board => board.scrollWidth <= board.clientWidth")
    heads = [head.bounding_box() for head in page.locator(".stage-head").all()]
    assert len(heads) == 5
    for left, right in pairwise(heads):
        assert left
        assert right
        assert left["x"] + left["width"] <= right["x"] + 1
    names = page.locator(".stage-name")
    assert all(name.evaluate("name => name.scrollWidth <= name.clientWidth") for name in names.all())


def test_stages_and_rows_stay_in_sight_while_the_map_scrolls(
    add_card: AddCard, journey: JourneyView, alice: Person, sign_in: SignIn
) -> None:
    for number in range(30):
        add_card(f"Need {number}")
    page = sign_in(alice)
    page.goto(f"/map/{journey.id}/")
    page.locator("#board").evaluate("board => board.scrollTo(0, 600)")
    expect(page.locator(".stage-name", has_text="Decision")).to_be_in_viewport()


def test_a_number_says_what_it_means_without_a_mouse(shop: Board, alice: Person, sign_in: SignIn) -> None:
    page = sign_in(alice)
    page.goto(f"/map/{shop.journey.id}/")
    number = page.locator(".stage-share").first
    expect(number).to_contain_text("50")
    number.focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    expect(page.get_by_role("tooltip").filter(has_text="30 of 60 customers")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("tooltip")).to_have_count(0)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("30")


def test_where_the_others_went_adds_up(shop: Board, alice: Person, sign_in: SignIn) -> None:
    page = sign_in(alice)
    page.goto(f"/map/{shop.journey.id}/")
    page.locator(".stage-others").first.click()
    counts = page.locator(".others:popover-open .number:not(.soft)").all_inner_texts()
    assert sum(int(count) for count in counts) == 30


def test_a_chosen_period_stands_in_the_address(shop: Board, alice: Person, sign_in: SignIn) -> None:
    page = sign_in(alice)
    page.goto(f"/map/{shop.journey.id}/")
    page.get_by_label("Period").select_option("7d")
    page.wait_for_url("**period=7d*")
    expect(page.locator(".stage-head").first).to_contain_text("Nobody in this period")
    page.reload()
    expect(page.get_by_label("Period")).to_have_value("7d")


def test_the_chosen_colours_stay(shop: Board, alice: Person, sign_in: SignIn) -> None:
    page = sign_in(alice)
    page.goto(f"/map/{shop.journey.id}/")

    def ground() -> str:
        return str(page.evaluate("getComputedStyle(document.documentElement).backgroundColor"))

    light = ground()
    page.get_by_role("button", name="You and your settings").click()
    page.get_by_role("button", name="Dark").click()
    dark = ground()
    assert dark != light
    page.reload()
    assert ground() == dark


def test_search_finds_a_card_by_any_of_its_words(
    add_card: AddCard, journey: JourneyView, alice: Person, sign_in: SignIn
) -> None:
    add_card("Où est mon colis ?", stage="Retention")
    page = sign_in(alice)
    page.goto(f"/map/{journey.id}/")
    page.keyboard.press("Control+k")
    page.keyboard.type("ou colis")
    expect(page.locator("#search-found [aria-selected=true]")).to_contain_text("Où est mon colis ?")
    page.keyboard.press("Enter")
    expect(page.locator("[data-card-open]", has_text="colis")).to_be_focused()


def test_french_words_fit_too(shop: Board, alice: Person, sign_in: SignIn) -> None:
    page = sign_in(alice, locale="fr-FR")
    for address in (f"/map/{shop.journey.id}/", "/map/", f"/map/{shop.journey.id}/touchpoints/"):
        page.goto(address)
        expect(page.locator("html")).to_have_attribute("lang", "fr")
        assert sideways(page) <= 0
    page.set_viewport_size(PHONE)
    page.goto(f"/map/{shop.journey.id}/")
    assert sideways(page) <= 0
