"""The desk in a browser: what helps to answer, who is there, and the supervisor's wall as it changes."""

import json
import re
import uuid
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from parcours.accounts.models import Brand, Person
from parcours.accounts.rights import Actor
from parcours.core.clock import now
from parcours.inbox import writes
from parcours.inbox.channels.base import Template, Window
from parcours.inbox.desk.replies import save_reply
from parcours.inbox.models import ChannelAccount, Conversation, Message
from parcours.inbox.routing.models import Presence, Queue
from parcours.inbox.routing.queues import QueueForm, save_queue
from parcours.web.inbox.places import PLACES
from tests.browser.conftest import PHONE, SignIn
from tests.browser.test_look import sideways, violations
from tests.inbox.conftest import loft as loft  # noqa: PLC0414 - fixtures of the inbox, used here too
from tests.inbox.conftest import pigeons as pigeons  # noqa: PLC0414
from tests.inbox.messenger import Pigeons

pytestmark = pytest.mark.browser

Write = Callable[..., Conversation]


@pytest.fixture
def write(loft: ChannelAccount) -> Write:
    def wrote(text: str = "Where is my parcel?", who: str = "mark") -> Conversation:
        at = now().timestamp()
        told = {"id": str(uuid.uuid4()), "from": who, "name": who.title(), "text": text, "at": at}
        writes.keep(loft, json.dumps([told]).encode())
        return Message.objects.get(external_id=told["id"]).conversation

    return wrote


@pytest.fixture
def returns(brand: Brand, alice_acts: Actor) -> Queue:
    return save_queue(brand, QueueForm("Returns"), acting_user=alice_acts)


def stored(page: Page) -> None:
    """Nothing waits to be stored any more."""
    expect(page.locator("html")).to_have_attribute("data-desk-waits", "0")


def test_a_suggested_answer_is_put_in_by_its_number(
    sign_in: SignIn, alice: Person, brand: Brand, alice_acts: Actor, write: Write
) -> None:
    words = {"en": "Hello {{customer.first_name}}, your parcel is on its way."}
    save_reply(brand, shortcut="parcel", name="Parcel", texts=words, acting_user=alice_acts)
    conversation = write()
    page = sign_in(alice)
    page.goto(f"/inbox/{conversation.pk}/")
    expect(page.locator("[data-suggested-at]")).to_have_text(re.compile("/parcel.*Has “parcel”"))
    page.locator("#desk-talk").focus()
    page.keyboard.press("1")
    expect(page.locator("#compose-text")).to_have_value("Hello Mark, your parcel is on its way.")
    expect(page.locator(".compose-suggested")).to_be_hidden()


def test_somebody_comes_online_by_key_and_takes_the_next_conversation(
    sign_in: SignIn, alice: Person, write: Write, troubles: list[str]
) -> None:
    conversation = write()
    page = sign_in(alice)
    page.goto("/inbox/")
    page.keyboard.press("o")
    page.locator("#me-menu").get_by_role("button", name=re.compile("^Online")).click()
    expect(page.locator("[data-me-words]")).to_have_text("Online")
    assert Presence.objects.get(person=alice).state == "online"
    page.keyboard.press("g")
    expect(page.locator(".said-in")).to_contain_text("Where is my parcel?")
    expect(page).to_have_url(re.compile(str(conversation.pk)))
    expect(page.locator("[data-me-load]")).to_have_text(re.compile("^1 of"))
    page.keyboard.press("g")
    expect(page.locator("#toasts")).to_contain_text("Nobody waits for an answer")
    page.keyboard.press("o")
    page.locator("#me-reason").fill("Training")
    page.keyboard.press("Enter")
    expect(page.locator("[data-me-words]")).to_have_text("Away: Training")
    assert troubles == []


