"""One agent with two tabs: what waits for the line is sent by one of them, once, and is seen in both."""

import uuid

import pytest
from playwright.sync_api import FilePayload, Page, Request, expect

from parcours.accounts.models import Person
from parcours.inbox.models import ChannelAccount, Conversation, Message
from tests.browser.conftest import SignIn, until
from tests.inbox.conftest import loft as loft  # noqa: PLC0414 - fixtures of the inbox, used here too
from tests.inbox.conftest import pigeons as pigeons  # noqa: PLC0414
from tests.inbox.test_receiving import bring

pytestmark = pytest.mark.browser

Tabs = tuple[Page, Page]
SHOE: FilePayload = {"name": "shoe.png", "mimeType": "image/png", "buffer": b"png"}


@pytest.fixture
def conversation(loft: ChannelAccount) -> Conversation:
    bring(loft, {"id": str(uuid.uuid4()), "text": "Where is my parcel?"})
    return Conversation.objects.get()


@pytest.fixture
def posts() -> list[str]:
    """Each reply that left a tab."""
    return []


@pytest.fixture
def tabs(sign_in: SignIn, alice: Person, conversation: Conversation, posts: list[str]) -> Tabs:
    """Both at the conversation."""
    first = sign_in(alice)
    other = first.context.new_page()

    def note(request: Request) -> None:
        if request.method == "POST" and request.url.endswith("/reply/"):
            posts.append(request.post_data or "")

    first.context.on("requestfinished", note)
    for tab in (first, other):
        tab.goto(f"/inbox/{conversation.pk}/")
        expect(tab.locator("#compose-text")).to_be_enabled()
    return first, other


def reply(tab: Page, text: str) -> None:
    tab.locator("#compose-text").fill(text)
    tab.locator("#compose-text").press("Control+Enter")
    expect(tab.locator(".said-out[data-waits]").filter(has_text=text)).to_be_visible()


def test_a_reply_that_waits_stands_in_both_and_is_sent_once(
    tabs: Tabs, posts: list[str], conversation: Conversation
) -> None:
    first, other = tabs
    first.context.set_offline(True)
    reply(first, "From the first")
    reply(other, "From the other")
    for tab in tabs:
        expect(tab.locator(".said-out[data-waits]")).to_have_count(2)
    first.context.set_offline(False)
    for tab in tabs:
        expect(tab.locator(".said-out:not([data-waits])")).to_have_count(2)
        expect(tab.locator(".said-out[data-waits]")).to_have_count(0)
        expect(tab.locator("html")).to_have_attribute("data-desk-waits", "0")
    assert len(posts) == 2
    assert Message.objects.filter(conversation=conversation, direction="out").count() == 2
    assert not any("parcours.desk" in key for key in first.evaluate("Object.keys(localStorage)"))


def test_what_a_closed_tab_had_on_its_way_is_sent_by_the_one_that_is_left(
    tabs: Tabs, posts: list[str], conversation: Conversation
) -> None:
    first, other = tabs
    first.context.set_offline(True)
    reply(first, "Before it was closed")
    expect(other.locator(".said-out[data-waits]")).to_contain_text("Before it was closed")
    first.close()
    other.context.set_offline(False)
    expect(other.locator(".said-out:not([data-waits])")).to_contain_text("Before it was closed")
    assert len(posts) == 1
    assert Message.objects.filter(conversation=conversation, direction="out").count() == 1


def test_words_whose_files_went_with_their_page_come_back_unsent(
    tabs: Tabs, conversation: Conversation
) -> None:
    first, other = tabs
    first.context.set_offline(True)
    first.locator("[data-file-input]").set_input_files(SHOE)
    reply(first, "Is it this one?")
    first.close()
    expect(other.locator("#toasts")).to_contain_text("attach the files once more")
    expect(other.locator("#compose-text")).to_have_value("Is it this one?")
    expect(other.locator(".said-out")).to_have_count(0)
    other.context.set_offline(False)
    expect(other.locator("html")).to_have_attribute("data-desk-waits", "0")
    assert not Message.objects.filter(conversation=conversation, direction="out").exists()


def test_what_is_refused_in_one_stands_in_the_other_no_more(tabs: Tabs) -> None:
    first, other = tabs
    first.context.set_offline(True)
    reply(first, "What the channel doesn't take")
    expect(other.locator(".said-out[data-waits]")).to_be_visible()
    first.route("**/reply/", lambda route: route.fulfill(status=422, body="<p>No.</p>"))
    first.context.set_offline(False)
    expect(first.locator("#compose-text")).to_have_value("What the channel doesn't take")
    for tab in tabs:
        expect(tab.locator(".said-out")).to_have_count(0)
    assert until(first, lambda: not Message.objects.filter(direction="out").exists())
