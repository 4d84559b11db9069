"""The chat as pages of a shop call it."""

import json
import uuid
from hashlib import sha256
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor, system_actor
from parcours.api.chat import limits
from parcours.api.chat.limits import BUCKETS
from parcours.core.clock import now
from parcours.core.registry import personal_data
from parcours.customers.erasure.carrying_out import do_erase
from parcours.events.models import ReceivedEvent
from parcours.inbox.chat.models import ChatSession, ChatUpload
from parcours.inbox.chat.sessions import KEPT, UPLOADS_KEPT, forget_old
from parcours.inbox.files import path_of
from parcours.inbox.models import Arrival, ChannelAccount, Conversation, Message
from parcours.inbox.writes import add_account, add_note, change_account, close, mark_shown, send_reply
from tests.inbox.channels.chat.conftest import SHOP, Page

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40


def the_conversation() -> Conversation:
    return Conversation.objects.select_related("contact", "account").get()


def test_what_a_visitor_writes_is_a_conversation_with_its_context(chat: ChannelAccount) -> None:
    visitor = Page(chat)
    visitor.begin(
        language="fr",
        details={"name": "Mark", "topic": "Tailles"},
        context={"page": f"{SHOP}/shoes/7", "campaign": "spring", "cart_id": "c1", "cart": [{"sku": "S7"}]},
    )
    answer = visitor.say("Ma pointure ?")
    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] == SHOP
    row = the_conversation()
    assert (row.contact.name, row.language, row.preview) == ("Mark", "fr", "Ma pointure ?")
    assert row.context == {
        "page": f"{SHOP}/shoes/7",
        "campaign": "spring",
        "cart_id": "c1",
        "cart": [{"sku": "S7"}],
        "topic": "Tailles",
    }
    assert visitor.me()["messages"][0] | {"id": "", "at": "", "client": ""} == {
        "id": "",
        "client": "",
        "author": "me",
        "name": "",
        "text": "Ma pointure ?",
        "at": "",
        "seen": False,
        "deleted": False,
        "files": [],
    }


def test_the_same_message_again_is_stored_once(visitor: Page) -> None:
    first, again = (visitor.say("Hello", client="one-message").json() for _ in range(2))
    assert first == again
    assert first["client"] == "one-message"
    assert (Message.objects.count(), Arrival.objects.count()) == (1, 1)


def test_another_visitor_may_choose_the_same_id(visitor: Page) -> None:
    other = Page(visitor.account)
    other.begin()
    visitor.say("Mine", client="one-message")
    other.say("Theirs", client="one-message")
    assert (visitor.texts(), other.texts()) == (["Mine"], ["Theirs"])
    assert Conversation.objects.count() == 2


def test_visitors_see_replies_and_never_notes_or_lines(visitor: Page, alice_acts: Actor) -> None:
    visitor.say("Hello")
    row = the_conversation()
    send_reply(row.pk, "Good morning", acting_user=alice_acts)
    add_note(row.pk, "He seems lost", acting_user=alice_acts)
    mark_shown(row.pk, acting_user=alice_acts)
    told = visitor.me()
    assert [(each["author"], each["name"], each["text"]) for each in told["messages"]] == [
        ("me", "", "Hello"),
        ("agent", "Alice", "Good morning"),
    ]
    assert told["messages"][0]["seen"]
    assert told["state"]["unread"] == 1


def test_reading_tells_the_team(visitor: Page, alice_acts: Actor) -> None:
    visitor.say("Hello")
    reply = send_reply(the_conversation().pk, "Good morning", acting_user=alice_acts)
    for step in ("delivered", "read"):
        assert visitor.call("POST", "mark", {"message": str(reply.pk), "step": step}).status_code == 204
        reply.refresh_from_db()
        assert reply.step == step
    assert visitor.me()["state"]["unread"] == 0


def test_nobody_marks_a_message_of_somebody_else(visitor: Page, alice_acts: Actor) -> None:
    visitor.say("Hello")
    reply = send_reply(the_conversation().pk, "Good morning", acting_user=alice_acts)
    other = Page(visitor.account)
    other.begin()
    assert other.call("POST", "mark", {"message": str(reply.pk), "step": "read"}).status_code == 404


def test_older_messages_come_page_by_page(visitor: Page) -> None:
    for number in range(35):
        BUCKETS.forget()
        assert visitor.say(f"{number}").status_code == 200
    said = list(Message.objects.order_by("at", "id").values_list("text", flat=True))
    told = visitor.me()
    got = [each["text"] for each in told["messages"]]
    while told["more"]:
        told = visitor.call("GET", f"messages?before={told['messages'][0]['id']}").json()
        got = [each["text"] for each in told["messages"]] + got
    assert got == said


