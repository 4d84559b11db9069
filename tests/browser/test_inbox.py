"""The desk in a browser: by keyboard alone, through a lost connection, by two people, many at once."""

import json
import re
import uuid
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from parcours.accounts.models import Brand, Person
from parcours.accounts.rights import Actor
from parcours.inbox import writes
from parcours.inbox.desk.replies import save_reply
from parcours.inbox.models import ChannelAccount, Conversation, Message
from tests.browser.conftest import PHONE, SignIn
from tests.browser.test_look import sideways, violations
from tests.inbox.conftest import loft as loft  # noqa: PLC0414 - fixtures of the inbox, used here too
from tests.inbox.conftest import pigeons as pigeons  # noqa: PLC0414

pytestmark = pytest.mark.browser

Write = Callable[..., Conversation]
ROW = "[data-row]"


@pytest.fixture
def write(loft: ChannelAccount) -> Write:
    def wrote(text: str = "Where is my parcel?", who: str = "mark", **more: object) -> Conversation:
        told = {"id": str(uuid.uuid4()), "from": who, "name": who.title(), "text": text, **more}
        writes.keep(loft, json.dumps([told]).encode())
        return Message.objects.get(external_id=told["id"]).conversation

    return wrote


@pytest.fixture
def quick_reply(brand: Brand, alice_acts: Actor) -> None:
    save_reply(
        brand,
        shortcut="parcel",
        name="Parcel",
        texts={"en": "Hello {{customer.first_name}}, your parcel is on its way."},
        acting_user=alice_acts,
    )


def replies(conversation: Conversation) -> list[str]:
    rows = Message.objects.filter(conversation=conversation, direction="out").order_by("at")
    return list(rows.values_list("text", flat=True))


def answered(page: Page) -> None:
    """Nothing waits to be stored any more."""
    expect(page.locator("html")).to_have_attribute("data-desk-waits", "0")


def test_a_customer_is_answered_by_keyboard_alone(
    sign_in: SignIn, alice: Person, write: Write, quick_reply: None, troubles: list[str]
) -> None:
    conversation = write("Where is my parcel?")
    write("Another matter", "lea")
    page = sign_in(alice)
    page.goto("/inbox/")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator(".said-in")).to_contain_text("Where is my parcel?")
    page.keyboard.press("i")
    expect(page.locator(".talk-line")).to_contain_text("Alice took it")
    page.keyboard.press("r")
    page.keyboard.type("/par")
    expect(page.locator("#quick-list [aria-selected=true]")).to_contain_text("your parcel is on its way")
    page.keyboard.press("Enter")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".said-out")).to_contain_text("Hello Mark, your parcel is on its way.")
    answered(page)
    assert replies(conversation) == ["Hello Mark, your parcel is on its way."]
    page.keyboard.press("Escape")
    page.keyboard.press("e")
    expect(page.locator("#toasts")).to_contain_text(f"#{conversation.number} is closed")
    expect(page.locator(ROW)).to_have_count(1)
    answered(page)
    conversation.refresh_from_db()
    assert conversation.status == "closed"
    assert troubles == []


def test_a_reply_written_without_a_connection_is_kept_and_sent_once(
    sign_in: SignIn, alice: Person, write: Write
) -> None:
    conversation = write()
    page = sign_in(alice)
    page.goto(f"/inbox/{conversation.pk}/")

    def refuse(route: Route) -> None:
        route.abort("internetdisconnected")

    page.route("**/reply/", refuse)
    page.locator("#compose-text").fill("It is on its way.")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".said-out[data-waits]")).to_contain_text("It is on its way.")
    assert replies(conversation) == []
    page.unroute("**/reply/", refuse)
    page.reload()
    expect(page.locator(".said-out:not([data-waits])")).to_contain_text("It is on its way.")
    answered(page)
    assert replies(conversation) == ["It is on its way."]


