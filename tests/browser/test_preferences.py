"""A customer's page in a browser: readable by everybody, worked by the keyboard alone, without scripts."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, expect

from parcours.accounts.models import Brand
from parcours.customers.consent import ledger as consent
from parcours.customers.consent.links import preferences_link, unsubscribe_link
from parcours.customers.writes import resolve_identities
from tests.browser.conftest import PHONE, WIDE
from tests.browser.test_look import sideways, violations

pytestmark = pytest.mark.browser


@pytest.fixture
def mark(brand: Brand) -> int:
    return int(resolve_identities(brand, "user_id", ["mark"])[0])


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_everybody_can_read_it(
    server: str, brand: Brand, mark: int, new_context: Callable[..., BrowserContext], colours: str
) -> None:
    addresses = [preferences_link(brand, mark), unsubscribe_link(brand, mark, "marketing", "email")]
    for size, language in ((WIDE, "en"), (PHONE, "fr")):
        page = new_context(viewport=size, color_scheme=colours, base_url=server).new_page()
        for address in (*addresses, "/preferences/nothing/"):
            page.goto(f"{address}?language={language}")
            assert violations(page) == []
            assert sideways(page) <= 0


def test_the_keyboard_withdraws_and_no_script_is_needed(
    server: str, brand: Brand, mark: int, new_context: Callable[..., BrowserContext]
) -> None:
    page = new_context(java_script_enabled=False, base_url=server, locale="en").new_page()
    page.goto(preferences_link(brand, mark))
    page.get_by_role("group", name="Offers by e-mail").get_by_role("button", name="I agree").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Saved.")).to_be_visible()
    assert consent.state(brand, mark, "marketing", "email") == "granted"
    page.get_by_role("button", name="I withdraw this").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("You refused on")).to_be_visible()
    assert consent.state(brand, mark, "marketing", "email") == "denied"
