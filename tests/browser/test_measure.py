"""The pages of Measure in a browser: by keyboard alone, for everybody to read, on a desk and on a phone."""

import pytest
from playwright.sync_api import Page, expect

from parcours.accounts.models import Person
from parcours.canvas.shapes import Board
from parcours.measures import kept
from parcours.web.measure import waiting
from tests.browser.conftest import PHONE, WIDE, SignIn
from tests.browser.test_look import sideways, violations
from tests.insights.happened import Happened, Store
from tests.insights.shop import drawn as drawn  # noqa: PLC0414 - fixtures of the shop, used here too
from tests.insights.shop import store as store  # noqa: PLC0414

pytestmark = pytest.mark.browser

PAGES = (
    "",
    "funnel/",
    "funnel/?by=segment",
    "reasons/?of=events&at=Cart&goal=Order",
    "conformance/",
    "flow/?at=View&of=events",
    "paths/",
    "transitions/",
    "channels/?conversion=Order",
    "retention/?start=Order&activity=Order",
    "sessions/",
    "compare/?period=30d",
    "customers/?who=doing&activity=Cart&where=country:FR",
)


@pytest.fixture(autouse=True)
def shop(store: Store, drawn: Board) -> Board:
    """Sixty look, forty of them choose, those in France order, a few call or turn back."""
    kept.forget()
    events = []
    for number in range(60):
        who, country = f"c{number}", "FR" if number % 2 else "BE"
        events.append(Happened(who, "View", 20 + number / 100, "app" if number % 5 == 0 else "web", country))
        if number % 3:
            events.append(Happened(who, "Cart", 10 + number / 100, "web", country))
            if country == "FR":
                events.append(Happened(who, "Order", 9, "web", country))
            if number % 4 == 0:
                events.append(Happened(who, "View", 8, "web", country))
        if number % 6 == 0:
            events.append(Happened(who, "Call", 7, "phone", country))
        events.append(Happened(f"old {number}", "View", 45))
    store(events)
    return drawn


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.id || document.activeElement.textContent.trim()"))


def tab_to(page: Page, wanted: str, most: int = 60) -> None:
    for _press in range(most):
        page.keyboard.press("Tab")
        if focused(page) == wanted:
            return
    raise AssertionError(f"{wanted!r} is not reached by the Tab key")


def test_every_page_is_readable_for_everybody_and_no_wider_than_a_phone(
    alice: Person, sign_in: SignIn, troubles: list[str]
) -> None:
    page = sign_in(alice)
    found: list[str] = []
    for address in PAGES:
        page.set_viewport_size(WIDE)
        page.emulate_media(color_scheme="light")
        page.goto(f"/measure/{address}")
        expect(page.locator("h1")).to_be_visible()
        found += violations(page)
        page.emulate_media(color_scheme="dark")
        page.set_viewport_size(PHONE)
        found += violations(page)
        if (wider := sideways(page)) > 0:
            found.append(f"{address} is {wider} px wider than a phone")
    assert not found, "\n".join(found)
    assert troubles == []


def test_french_words_fit_a_phone(alice: Person, sign_in: SignIn) -> None:
    page = sign_in(alice, locale="fr-FR", viewport=PHONE)
    for address in PAGES:
        page.goto(f"/measure/{address}")
        expect(page.locator("html")).to_have_attribute("lang", "fr")
        assert sideways(page) <= 0, address


def test_from_the_first_page_to_the_customers_and_back_by_keyboard(alice: Person, sign_in: SignIn) -> None:
    page = sign_in(alice)
    page.goto("/measure/")
    tab_to(page, "Who follows the drawn journey")
    page.keyboard.press("Enter")
    page.wait_for_url("**/measure/conformance/**")
    for _press in range(80):
        page.keyboard.press("Tab")
        if page.locator(".deviations a[href*='/measure/customers/']:focus").count():
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/measure/customers/**")
    expect(page.locator("h1")).to_contain_text("Consideration")
    page.go_back()
    expect(page.locator("h1")).to_have_text("Who follows the drawn journey")


def test_filters_are_picked_by_keyboard_and_stand_in_the_address(alice: Person, sign_in: SignIn) -> None:
    page = sign_in(alice)
    page.goto("/measure/paths/")
    tab_to(page, "filter-period")
    page.keyboard.press("ArrowUp")
    page.wait_for_url("**period=30d**")
    tab_to(page, "filter-channel")
    page.keyboard.press("ArrowDown")
    page.wait_for_url("**channel=**")
    expect(page.get_by_label("Period")).to_have_value("30d")


def test_days_of_ones_own_are_chosen_beside_the_usual_ones(alice: Person, sign_in: SignIn) -> None:
    page = sign_in(alice)
    page.goto("/measure/funnel/?within=9d")
    tab_to(page, "Choose days")
    page.keyboard.press("Enter")
    page.get_by_label("From", exact=True).fill("2020-01-01")
    page.get_by_label("To, that day included").fill("2020-01-31")
    page.keyboard.press("Enter")
    page.wait_for_url("**from=2020-01-01**")
    assert "within=9d" in page.url
    expect(page.get_by_label("Period")).to_have_value("2020-01-01..2020-01-31")


def test_a_property_is_chosen_from_its_values_and_left_by_its_chip(alice: Person, sign_in: SignIn) -> None:
    page = sign_in(alice)
    page.goto("/measure/transitions/?of=events")
    page.get_by_role("button", name="Property").click()
    page.get_by_label("Property", exact=True).focus()
    page.locator("#own-property-values option[value=BE]").wait_for(state="attached")
    page.get_by_label("is", exact=True).fill("BE")
    page.keyboard.press("Enter")
    page.wait_for_url("**value=BE**")
    chip = page.locator(".tag.removable")
    expect(chip).to_contain_text("country is “BE”")
    chip.get_by_role("link").click()
    expect(chip).to_have_count(0)


def test_an_answer_that_takes_a_while_comes_after_the_page(
    alice: Person, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "EVENTS_AT_ONCE", 0)
    page = sign_in(alice)
    page.goto("/measure/")
    expect(page.locator(".measure-card [class*=skeleton]")).to_have_count(0)
    page.goto("/measure/reasons/?of=events&at=Cart&goal=Order")
    expect(page.locator(".verdict")).to_contain_text("never came to")
    page.goto("/measure/funnel/?step=Vieww&of=events")
    expect(page.locator("main")).to_contain_text("Vieww")


def test_a_journeys_touchpoints_make_a_funnel(alice: Person, sign_in: SignIn) -> None:
    page = sign_in(alice)
    page.goto("/measure/paths/")
    page.get_by_label("Of", exact=True).select_option(label="Touchpoints of Shoes")
    page.wait_for_url("**touchpoints**")
    page.get_by_role("link", name="Funnel").click()
    expect(page.locator("tbody th").first).to_have_text("Page")
