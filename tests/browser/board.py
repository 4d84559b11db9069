"""What tests of the map have in common: opening it, finding cells and cards, waiting until all is stored."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from parcours.accounts.models import Person
from parcours.canvas.shapes import Board, JourneyView
from tests.browser.conftest import SignIn

See = Callable[[], Board]
OpenMap = Callable[..., Page]


@pytest.fixture
def open_map(sign_in: SignIn, journey: JourneyView) -> OpenMap:
    def opened(person: Person, query: str = "", **browser: object) -> Page:
        page = sign_in(person, **browser)
        with page.expect_response(lambda answer: "/live" in answer.url):
            page.goto(f"/map/{journey.id}/{query}")
        return page

    return opened


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


def card(page: Page, title: str) -> Locator:
    return page.locator("#board [data-card]", has_text=title)


def selected(page: Page, *titles: str) -> None:
    """Waits until exactly these cards are selected."""
    expect(page.locator("#board [data-selected] [data-title]")).to_have_text(list(titles))


def drag(page: Page, thing: Locator, to: Locator) -> None:
    """Picks something up and holds it over the upper part of another."""
    start, end = thing.bounding_box(), to.bounding_box()
    assert start
    assert end
    page.mouse.move(start["x"] + 5, start["y"] + 5)
    page.mouse.down()
    page.mouse.move(start["x"] + 20, start["y"] + 20)
    page.mouse.move(end["x"] + 5, end["y"] + 2, steps=4)
