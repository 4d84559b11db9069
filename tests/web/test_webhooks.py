"""Owners say on a page which programs are told what, and see how that went."""

import json
import re

import pytest
from django.conf import LazySettings
from django.test import Client
from standardwebhooks.webhooks import Webhook

from parcours.accounts.rights import Actor
from parcours.inbox.models import ChannelAccount
from parcours.inbox.webhooks.delivering import deliver
from parcours.inbox.webhooks.models import WebhookDelivery, WebhookEndpoint
from tests.inbox.platforms.plain import Platform
from tests.inbox.test_receiving import bring
from tests.inbox.webhooks.conftest import loft as loft  # noqa: PLC0414 - fixtures of the inbox, used here too
from tests.inbox.webhooks.conftest import pigeons as pigeons  # noqa: PLC0414
from tests.inbox.webhooks.conftest import receiver as receiver  # noqa: PLC0414

pytestmark = pytest.mark.django_db(transaction=True)
PAGE = "/inbox/settings/webhooks/"


def words(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def added(client: Client, receiver: Platform, **more: object) -> tuple[WebhookEndpoint, str]:
    """By the form; the secret as it stands on the page that answers."""
    answer = client.post(PAGE, {"name": "CRM", "url": f"{receiver.url}/hook", **more})
    assert answer.status_code == 200
    secret = re.search(r"whsec_[\w+/=]+", answer.content.decode())
    assert secret is not None
    return WebhookEndpoint.objects.latest("created_at"), secret[0]


def test_an_endpoint_is_added_tried_and_its_secret_shown_once(as_alice: Client, receiver: Platform) -> None:
    endpoint, secret = added(as_alice, receiver)
    page = f"{PAGE}{endpoint.pk}/"
    assert "whsec_" not in words(as_alice, PAGE) + words(as_alice, page)

    tried = as_alice.post(f"{page}do/test/", follow=True).content.decode()
    assert "The test arrived." in tried
    assert json.loads(receiver.asked[0].body)["type"] == "test"
    Webhook(secret).verify(receiver.asked[0].body, receiver.asked[0].headers)
    renewed = as_alice.post(f"{page}do/renew/").content.decode()
    assert secret not in renewed
    assert "whsec_" in renewed


def test_the_log_shows_what_was_answered_and_sends_it_again(
    as_alice: Client, receiver: Platform, loft: ChannelAccount
) -> None:
    endpoint, _secret = added(as_alice, receiver, kinds=["message.received"])
    receiver.answering = lambda _asked: (400, b"<b>no such field</b>")
    bring(loft, {"id": "1", "text": "Hello"})
    deliver(endpoint.pk)
    row = WebhookDelivery.objects.get()
    page = f"{PAGE}deliveries/{row.pk}/"
    shown = words(as_alice, page)
    assert "&lt;b&gt;no such field&lt;/b&gt;" in shown
    assert "message.received" in words(as_alice, f"{PAGE}{endpoint.pk}/?status=waiting")
    assert "message.received</td>" not in words(as_alice, f"{PAGE}{endpoint.pk}/?status=sent")

    receiver.answering = lambda _asked: (200, b"")
    assert as_alice.post(f"{page}again/").status_code == 302
    assert deliver(endpoint.pk) == 1
    assert ">Delivered<" in words(as_alice, page)


def test_what_was_missed_while_it_was_off_is_sent_from_the_page(
    as_alice: Client, receiver: Platform, loft: ChannelAccount
) -> None:
    endpoint, _secret = added(as_alice, receiver, kinds=["message.received"])
    page = f"{PAGE}{endpoint.pk}/"
    as_alice.post(f"{page}do/switch/")
    bring(loft, {"id": "1", "text": "Hello"})
    assert "Nothing has been sent since" in words(as_alice, page)
    as_alice.post(f"{page}do/switch/", {"on": "1"})
    assert as_alice.post(f"{page}do/replay/", {"since": "the day before"}).status_code == 422
    told = as_alice.post(f"{page}do/replay/", {"since": "2020-01-01T10:00"}, follow=True)
    assert "1 event is being sent." in told.content.decode()
    assert deliver(endpoint.pk) == 1


def test_what_cannot_be_is_refused_with_what_was_typed(
    as_alice: Client, receiver: Platform, settings: LazySettings
) -> None:
    settings.PRIVATE_ADDRESSES = []
    sent = {"name": "Inside", "url": receiver.url, "kinds": ["message.read"]}
    answer = as_alice.post(PAGE, sent)
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert "private network" in shown
    assert 'value="message.read" checked' in shown
    assert not WebhookEndpoint.objects.exists()


def test_removing_ends_it_and_others_never_find_it(
    as_alice: Client, as_charlie: Client, as_agnes: Client, receiver: Platform, alice_acts: Actor
) -> None:
    endpoint, _secret = added(as_alice, receiver)
    page = f"{PAGE}{endpoint.pk}/"
    assert as_charlie.get(page).status_code == 404
    assert as_charlie.post(f"{page}do/remove/").status_code == 404
    assert as_agnes.get(PAGE).status_code == 403
    as_alice.post(f"{page}do/remove/")
    assert as_alice.get(page).status_code == 404
    endpoint.refresh_from_db()
    assert endpoint.secret == ""