@pytest.mark.parametrize("origin", ["https://evil.example", "https://shop.example.evil", "null"])
def test_other_sites_are_refused_in_words(chat: ChannelAccount, origin: str) -> None:
    answer = Page(chat, origin).call("POST", "sessions", {"account": str(chat.pk)})
    assert answer.status_code == 403
    assert answer.json()["where"] == "Origin"
    assert not ChatSession.objects.exists()


def test_a_token_is_worth_nothing_on_another_site(visitor: Page) -> None:
    visitor.origin = "https://evil.example"
    assert visitor.call("GET", "me").status_code == 403
    assert visitor.say("Hello").status_code == 403
    assert not Message.objects.exists()


def test_browsers_may_ask_first(chat: ChannelAccount) -> None:
    answer = Page(chat).call("OPTIONS", "post")
    assert answer.status_code == 204
    assert answer.headers["Access-Control-Allow-Origin"] == SHOP
    assert "Authorization" in answer.headers["Access-Control-Allow-Headers"]
    assert "Access-Control-Allow-Credentials" not in answer.headers


def test_without_a_token_nothing_opens(chat: ChannelAccount) -> None:
    stranger = Page(chat, token="chat_guessed")
    for method, address in (("GET", "me"), ("POST", "post"), ("POST", "upload")):
        assert stranger.call(method, address, {} if method == "POST" else None).status_code == 401


def test_no_cookie_is_ever_set(visitor: Page) -> None:
    assert not visitor.say("Hello").cookies
    assert not visitor.call("GET", "me").cookies


def test_a_chat_that_is_switched_off_is_gone(visitor: Page, alice_acts: Actor) -> None:
    change_account(visitor.account.pk, acting_user=alice_acts, enabled=False)
    assert visitor.say("Hello").status_code == 401
    assert visitor.call("GET", f"config?chat={visitor.account.pk}").status_code == 204


def test_whoever_writes_too_often_waits(visitor: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "monotonic", lambda: 0.0)
    answers = [visitor.say(f"{number}") for number in range(30)]
    late = [each for each in answers if each.status_code == 429]
    assert late
    assert int(late[0].headers["Retry-After"]) >= 1
    assert Message.objects.count() == 30 - len(late)


@pytest.mark.parametrize(
    ("given", "where"),
    [
        ({"id": "short", "text": "x"}, "id"),
        ({"id": "long-enough", "text": " "}, "text"),
        ({"id": "long-enough", "text": "x" * 10_001}, "text"),
        ({"id": "long-enough", "text": "x", "files": ["none"]}, "files"),
    ],
)
def test_what_cannot_be_taken_is_said(visitor: Page, given: dict[str, Any], where: str) -> None:
    answer = visitor.call("POST", "post", given)
    assert (answer.status_code, answer.json()["where"]) == (422, where)
    assert not Arrival.objects.exists()


def test_a_picture_comes_with_a_message_and_back(visitor: Page) -> None:
    kept = visitor.call("POST", "upload?name=sole.png", PNG).json()
    assert kept["type"] == "image/png"
    shown = visitor.say("", files=[kept["id"]]).json()["files"][0]
    assert (shown["name"], shown["size"]) == ("sole.png", len(PNG))
    file = Client().get(shown["url"])
    assert file.getvalue() == PNG
    assert file.headers["X-Content-Type-Options"] == "nosniff"
    assert the_conversation().preview == "sole.png"


def test_a_file_is_what_its_bytes_say(visitor: Page) -> None:
    answer = visitor.call("POST", "upload?name=page.png", b"<script>alert(1)</script>")
    assert (answer.status_code, answer.json()["where"]) == (422, "file")


def test_files_of_others_cannot_be_sent_or_seen(visitor: Page) -> None:
    other = Page(visitor.account)
    other.begin()
    kept = visitor.call("POST", "upload?name=sole.png", PNG).json()
    assert other.say("Look", files=[kept["id"]]).status_code == 409
    shown = visitor.say("", files=[kept["id"]]).json()["files"][0]["url"]
    address, _mark, key = shown.partition("?key=")
    assert Client().get(address).status_code == 404
    elsewhere = address.replace(address.rpartition("/")[2], str(uuid.uuid4()))
    assert Client().get(f"{elsewhere}?key={key}").status_code == 404


