from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.test import Client

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor
from parcours.core.clock import clock_at, now
from parcours.core.secrets import unseal
from parcours.inbox.channels.base import Request
from parcours.inbox.models import ChannelAccount, Conversation
from parcours.inbox.writes import add_account
from parcours.inbox.writes.receiving import Receipt, receive
from tests.inbox.platforms.meta import APP_SECRET, TOKEN, VERSION, Graph, graph_api, signature

SECRETS = {"token": TOKEN, "app_secret": APP_SECRET, "business_account": "waba"}


@pytest.fixture
def graph(settings: LazySettings) -> Iterator[Graph]:
    settings.PRIVATE_ADDRESSES = ["127.0.0.1"]
    with graph_api() as api:
        settings.GRAPH_URL = f"{api.url}/{VERSION}"
        yield api


@pytest.fixture
def whatsapp(brand: Brand, alice_acts: Actor, graph: Graph) -> ChannelAccount:
    return add_account(brand, "whatsapp", "WhatsApp", SECRETS, address="1066", acting_user=alice_acts)


@pytest.fixture
def messenger(brand: Brand, alice_acts: Actor, graph: Graph) -> ChannelAccount:
    return add_account(brand, "messenger", "The page", SECRETS, address="4711", acting_user=alice_acts)


@pytest.fixture
def instagram(brand: Brand, alice_acts: Actor, graph: Graph) -> ChannelAccount:
    return add_account(brand, "instagram", "@foulee", SECRETS, address="1784", acting_user=alice_acts)


def bring(account: ChannelAccount, body: bytes, *, secret: str = APP_SECRET) -> Receipt:
    headers = {"x-hub-signature-256": signature(body, secret)}
    return receive(account, Request("POST", "", headers, body, now()))


def greeting(client: Client, account: ChannelAccount, hook: str, word: str = "") -> tuple[int, bytes]:
    """What Meta's challenge is answered; with the account's own word, or another."""
    known = word or unseal(account.secrets["verify_token"])
    query = {"hub.mode": "subscribe", "hub.verify_token": known, "hub.challenge": "1158201444"}
    answer = client.get(f"/hooks/{hook}/{account.pk}", query)
    return answer.status_code, answer.content


def later(conversation: Conversation, **span: float) -> AbstractContextManager[None]:
    """So long after the customer's last message."""
    assert conversation.last_customer_at is not None
    return clock_at(conversation.last_customer_at + timedelta(**span))
