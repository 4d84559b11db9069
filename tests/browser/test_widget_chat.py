"""The chat on a shop's pages, in Chromium, under a policy that allows the two things it needs."""

import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, Route, expect

from parcours.accounts.models import Brand, Person
from parcours.accounts.rights import Actor
from parcours.api.chat.limits import BUCKETS
from parcours.inbox.chat.marks import colleague_types
from parcours.inbox.models import Attachment, ChannelAccount, Conversation, Message
from parcours.inbox.writes import NewFile, add_account, close, mark_shown, send_reply
from tests.browser.conftest import PHONE, until
from tests.inbox.channels.chat.conftest import signature

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@dataclass
class Shop:
    parcours: str
    account: ChannelAccount | None = None
    attributes: str = ""
    url: str = ""
    policies: list[str] = field(default_factory=list)

    def page(self) -> bytes:
        chat = self.account.pk if self.account else ""
        tag = f'<script async src="{self.parcours}/widget.js" data-chat="{chat}" {self.attributes}></script>'
        return f'<!doctype html><html lang="en"><title>Shoes</title><h1>Shoes</h1>{tag}'.encode()


@pytest.fixture
def shop(server: str) -> Iterator[Shop]:
    kept = Shop(server)
    BUCKETS.forget()

    class Pages(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            policy = f"default-src 'none'; script-src {server}; connect-src {server}; base-uri 'none'"
            self.send_header(
                "Content-Security-Policy", f"{policy}; require-trusted-types-for 'script'; form-action 'none'"
            )
            self.end_headers()
            self.wfile.write(kept.page())

        def log_message(self, *_arguments: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Pages) as pages:
        threading.Thread(target=pages.serve_forever, daemon=True).start()
        kept.url = f"http://127.0.0.1:{pages.server_address[1]}"
        yield kept
        pages.shutdown()


Configure = Callable[..., ChannelAccount]


@pytest.fixture
def configure(shop: Shop, brand: Brand, alice: Person, alice_acts: Actor) -> Configure:
    def make(**given: str) -> ChannelAccount:
        said = {"origins": shop.url, "answers": "no", **given}
        shop.account = add_account(brand, "chat", "Shop chat", said, acting_user=alice_acts)
        return shop.account

    return make


@pytest.fixture
def chat(configure: Configure) -> ChannelAccount:
    return configure()


@pytest.fixture
def complaints() -> list[str]:
    return []


@pytest.fixture
def visitor(new_context: Callable[..., BrowserContext], complaints: list[str]) -> Page:
    return watched(new_context().new_page(), complaints)


def watched(page: Page, complaints: list[str]) -> Page:
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    return page


def opened(page: Page, shop: Shop, path: str = "/") -> Locator:
    page.goto(shop.url + path)
    page.get_by_role("button", name="Open the chat").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    return dialog


def say(page: Page, text: str) -> None:
    box = page.get_by_role("textbox", name="Your message")
    box.fill(text)
    box.press("Enter")


def row() -> Conversation:
    return Conversation.objects.select_related("contact").get()


def stored(page: Page) -> dict[str, str]:
    kept: dict[str, str] = page.evaluate("() => ({...localStorage, ...sessionStorage})")
    return kept


def test_a_visitor_and_a_colleague_talk(
    shop: Shop, chat: ChannelAccount, visitor: Page, alice_acts: Actor, complaints: list[str]
) -> None:
    opened(visitor, shop, "/shoes?utm_campaign=spring")
    expect(visitor.get_by_text("Hello, how can we help?")).to_be_visible()
    assert stored(visitor) == {}
    expect(visitor.get_by_role("textbox", name="Your message")).to_be_focused()
    say(visitor, "Do you have size 43? See https://shop.example/7.")
    expect(visitor.get_by_text("Sent", exact=True)).to_be_visible()
    assert set(stored(visitor)) == {"parcours.chat"}
    assert (row().context["campaign"], row().context["page"]) == (
        "spring",
        f"{shop.url}/shoes?utm_campaign=spring",
    )
    expect(visitor.get_by_role("link", name="https://shop.example/7", exact=True)).to_be_visible()

    colleague_types(row().pk, acting_user=alice_acts)
    expect(visitor.get_by_text("Alice is typing")).to_be_visible()
    mark_shown(row().pk, acting_user=alice_acts)
    expect(visitor.get_by_text("Seen", exact=True)).to_be_visible()
    reply = send_reply(row().pk, "Yes, we do", acting_user=alice_acts)
    expect(visitor.get_by_role("log").get_by_text("Yes, we do")).to_be_visible()
    expect(visitor.get_by_text("Alice is typing")).to_have_count(0)
    assert until(visitor, lambda: Message.objects.get(pk=reply.pk).step == "read")
    assert visitor.context.cookies() == []
    assert complaints == []


def test_nothing_is_stored_and_no_chat_code_loaded_before_the_first_click(
    shop: Shop, chat: ChannelAccount, visitor: Page
) -> None:
    asked: list[str] = []
    visitor.on("request", lambda request: asked.append(request.url.removeprefix(shop.parcours)))
    visitor.goto(shop.url)
    expect(visitor.get_by_role("button", name="Open the chat")).to_be_visible()
    assert stored(visitor) == {}
    assert [each for each in asked if "chat" in each and "config" not in each] == []


def test_an_answer_while_the_chat_is_closed_is_counted(
    shop: Shop, chat: ChannelAccount, visitor: Page, alice_acts: Actor
) -> None:
    opened(visitor, shop)
    say(visitor, "Hello")
    expect(visitor.get_by_text("Sent", exact=True)).to_be_visible()
    visitor.keyboard.press("Escape")
    expect(visitor.get_by_role("dialog")).to_be_hidden()
    expect(visitor.get_by_role("button", name="Open the chat")).to_be_focused()
    send_reply(row().pk, "Good morning", acting_user=alice_acts)
    expect(visitor.get_by_role("button", name="Open the chat (1 unread)")).to_be_visible()
    visitor.reload()
    button = visitor.get_by_role("button", name="Open the chat (1 unread)")
    button.click()
    expect(visitor.get_by_text("Good morning")).to_be_visible()
    expect(visitor.get_by_role("button", name=re.compile("unread"))).to_have_count(0)


def test_two_tabs_show_the_same_and_each_message_once(
    shop: Shop, chat: ChannelAccount, visitor: Page, alice_acts: Actor, complaints: list[str]
) -> None:
    other = watched(visitor.context.new_page(), complaints)
    opened(other, shop)
    opened(visitor, shop)
    say(visitor, "From the first tab")
    expect(other.get_by_text("From the first tab")).to_be_visible()
    say(other, "From the second tab")
    expect(visitor.get_by_text("From the second tab")).to_be_visible()
    send_reply(row().pk, "To both", acting_user=alice_acts)
    for page in (visitor, other):
        expect(page.get_by_text("To both")).to_have_count(1)
        expect(page.get_by_text(re.compile("From the"))).to_have_count(2)
    assert Message.objects.count() == 3
    assert complaints == []


def test_what_is_written_offline_leaves_when_the_line_is_back(
    shop: Shop, chat: ChannelAccount, visitor: Page, alice_acts: Actor
) -> None:
    opened(visitor, shop)
    say(visitor, "First")
    expect(visitor.get_by_text("Sent", exact=True)).to_be_visible()
    visitor.context.set_offline(True)
    say(visitor, "Second")
    say(visitor, "Third")
    expect(visitor.get_by_text("You are offline.")).to_be_visible()
    expect(visitor.get_by_text("Waiting for the connection")).to_have_count(2)
    send_reply(row().pk, "Meanwhile", acting_user=alice_acts)
    visitor.context.set_offline(False)
    expect(visitor.get_by_text("Meanwhile")).to_have_count(1)
    expect(visitor.get_by_text("Waiting for the connection")).to_have_count(0)
    said = Message.objects.filter(direction="in").order_by("at").values_list("text", flat=True)
    assert until(visitor, lambda: list(said.all()) == ["First", "Second", "Third"]), list(said)
    expect(visitor.get_by_text("Sent", exact=True)).to_be_visible()


def test_an_answer_that_got_lost_on_the_way_does_not_double_the_message(
    shop: Shop, chat: ChannelAccount, visitor: Page
) -> None:
    visitor.route("**/chat/stream", lambda route: route.abort())  # which would tell that it arrived
    opened(visitor, shop)
    lost = 0

    def lose(route: Route) -> None:
        nonlocal lost
        if route.request.method == "POST" and lost < 2:
            lost += 1
            route.fetch()  # it arrives; the answer doesn't
            route.abort()
        else:
            route.continue_()

    visitor.route("**/chat/post", lose)
    say(visitor, "Only once")
    expect(visitor.get_by_text("Sent", exact=True)).to_be_visible()
    assert lost == 2
    expect(visitor.get_by_text("Only once")).to_have_count(1)
    assert Message.objects.count() == 1


def test_a_reload_in_the_middle_of_sending_loses_nothing(
    shop: Shop, chat: ChannelAccount, visitor: Page
) -> None:
    opened(visitor, shop)
    say(visitor, "First")
    expect(visitor.get_by_text("Sent", exact=True)).to_be_visible()
    visitor.route("**/chat/post", lambda route: route.abort())
    say(visitor, "Second")
    expect(visitor.get_by_text("Sending")).to_be_visible()
    visitor.unroute("**/chat/post")
    opened(visitor, shop)
    expect(visitor.get_by_text("Sending")).to_have_count(0)
    expect(visitor.get_by_text("Second")).to_have_count(1)
    assert Message.objects.filter(text="Second").count() == 1


def test_words_that_were_begun_are_there_after_a_reload_and_gone_once_sent(
    shop: Shop, chat: ChannelAccount, visitor: Page
) -> None:
    opened(visitor, shop)
    box = visitor.get_by_role("textbox", name="Your message")
    box.fill("My shoes are")
    opened(visitor, shop)
    expect(box).to_have_value("My shoes are")
    say(visitor, "My shoes are too small")
    expect(visitor.get_by_text("Sent", exact=True)).to_be_visible()
    opened(visitor, shop)
    expect(visitor.get_by_text("My shoes are too small")).to_have_count(1)
    expect(box).to_have_value("")


def test_pictures_go_both_ways_under_the_strict_policy(
    shop: Shop, chat: ChannelAccount, visitor: Page, alice_acts: Actor, complaints: list[str]
) -> None:
    picture = _png()
    opened(visitor, shop)
    visitor.locator("input[type=file]").set_input_files(
        {"name": "sole.png", "mimeType": "image/png", "buffer": picture}
    )
    visitor.get_by_role("button", name="Send", exact=True).click()
    expect(visitor.get_by_role("img", name="sole.png")).to_be_visible()
    assert Attachment.objects.get().name == "sole.png"
    send_reply(row().pk, "", acting_user=alice_acts, files=[NewFile("size.png", "image/png", picture)])
    expect(visitor.get_by_role("img", name="size.png")).to_be_visible()
    visitor.locator("input[type=file]").set_input_files(
        {"name": "a.exe", "mimeType": "application/x-msdownload", "buffer": b"MZ"}
    )
    expect(visitor.get_by_role("alert").get_by_text("Only pictures and PDF files")).to_be_visible()
    assert complaints == []


def test_a_closed_conversation_is_rated(
    shop: Shop, chat: ChannelAccount, visitor: Page, alice_acts: Actor
) -> None:
    opened(visitor, shop)
    say(visitor, "Hello")
    expect(visitor.get_by_text("Sent", exact=True)).to_be_visible()
    send_reply(row().pk, "Bye", acting_user=alice_acts)
    close(row().pk, acting_user=alice_acts)
    expect(visitor.get_by_role("group", name="How was our answer?")).to_be_visible()
    visitor.get_by_role("radio", name="5: Very good").check(force=True)
    visitor.get_by_role("textbox", name="Anything you would like to add?").fill("Quick")
    visitor.get_by_role("button", name="Send the rating").click()
    expect(visitor.get_by_text("Thank you for telling us.")).to_be_visible()
    assert (row().rating, row().rating_words) == (5, "Quick")


def test_a_form_asks_before_the_chat_where_the_account_says_so(
    shop: Shop, configure: Configure, visitor: Page
) -> None:
    configure(ask_name="optional", ask_email="required", ask_topic="optional", topics="Sizes\nReturns")
    opened(visitor, shop)
    visitor.get_by_role("textbox", name="Name").fill("Mark")
    visitor.get_by_role("textbox", name="E-mail address").fill("mark@example.org")
    visitor.get_by_role("combobox", name="Topic").select_option("Returns")
    visitor.get_by_role("button", name="Start the chat").click()
    say(visitor, "Hello")
    expect(visitor.get_by_text("Sent", exact=True)).to_be_visible()
    found = row()
    assert (found.contact.name, found.contact.handle) == ("Mark", "mark@example.org")
    assert found.context["topic"] == "Returns"


def test_an_absent_team_takes_an_address_and_a_question(
    shop: Shop, configure: Configure, visitor: Page
) -> None:
    configure(hours="mon 00:00-00:01")
    opened(visitor, shop)
    expect(visitor.get_by_text(re.compile("We are away until Monday")).first).to_be_visible()
    visitor.get_by_role("textbox", name="E-mail address").fill("mark@example.org")
    visitor.get_by_role("textbox", name="Your message").fill("Please write to me")
    visitor.get_by_role("button", name="Send", exact=True).click()
    expect(visitor.get_by_text("Sent", exact=True)).to_be_visible()
    assert row().contact.profile["identities"] == {"email": "mark@example.org"}


def test_a_signed_customer_finds_their_history_on_another_device(
    shop: Shop, chat: ChannelAccount, new_context: Callable[..., BrowserContext], complaints: list[str]
) -> None:
    proof = {"signature": signature(chat, "mark")}
    for text, before in (("From home", 0), ("From the train", 1)):
        page = watched(new_context().new_page(), complaints)
        page.goto(shop.url)
        page.wait_for_function("window.parcours && !window.parcours.q")
        page.evaluate("proof => { parcours('identify', 'mark', {}, proof); parcours('open') }", proof)
        expect(page.get_by_role("log").get_by_text("From home")).to_have_count(before)
        say(page, text)
        expect(page.get_by_text("Sent", exact=True)).to_be_visible()
    assert Conversation.objects.count() == 1
    assert complaints == []


def test_a_wrong_signature_is_explained_in_the_console(
    shop: Shop, chat: ChannelAccount, visitor: Page, complaints: list[str]
) -> None:
    visitor.goto(shop.url)
    visitor.wait_for_function("window.parcours && !window.parcours.q")
    visitor.evaluate("parcours('identify', 'mark', {}, {signature: 'abc'}); parcours('open')")
    say(visitor, "Hello")
    expect(visitor.get_by_text("Sent", exact=True)).to_be_visible()
    assert any("The signature isn't that of this user's id" in each for each in complaints)
    assert row().contact.external_id.startswith("visitor:")


def test_on_a_telephone_it_fills_the_screen_and_keeps_the_focus(
    shop: Shop, chat: ChannelAccount, new_context: Callable[..., BrowserContext]
) -> None:
    page = new_context(viewport=PHONE, has_touch=True, reduced_motion="reduce").new_page()
    dialog = opened(page, shop)
    box = dialog.bounding_box()
    assert box is not None
    assert (box["x"], box["y"], box["width"], box["height"]) == (0, 0, PHONE["width"], PHONE["height"])
    for _step in range(12):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.shadowRoot?.activeElement?.closest('.panel') !== null")


def test_it_speaks_french_and_can_be_read_out(
    shop: Shop, chat: ChannelAccount, visitor: Page, alice_acts: Actor, server: str
) -> None:
    shop.attributes = 'data-language="fr"'
    visitor.goto(shop.url)
    visitor.get_by_role("button", name="Ouvrir la discussion").click()
    expect(visitor.get_by_role("dialog", name="Discussion avec Foulée")).to_be_visible()
    expect(visitor.get_by_text("Bonjour, comment pouvons-nous vous aider\u202f?")).to_be_visible()
    log = visitor.get_by_role("log")
    expect(log).to_have_attribute("aria-live", "polite")


def test_a_page_of_another_shop_gets_no_chat(
    shop: Shop, configure: Configure, visitor: Page, complaints: list[str]
) -> None:
    configure(origins="https://elsewhere.example")
    visitor.goto(shop.url)
    assert until(visitor, lambda: any("isn't allowed on pages of" in each for each in complaints))
    expect(visitor.get_by_role("button")).to_have_count(0)


def _png() -> bytes:
    from io import BytesIO

    from PIL import Image

    made = BytesIO()
    Image.new("RGB", (30, 20), "teal").save(made, "PNG")
    return made.getvalue()