def test_a_closed_conversation_is_rated_once_it_was_answered(visitor: Page, alice_acts: Actor) -> None:
    visitor.say("Hello")
    row = the_conversation()
    assert visitor.call("POST", "rating", {"score": 5}).status_code == 409
    send_reply(row.pk, "Good morning", acting_user=alice_acts)
    close(row.pk, acting_user=alice_acts)
    assert visitor.me()["state"]["asksRating"]
    assert visitor.call("POST", "rating", {"score": 6}).status_code == 422
    told = visitor.call("POST", "rating", {"score": 4, "words": "Quick"}).json()
    assert (told["rating"], told["asksRating"]) == (4, False)
    row.refresh_from_db()
    assert (row.rating, row.rating_words) == (4, "Quick")
    visitor.call("POST", "rating", {"score": 5})
    told_to_the_log = [json.loads(bytes(each.body)) for each in ReceivedEvent.objects.order_by("id")]
    answers = [each["properties"] for each in told_to_the_log if each["event"] == "Survey Answered"]
    assert [(each["kind"], each["score"], each["comment"]) for each in answers] == [("csat", 4, "Quick")]


def test_what_a_visitor_typed_is_handed_over_and_erased(
    brand: Brand, visitor: Page, system: Actor, django_capture_on_commit_callbacks: Any
) -> None:
    ChatSession.objects.update(details={"name": "Mark Runner", "email": "mark@example.net"})
    visitor.say("Hello")
    kept = visitor.call("POST", "upload?name=sole.png", PNG).json()["id"]
    customer = the_conversation().customer_id
    keeper = personal_data.get("conversations")
    assert keeper is not None
    assert customer is not None
    copy = keeper.export(brand.pk, [customer])
    assert copy["chat sessions"][0]["typed"]["email"] == "mark@example.net"
    stored = path_of(ChatUpload.objects.get(pk=kept).digest)
    assert stored.exists()
    with django_capture_on_commit_callbacks(execute=True):
        do_erase(brand, [customer], acting_user=system)
    assert not ChatSession.objects.exists()
    assert not stored.exists()


def test_the_key_of_the_shop_finds_its_chat(chat: ChannelAccount, brand: Brand, alice_acts: Actor) -> None:
    from parcours.events.writes import add_source

    _source, key = add_source(brand, "Shop", acting_user=alice_acts)
    told = Page(chat).call("GET", f"config?key={key}&language=fr-CA").json()
    assert (told["account"], told["language"], told["open"]) == (str(chat.pk), "fr", True)
    assert told["greeting"].startswith("Bonjour")
    assert Page(chat, "https://evil.example").call("GET", f"config?key={key}").status_code == 204
    assert Page(chat).call("GET", "config?key=pk_unknown").status_code == 204


def test_a_chat_of_another_brand_stays_out_of_reach(visitor: Page, other_brand: Brand) -> None:
    acting = system_actor(other_brand.pk)
    theirs = add_account(other_brand, "chat", "Chat", {"origins": SHOP}, acting_user=acting)
    visitor.say("Hello")
    other = Page(theirs)
    other.begin()
    other.say("Bonjour")
    assert (visitor.texts(), other.texts()) == (["Hello"], ["Bonjour"])
    assert Conversation.objects.filter(brand=other_brand).count() == 1


def test_old_sessions_and_files_that_were_never_sent_are_forgotten(visitor: Page) -> None:
    sent, left = (visitor.call("POST", "upload?name=sole.png", PNG + more).json() for more in (b"1", b"2"))
    visitor.say("Look", files=[sent["id"]])
    old = Page(visitor.account)
    old.begin()
    ChatUpload.objects.update(created_at=now() - 2 * UPLOADS_KEPT)
    ChatSession.objects.exclude(uploads=left["id"]).update(seen_at=now() - 2 * KEPT)
    assert forget_old() == 1
    assert not ChatUpload.objects.exists()
    assert visitor.me()["messages"][0]["files"][0]["url"]
    assert old.call("GET", "me").status_code == 401
    digest = sha256(PNG + b"2").hexdigest()
    assert not path_of(digest).exists()
    assert path_of(sha256(PNG + b"1").hexdigest()).exists()


def test_a_reply_is_sent_by_being_stored(chat: ChannelAccount) -> None:
    """The visitor's page has it from then on: no worker has anything to do."""
    visitor = Page(chat)
    visitor.begin()
    visitor.say("Bonjour")
    sent = send_reply(the_conversation().pk, "Bonjour Mark", acting_user=system_actor(chat.brand_id))
    assert [each["text"] for each in visitor.me()["messages"]] == ["Bonjour", "Bonjour Mark"]
    sent.refresh_from_db()
    assert (sent.step, sent.external_id, sent.outgoing.status) == ("sent", f"chat/{sent.pk}", "sent")
    assert list(sent.ledger.order_by("id").values_list("step", flat=True)) == ["queued", "sent"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'inbox.send'")
        assert cursor.fetchone() == (0,)
