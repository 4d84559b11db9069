"""What the page of an account says: what to copy where, and what works."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import LazySettings
from django.test import Client

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor
from parcours.inbox import writes
from parcours.inbox.models import ChannelAccount
from tests.inbox.channels.meta_fixtures import bring
from tests.inbox.channels.meta_fixtures import graph as graph  # noqa: PLC0414
from tests.inbox.channels.meta_fixtures import messenger as messenger  # noqa: PLC0414
from tests.inbox.platforms.meta import Graph, page_call, page_text
from tests.inbox.platforms.plain import Asked, platform

pytestmark = pytest.mark.django_db(transaction=True)


def tried(client: Client, account: ChannelAccount) -> str:
    address = f"/inbox/settings/channels/{account.pk}/test/"
    return client.post(address, follow=True).content.decode()


@pytest.mark.parametrize("kind", ["messenger", "instagram", "whatsapp", "telegram", "sms"])
def test_the_form_says_what_to_fetch_at_the_platform_first(as_alice: Client, kind: str) -> None:
    shown = as_alice.get(f"/inbox/settings/channels/new/{kind}/").content.decode()
    assert "Fetch first, at the platform" in shown


def test_a_page_says_what_to_enter_and_what_meta_does_not_tell_of(
    messenger: ChannelAccount, graph: Graph, as_alice: Client, settings: LazySettings
) -> None:
    shown = as_alice.get(f"/inbox/settings/channels/{messenger.pk}/").content.decode()
    assert "Subscribe there to: messages, messaging_postbacks" in shown
    assert "PARCOURS_URL" in tried(as_alice, messenger), "nobody can call"
    settings.PUBLIC_URL = "https://parcours.example"
    graph.subscribed = ["messages", "feed", "message_echoes", "message_reads", "message_deliveries"]
    said = tried(as_alice, messenger)
    assert "doesn’t tell of: messaging_postbacks, message_reactions, mention." in said
    assert "No call has come yet" in said
    graph.subscribed += ["messaging_postbacks", "message_reactions", "mention"]
    bring(messenger, page_call(page_text(1, "Hello")))
    said = tried(as_alice, messenger)
    assert "The page tells of everything." in said
    assert "The last call came on" in said


@pytest.fixture
def number(brand: Brand, alice_acts: Actor, settings: LazySettings) -> Iterator[ChannelAccount]:
    settings.PRIVATE_ADDRESSES = ["127.0.0.1"]
    given = {"account_sid": "AC1", "auth_token": "token"}
    account = writes.add_account(brand, "sms", "Texts", given, address="+33199", acting_user=alice_acts)

    def answer(asked: Asked) -> tuple[int, Any]:
        parts = urlsplit(asked.path)
        if parts.path.endswith("/IncomingPhoneNumbers.json"):
            wanted = parse_qs(parts.query)["PhoneNumber"]
            there = wanted == ["+33199"]
            return 200, {"incoming_phone_numbers": [{"sms_url": account.name}] if there else []}
        return 200, {"friendly_name": "Foulée"}

    with platform(answer) as there:
        settings.TWILIO_URL = there.url
        yield account


def test_a_number_says_where_its_texts_go(number: ChannelAccount, as_alice: Client) -> None:
    assert "handed to another address" in tried(as_alice, number)
    number.name = f"https://parcours.example/hooks/twilio/{number.pk}"
    assert "handed over here" in tried(as_alice, number)
    ChannelAccount.objects.update(address="+33200")
    assert "isn’t one of this account" in tried(as_alice, number)


def test_a_mailbox_that_is_read_has_nothing_to_enter_and_one_that_is_called_says_where(
    brand: Brand, alice_acts: Actor, as_alice: Client
) -> None:
    given = {"provider": "ovh", "password": "secret"}
    account = writes.add_account(
        brand, "email", "Contact", given, address="contact@foulee.example", acting_user=alice_acts
    )

    def shown(receiving: str) -> str:
        writes.change_account(account.pk, given={"receiving": receiving}, acting_user=alice_acts)
        return as_alice.get(f"/inbox/settings/channels/{account.pk}/").content.decode()

    assert "To enter at the platform" not in shown("imap")
    assert "email.received" in shown("resend")
    assert "a receipt rule" in shown("ses")
    assert "https://parcours:PASSWORD@" in shown("brevo")
    assert "Its signing key" in shown("mailgun")


def test_the_chat_still_shows_its_secret(brand: Brand, alice_acts: Actor, as_alice: Client) -> None:
    given = {"origins": "https://shop.example"}
    account = writes.add_account(brand, "chat", "Chat", given, acting_user=alice_acts)
    shown = as_alice.get(f"/inbox/settings/channels/{account.pk}/").content.decode()
    assert 'id="made-1"' in shown


@pytest.mark.parametrize(
    ("kind", "address", "wrong", "given"),
    [
        ("messenger", "4711", "my page", {"set-token": "t", "set-app_secret": "s"}),
        (
            "whatsapp",
            "1066",
            "+33 6 12",
            {"set-token": "t", "set-app_secret": "s", "set-business_account": "w"},
        ),
        ("sms", "+33 6 12 34 56 78", "mine", {"set-account_sid": "AC1", "set-auth_token": "t"}),
        ("email", "contact@foulee.example", "contact", {"set-provider": "ovh", "set-password": "p"}),
    ],
)
def test_an_account_is_connected_on_its_page_by_its_address(
    as_alice: Client, kind: str, address: str, wrong: str, given: dict[str, str]
) -> None:
    page = f"/inbox/settings/channels/new/{kind}/"
    assert 'name="set-address"' in as_alice.get(page).content.decode()

    def connect(said: str) -> int:
        whole = {"name": "Ours", "set-receiving": "imap", "set-start": "new", "set-after": "leave"}
        return as_alice.post(page, {**whole, "set-sending": "smtp", **given, "set-address": said}).status_code

    assert connect("") == 422
    assert connect(wrong) == 422
    assert connect(address) == 302
    account = ChannelAccount.objects.get()
    assert account.address == address.replace(" ", "")
    shown = as_alice.get(f"/inbox/settings/channels/{account.pk}/").content.decode()
    assert f'value="{account.address}"' in shown
