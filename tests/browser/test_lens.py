"""A journey by generations, on a phone."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from parcours.accounts.models import Person
from parcours.canvas.shapes import Board
from tests.browser.conftest import PHONE, SignIn
from tests.browser.test_look import sideways, violations
from tests.insights.happened import Happened, Store
from tests.insights.shop import born as born  # noqa: PLC0414 - fixtures of the shop, used here too
from tests.insights.shop import drawn as drawn  # noqa: PLC0414
from tests.insights.shop import store as store  # noqa: PLC0414

pytestmark = pytest.mark.browser


@pytest.fixture
def three_generations(store: Store, born: Callable[[dict[str, int]], None], drawn: Board) -> Board:
    """Sixty of Generation Z, fifty Millennials, thirty Boomers who looked; half of each chose."""
    ages = [*[2000] * 60, *[1990] * 50, *[1955] * 30]
    looked = [Happened(f"c{n}", "View", 20) for n in range(len(ages))]
    store([*looked, *[Happened(f"c{n}", "Cart", 10) for n in range(0, len(ages), 2)]])
    born({f"c{n}": year for n, year in enumerate(ages)})
    return drawn


def test_a_phone_shows_two_generations_and_others_by_a_tap(
    three_generations: Board, alice: Person, sign_in: SignIn
) -> None:
    page = sign_in(alice, viewport=PHONE, has_touch=True)
    page.goto(f"/map/{three_generations.journey.id}/generations/")
    heads = page.locator(".lens-table thead th:visible")
    expect(heads).to_have_text(
        [re.compile(words) for words in ("Last|All", "All", "Millennials", "Generation Z")]
    )
    assert sideways(page) <= 0
    assert violations(page) == []
    page.locator(".lens-shown label", has_text="boomers").tap()
    expect(heads).to_have_count(5)
    page.get_by_role("checkbox", name="Millennials").press("Space")
    expect(heads).to_have_count(4)
    row = page.locator(".lens-table tbody tr", has_text="go on").first
    expect(row.locator("td:visible")).to_have_count(3)
    page.locator(".lens-table tbody tr").last.scroll_into_view_if_needed()
    expect(heads.first).to_be_in_viewport()


def test_a_wide_window_shows_every_generation(
    three_generations: Board, alice: Person, sign_in: SignIn
) -> None:
    page = sign_in(alice)
    page.goto(f"/map/{three_generations.journey.id}/generations/")
    expect(page.locator(".lens-table thead th:visible")).to_have_count(5)
    expect(page.locator(".lens-shown")).to_be_hidden()
