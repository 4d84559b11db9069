"""Telegram: updates of every kind once, edits, files, floods."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor
from parcours.core.clock import clock_at, now
from parcours.core.secrets import unseal
from parcours.inbox import writes
from parcours.inbox.channels import channel_of
from parcours.inbox.models import Attachment, ChannelAccount, Conversation, Message, Outgoing
from parcours.inbox.sending import send
from tests.inbox.platforms.plain import Asked, Platform, platform

pytestmark = pytest.mark.django_db(transaction=True)

TOKEN = "123:abc"


def _telegram(asked: Asked) -> tuple[int, Any]:  # noqa: PLR0911 - each method is a return
    if not asked.path.startswith(f"/bot{TOKEN}/"):
        return 401, {"ok": False, "description": "Unauthorized"}
    method = asked.path.rpartition("/")[2]
    if method == "getMe":
        return 200, {"ok": True, "result": {"username": "foulee_bot"}}
    if method == "getWebhookInfo":
        return 200, {"ok": True, "result": {"url": "…", "last_error_message": "Wrong response: 502"}}
    if method == "setWebhook":
        given = json.loads(asked.body)
        fine = given["url"].startswith("https://") and len(given["secret_token"]) <= 256
        return (
            (200, {"ok": True, "result": True})
            if fine
            else (400, {"ok": False, "description": "bad webhook"})
        )
    if method == "sendMessage":
        given = json.loads(asked.body)
        if not given.get("text"):
            return 400, {"ok": False, "description": "Bad Request: message text is empty"}
        return 200, {"ok": True, "result": {"message_id": 900, "chat": {"id": int(given["chat_id"])}}}
    return 404, {"ok": False, "description": "Not Found: method not found"}


@pytest.fixture
def api(settings: LazySettings) -> Iterator[Platform]:
    settings.PRIVATE_ADDRESSES = ["127.0.0.1"]
    with platform(_telegram) as there:
        settings.TELEGRAM_URL = there.url
        yield there


@pytest.fixture
def bot(brand: Brand, alice_acts: Actor, api: Platform) -> ChannelAccount:
    assert api.url
    return writes.add_account(brand, "telegram", "The bot", {"token": TOKEN}, acting_user=alice_acts)


def call(client: Client, bot: ChannelAccount, update: dict[str, Any], word: str = "") -> int:
    known = word or unseal(bot.secrets["secret_token"])
    headers = {"x-telegram-bot-api-secret-token": known}
    where = f"/hooks/telegram/{bot.pk}"
    return client.post(
        where, json.dumps(update), content_type="application/json", headers=headers
    ).status_code


def update(number: int, text: str = "", **more: Any) -> dict[str, Any]:
    message = {
        "message_id": number,
        "date": 1_790_000_000 + number,
        "chat": {"id": 77, "type": "private"},
        "from": {"id": 77, "first_name": "Mark", "username": "mark_runs", "language_code": "fr"},
        **({"text": text} if text else {}),
        **more,
    }
    return {"update_id": 5000 + number, "message": message}


def test_updates_come_in_once_and_only_with_the_word(client: Client, bot: ChannelAccount) -> None:
    assert call(client, bot, update(1, "Bonjour"), word="another") == 401
    assert [call(client, bot, update(1, "Bonjour")) for _twice in range(2)] == [200, 200]
    message = Message.objects.get()
    assert (message.text, message.conversation.contact.handle) == ("Bonjour", "@mark_runs")
    assert message.conversation.language == "fr"


def test_edits_pictures_places_and_starts(client: Client, bot: ChannelAccount) -> None:
    call(client, bot, update(1, "/start summer"))
    call(client, bot, update(2, "Helo"))
    edited = {**update(2, "Hello")["message"], "edit_date": 1_790_000_100}
    call(client, bot, {"update_id": 6000, "edited_message": edited})
    call(
        client,
        bot,
        update(3, photo=[{"file_id": "s", "width": 90}, {"file_id": "l", "width": 900}], caption="This"),
    )
    call(client, bot, update(4, location={"latitude": 45.7, "longitude": 4.8}))
    call(client, bot, update(5, dice={"value": 6}))
    texts = list(Message.objects.order_by("at").values_list("text", flat=True))
    unknown = "A message of a kind that can’t be shown here."
    assert texts == ["/start summer", "Hello", "This", "45.7, 4.8", unknown]
    assert Attachment.objects.get().remote == {"file": "l"}
    assert Conversation.objects.get().context == {"campaign": "summer"}


def test_replies_leave_and_floods_wait(
    client: Client, bot: ChannelAccount, api: Platform, alice_acts: Actor
) -> None:
    call(client, bot, update(1, "Bonjour"))
    conversation = Conversation.objects.get()
    reply = writes.send_reply(conversation.pk, "Bonjour Mark", acting_user=alice_acts)
    usual = api.answering
    api.answering = lambda _asked: (
        429,
        {"ok": False, "description": "Flood", "parameters": {"retry_after": 90}},
    )
    assert send(reply.pk) == "waiting"
    assert Outgoing.objects.get().next_try_at >= now() + timedelta(seconds=85)
    api.answering = usual
    with clock_at(now() + timedelta(minutes=2)):
        assert send(reply.pk) == "sent"
    assert Message.objects.get(pk=reply.pk).external_id == "77:900"
    assert json.loads(api.asked[-1].body) == {"chat_id": "77", "text": "Bonjour Mark"}


def test_trying_the_account_tells_telegram_where_to_call(
    bot: ChannelAccount, api: Platform, settings: LazySettings
) -> None:
    settings.PUBLIC_URL = "https://parcours.example"
    said = channel_of("telegram").test(bot)
    assert "@foulee_bot" in said
    assert "Wrong response: 502" in said, "what Telegram met the last time"
    told = json.loads(api.asked[-2].body)
    assert told["url"] == f"https://parcours.example/hooks/telegram/{bot.pk}"
    assert told["secret_token"] == unseal(bot.secrets["secret_token"])