def test_whoever_goes_to_a_field_of_a_menu_at_once_stays_there(sign_in: SignIn, alice: Person) -> None:
    page = sign_in(alice)
    page.goto("/inbox/")
    page.evaluate(
        """async () => {
            const menu = document.querySelector("#me-menu");
            const told = new Promise((done) => menu.addEventListener("toggle", done));
            document.querySelector('[popovertarget="me-menu"]').click();
            document.querySelector("#me-reason").focus();
            await told;
        }"""
    )
    expect(page.locator("#me-reason")).to_be_focused()


def test_a_conversation_is_moved_to_another_queue_by_key(
    sign_in: SignIn, alice: Person, write: Write, returns: Queue
) -> None:
    conversation = write()
    page = sign_in(alice)
    page.goto(f"/inbox/{conversation.pk}/")
    page.locator("#desk-talk").focus()
    page.keyboard.press("q")
    page.locator("#talk-queue").select_option(label="Returns")
    page.locator("#talk-more").get_by_role("button", name="Move").click()
    stored(page)
    conversation.refresh_from_db()
    assert conversation.queue_id == returns.pk


def test_a_template_is_filled_seen_and_sent(
    sign_in: SignIn, alice: Person, write: Write, pigeons: Pigeons, monkeypatch: pytest.MonkeyPatch
) -> None:
    def window(account: ChannelAccount, conversation: Conversation, moment: datetime) -> Window:
        return Window(open=False, why="The day is over.", templates=True)

    def as_template(template: Template, values: Sequence[str]) -> dict[str, Any]:
        return {"values": list(values)}

    known = [Template("arrived", "en", "Hello {{1}}, it is at {{2}}.", ("1", "2"))]
    monkeypatch.setattr(pigeons, "window", window)
    monkeypatch.setattr(pigeons, "templates", lambda _account: known)
    monkeypatch.setattr(pigeons, "as_template", as_template)
    conversation = write()
    page = sign_in(alice)
    page.goto(f"/inbox/{conversation.pk}/")
    page.locator("#desk-talk").focus()
    page.keyboard.press("p")
    dialog = page.locator("#desk-approved")
    dialog.get_by_label("In place of 1").fill("Mark")
    dialog.get_by_label("In place of 2").fill("the shop")
    expect(dialog.locator("[data-approved-words]")).to_have_text("Hello Mark, it is at the shop.")
    assert violations(page) == []
    dialog.get_by_role("button", name="Send").click()
    expect(page.locator(".said-out:not([data-waits])")).to_contain_text("Hello Mark, it is at the shop.")
    assert Message.objects.get(direction="out").payload["template"] == {"values": ["Mark", "the shop"]}


def test_two_conversations_become_one_and_a_message_becomes_its_own(
    sign_in: SignIn, alice: Person, write: Write
) -> None:
    stays, goes = write("Where is my parcel?", "mark"), write("It is me again", "mark at work")
    page = sign_in(alice)
    page.goto(f"/inbox/{goes.pk}/")
    page.locator('[popovertarget="talk-more"]').click()
    page.locator("#talk-into").fill(f"#{stays.number}")
    page.keyboard.press("Enter")
    stored(page)
    goes.refresh_from_db()
    assert goes.merged_into_id == stays.pk
    page.goto(f"/inbox/{stays.pk}/")
    expect(page.locator(".said-in")).to_have_count(2)
    last = page.locator(".said-in").last
    last.hover()
    last.get_by_role("button", name="Make this a conversation of its own").click()
    expect(page.locator(".said-in")).to_have_count(1)
    expect(page).not_to_have_url(re.compile(str(stays.pk)))


def test_every_action_is_found_by_its_name(
    sign_in: SignIn, alice: Person, write: Write, returns: Queue
) -> None:
    page = sign_in(alice)
    page.goto(f"/inbox/{write().pk}/")
    for words in (
        "Assign",
        "Put off",
        "Close the conversation",
        "Move to another queue",
        "Take the next",
        "Online, away",
        "Returns",
        "Supervisor",
        "Quick replies",
    ):
        page.keyboard.press("Control+k")
        page.keyboard.type(words)
        expect(page.get_by_role("option", name=re.compile(f"^{words}")).first).to_be_visible()
        page.keyboard.press("Escape")


