"""Two people at two desks: they see each other, talk, call each other, and merge what they wrote at once."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from parcours.accounts.models import Person
from parcours.canvas import reads
from parcours.canvas.shapes import CardView, JourneyView
from parcours.notices.models import Notice
from parcours.notices.sending import send_due
from tests.browser.conftest import PHONE, WIDE, SignIn
from tests.browser.test_look import sideways, violations
from tests.canvas.conftest import AddCard
from tests.notices.mailbox import Mailbox, mail_server

pytestmark = pytest.mark.browser


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with mail_server() as box:
        yield box


@pytest.fixture
def card(add_card: AddCard) -> CardView:
    return add_card("Will it hurt my back?")


Open = Callable[[Person], Page]


@pytest.fixture
def map_of(sign_in: SignIn, journey: JourneyView, card: CardView) -> Open:
    def open_map(person: Person) -> Page:
        page = sign_in(person)
        page.goto(f"/map/{journey.id}/")
        return page

    return open_map


def on(page: Page, card: CardView) -> str:
    return f'[data-card="{card.id}"]'


def test_people_see_who_is_there_and_where_until_they_leave(
    map_of: Open, alice: Person, carol: Person, card: CardView
) -> None:
    one, two = map_of(alice), map_of(carol)
    here = one.locator("journey-presence")
    expect(here).to_contain_text("2 here")
    expect(here.get_by_role("button")).to_have_accessible_name(re.compile("^Carol"))
    two.locator(f"{on(two, card)} [data-card-open]").focus()
    expect(one.locator(on(one, card))).to_have_attribute("data-here-now", "C")
    here.get_by_role("button").click()
    expect(one.locator(f"{on(one, card)} [data-card-open]")).to_be_focused()
    two.close()
    expect(here).to_be_hidden()
    expect(one.locator(on(one, card))).not_to_have_attribute("data-here-now", "C")


def test_a_comment_is_seen_at_once_and_a_name_rings_the_bell_and_the_mailbox(
    map_of: Open, alice: Person, carol: Person, card: CardView, mailbox: Mailbox
) -> None:
    one, two = map_of(alice), map_of(carol)
    one.goto(f"{one.url.split('#')[0]}#card-{card.id}/comments")
    one.reload()
    field = one.get_by_label("Your comment")
    field.click()
    field.press_sequentially("Is this so, @car")
    expect(one.get_by_role("option", name="Carol")).to_be_visible()
    field.press("Enter")
    expect(field).to_have_value("Is this so, @Carol ")
    field.press("Control+Enter")
    expect(one.locator(".talk-text")).to_contain_text("Is this so, @Carol")
    expect(two.locator(f"{on(two, card)} .mark-comments")).to_contain_text("1")
    expect(two.locator("[data-notices-count]")).to_have_text("1")
    assert send_due() == 1
    assert mailbox.mails[0]["To"] == "carol@example.org"
    two.get_by_role("link", name=re.compile("Notices")).click()
    two.get_by_role("link", name="Alice mentioned you on “Will it hurt my back?”").click()
    expect(two.locator(".talk-text .mention.me")).to_have_text("@Carol")
    two.get_by_label("Your answer").fill("It is.")
    two.get_by_role("button", name="Answer").click()
    expect(one.locator(".talk-text").last).to_have_text("It is.")
    assert not Notice.objects.filter(person=carol, read_at=None).exists()


def test_two_edits_of_one_card_are_merged(
    map_of: Open, alice: Person, carol: Person, card: CardView, journey: JourneyView
) -> None:
    one, two = map_of(alice), map_of(carol)
    for page in (one, two):
        page.locator(f"{on(page, card)} [data-card-open]").click()
        expect(page.locator("[data-card-form] [name=text]")).to_be_visible()
    one.locator("[data-card-form] [name=text]").fill("From Alice")
    one.get_by_role("button", name="Save", exact=True).click()
    expect(one.locator(on(one, card))).to_contain_text("From Alice")
    two.locator("[data-card-form] [name=text]").fill("From Carol")
    two.get_by_role("button", name="Save", exact=True).click()
    merge = two.locator("#card-merge")
    expect(merge).to_contain_text("From Alice")
    expect(merge).to_contain_text("From Carol")
    merge.locator('[data-merge-part] [name="text"]').fill("From Alice and Carol")
    merge.get_by_role("button", name="Save this version").click()
    expect(one.locator(on(one, card))).to_contain_text("From Alice and Carol")
    assert reads.card(journey.brand_id, journey.id, card.id).text == "From Alice and Carol"


@pytest.mark.parametrize("browser_size", [WIDE, PHONE], ids=["desk", "phone"])
def test_the_pages_of_conversations_and_notices_keep_the_rules_of_accessibility(
    sign_in: SignIn, alice: Person, carol: Person, card: CardView, browser_size: ViewportSize
) -> None:
    writer = sign_in(carol)
    writer.goto(f"/map/{card.journey_id}/comments/")
    writer.get_by_label("Your comment").fill("@Alice look")
    writer.get_by_role("button", name="Comment").click()
    page = sign_in(alice, viewport=browser_size)
    for address in (f"/map/{card.journey_id}/comments/", "/notices/", "/me/", "/notices/mails/"):
        page.goto(address)
        assert violations(page) == []
        assert sideways(page) <= 0
    page.goto("/notices/")
    page.locator(".told a").first.click()
    expect(page.locator(".talk-text")).to_be_visible()
    assert violations(page) == []
    assert sideways(page) <= 0