def test_an_answer_that_got_lost_on_its_way_back_is_not_sent_a_second_time(
    sign_in: SignIn, alice: Person, write: Write
) -> None:
    conversation = write()
    page = sign_in(alice)
    page.goto(f"/inbox/{conversation.pk}/")
    lost: list[int] = []

    def lose(route: Route) -> None:
        if lost:
            return route.continue_()
        lost.append(route.fetch().status)
        return route.abort("connectionreset")

    page.route("**/reply/", lose)
    page.locator("#compose-text").fill("It is on its way.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("html")).to_have_attribute("data-desk-waits", "1")
    answered(page)
    assert lost == [200]
    assert replies(conversation) == ["It is on its way."]
    expect(page.locator(".said-out")).to_have_count(1)


def test_two_people_see_each_other_and_what_the_other_does(
    sign_in: SignIn, alice: Person, carol: Person, write: Write
) -> None:
    conversation = write()
    hers, mine = sign_in(carol), sign_in(alice)
    for page in (hers, mine):
        page.goto(f"/inbox/{conversation.pk}/")
    expect(mine.locator("[data-others]")).to_have_text("Carol has this open too")
    hers.locator("#compose-text").press_sequentially("I look into it")
    expect(mine.locator("[data-others]")).to_have_text("Carol is writing")
    mine.locator("#compose-text").fill("My own draft")
    hers.keyboard.press("Control+Enter")
    expect(mine.locator(".said-out")).to_contain_text("I look into it")
    hers.locator("#desk-talk").focus()
    hers.keyboard.press("e")
    expect(mine.locator(ROW)).to_have_count(0)
    expect(mine.locator(".talk-line")).to_contain_text("Carol closed it")
    expect(mine.locator("#compose-text")).to_have_value("My own draft")


def test_many_are_selected_by_key_and_closed_at_once_and_come_back(
    sign_in: SignIn, alice: Person, write: Write
) -> None:
    for n in range(4):
        write(f"Question {n}", f"customer {n}")
    page = sign_in(alice)
    page.goto("/inbox/")
    for _row in range(3):
        page.keyboard.press("j")
        page.keyboard.press("x")
    expect(page.locator("[data-bulk-count]")).to_have_text("3 selected")
    page.keyboard.press("e")
    expect(page.locator(ROW)).to_have_count(1)
    assert Conversation.objects.filter(status="closed").count() == 3
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(ROW)).to_have_count(4)


def test_what_arrives_takes_its_place_without_moving_focus_or_selection(
    sign_in: SignIn, alice: Person, write: Write
) -> None:
    first = write("The first", "anna")
    write("The second", "bert")
    page = sign_in(alice)
    page.goto("/inbox/")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("x")
    write("The third", "cleo")
    expect(page.locator(ROW)).to_have_count(3)
    expect(page.locator(f"{ROW}.is-picked")).to_have_attribute("data-row", str(first.pk))
    expect(page.locator(f'[data-row="{first.pk}"] [data-open]')).to_be_focused()


def test_more_of_a_long_list_comes_by_scrolling(sign_in: SignIn, alice: Person, write: Write) -> None:
    for n in range(60):
        write(f"Question {n}", f"customer {n}")
    page = sign_in(alice)
    page.goto("/inbox/")
    expect(page.locator(ROW)).to_have_count(50)
    page.locator(ROW).last.scroll_into_view_if_needed()
    expect(page.locator(ROW)).to_have_count(60)


def test_a_draft_waits_for_its_conversation(sign_in: SignIn, alice: Person, write: Write) -> None:
    one, other = write("One", "anna"), write("Other", "bert")
    page = sign_in(alice)
    page.goto(f"/inbox/{one.pk}/")
    page.locator("#compose-text").fill("Half a sentence")
    page.locator(f'[data-row="{other.pk}"] [data-open]').click()
    expect(page).to_have_url(re.compile(str(other.pk)))
    expect(page.locator("#compose-text")).to_have_value("")
    page.go_back()
    expect(page.locator("#compose-text")).to_have_value("Half a sentence")


def test_what_nothing_is_known_for_is_not_sent(sign_in: SignIn, alice: Person, write: Write) -> None:
    conversation = write()
    page = sign_in(alice)
    page.goto(f"/inbox/{conversation.pk}/")
    page.locator("#compose-text").fill("Order {{order.number}} is on its way.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#desk-says")).to_contain_text("braces")
    assert replies(conversation) == []


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_the_desk_is_readable_by_everybody_on_a_desk_and_on_a_phone(
    sign_in: SignIn, alice: Person, write: Write, colours: str
) -> None:
    conversation = write("Where is my parcel?", files=["shoe.png"])
    writes.add_note(
        conversation.pk,
        "She is a regular.",
        acting_user=Actor("system", conversation.brand_id, "owner", None, "P"),
    )
    for browser in ({}, {"viewport": PHONE, "has_touch": True}):
        page = sign_in(alice, color_scheme=colours, **browser)
        for address in (
            "/inbox/",
            f"/inbox/{conversation.pk}/",
            "/inbox/settings/replies/",
            "/inbox/settings/macros/",
            "/inbox/settings/channels/",
            f"/inbox/settings/channels/{conversation.account_id}/",
            "/inbox/settings/channels/outbox/",
        ):
            page.goto(address)
            assert violations(page) == []
            assert sideways(page) <= 0, address


def test_one_column_at_a_time_on_a_phone(sign_in: SignIn, alice: Person, write: Write) -> None:
    write("Where is my parcel?")
    page = sign_in(alice, viewport=PHONE, has_touch=True)
    page.goto("/inbox/")
    expect(page.locator(".desk-talk")).to_be_hidden()
    page.locator("[data-open]").first.tap()
    expect(page.locator(".said-in")).to_be_visible()
    expect(page.locator(".desk-list")).to_be_hidden()
    page.locator("[data-show-beside]").tap()
    expect(page.locator(".beside")).to_be_visible()
    expect(page.locator(".talk")).to_be_hidden()
    page.locator("[data-hide-beside]").tap()
    page.locator("[data-back]").tap()
    expect(page.locator(".desk-list")).to_be_visible()