def test_the_wall_follows_what_happens_and_acts_without_being_loaded_again(
    sign_in: SignIn, alice: Person, agnes: Person, write: Write, troubles: list[str]
) -> None:
    page = sign_in(alice)
    page.goto("/inbox/supervisor/")
    page.evaluate("window.stays = true")
    expect(page.locator("#wall-pressing ~ *")).to_contain_text("Nobody waits")
    conversation = write("My order never came")
    row = page.locator(f'[data-conversation="{conversation.pk}"]')
    expect(row).to_contain_text("My order never came")
    row.locator("[data-wall-do]").click()
    page.locator("#wall-assignee").select_option(label="Agnes")
    page.locator("#wall-do").get_by_role("button", name="Assign").click()
    expect(row).to_contain_text("Agnes")
    person = page.locator(f'[data-person="{agnes.pk}"]')
    expect(person).to_contain_text("1 of")
    person.locator("[data-wall-agent]").click()
    page.locator("#wall-state").select_option("away")
    page.locator("#wall-reason").fill("Lunch")
    page.locator("#wall-agent").get_by_role("button", name="Save").click()
    expect(person).to_contain_text("Away: Lunch")
    person.locator("[data-wall-agent]").click()
    page.locator("#wall-agent").get_by_role("button", name="Give back all").click()
    expect(page.locator("#toasts")).to_contain_text("1 conversation waits for somebody else.")
    expect(row).to_contain_text("Nobody")
    row.locator("[data-wall-do]").click()
    page.locator("#wall-note").fill("Offer her the express delivery")
    page.locator("#wall-do").get_by_role("button", name="Keep the note").click()
    expect(page.locator("#wall-do")).to_be_hidden()
    assert Message.objects.get(direction="note").text == "Offer her the express delivery"
    assert page.evaluate("window.stays") is True
    assert troubles == []


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_every_page_of_the_inbox_is_readable_by_everybody_on_a_desk_and_on_a_phone(
    sign_in: SignIn, alice: Person, write: Write, returns: Queue, colours: str
) -> None:
    write()
    addresses = [reverse(place.url_name) for place in PLACES if place.url_name.startswith("inbox")]
    for browser in ({}, {"viewport": PHONE, "has_touch": True}):
        page = sign_in(alice, color_scheme=colours, **browser)
        for address in addresses:
            page.goto(address)
            assert violations(page) == [], address
            assert sideways(page) <= 0, address


@pytest.mark.parametrize("width", ["desk", "phone"])
def test_odd_messages_and_names_fit_the_desk(
    sign_in: SignIn, alice: Person, loft: ChannelAccount, width: str
) -> None:
    name = "Wolfeschlegelsteinhausenbergerdorff" * 4
    texts = ["مرحبا، أين طلبي؟ أرسلته الأسبوع الماضي", "W" * 400, "word " * 10_000, ""]
    told = [
        {"id": f"odd{n}", "from": "odd", "name": name, "text": text, "at": now().timestamp() - 60 + n}
        for n, text in enumerate(texts)
    ]
    told[-1]["files"] = ["a picture with a very long name that says nothing about what it shows.png"]
    writes.keep(loft, json.dumps(told).encode())
    page = sign_in(alice, **({"viewport": PHONE, "has_touch": True} if width == "phone" else {}))
    page.goto(f"/inbox/{Conversation.objects.get().pk}/")
    expect(page.locator(".said-in")).to_have_count(4)
    assert sideways(page) <= 0
    assert page.locator(".talk-scroll").evaluate("e => e.scrollWidth - e.clientWidth") <= 0
    assert page.locator(".talk-head").evaluate("e => e.scrollWidth - e.clientWidth") <= 0
    assert page.locator(".said-text").first.evaluate("e => getComputedStyle(e).direction") == "rtl"
    assert violations(page) == []
    time = page.locator(".said-head time").last.bounding_box()
    assert time is not None
    assert time["height"] < 30
    assert page.locator(".desk-link").first.evaluate("e => e.scrollWidth - e.clientWidth") <= 0
