"""Mails that a provider hands over: believed by its signature or password only."""

import base64
import hashlib
import hmac
import json
from urllib.parse import urlencode

import pytest
from django.test import Client

from parcours.accounts.rights import Actor
from parcours.core.secrets import unseal
from parcours.inbox.models import ChannelAccount, Message
from parcours.inbox.writes import change_account
from tests.inbox.channels.email.mails import mail

pytestmark = pytest.mark.django_db(transaction=True)


def test_postmark_hands_over_mails_with_the_password_only(
    mailbox: ChannelAccount, alice_acts: Actor, client: Client
) -> None:
    account = change_account(mailbox.pk, given={"receiving": "postmark"}, acting_user=alice_acts)
    said = {
        "FromFull": {"Email": "lucie@example.org", "Name": "Lucie"},
        "Subject": "Ma commande",
        "TextBody": "Où est-elle ?",
        "Headers": [{"Name": "Message-ID", "Value": "<p1@example.org>"}],
        "Attachments": [],
    }

    def call(password: str) -> int:
        key = base64.b64encode(f"parcours:{password}".encode()).decode()
        return client.post(
            f"/hooks/email/{account.pk}",
            json.dumps(said),
            content_type="application/json",
            headers={"Authorization": f"Basic {key}"},
        ).status_code

    assert call("guessed") == 401
    assert call(unseal(account.secrets["hook_password"])) == 200
    assert call(unseal(account.secrets["hook_password"])) == 200
    message = Message.objects.get()
    assert (message.text, message.external_id) == ("Où est-elle ?", "p1@example.org")


def test_mailgun_hands_over_mails_that_it_signed(
    mailbox: ChannelAccount, alice_acts: Actor, client: Client
) -> None:
    given = {"receiving": "mailgun", "hook_key": "the key"}
    account = change_account(mailbox.pk, given=given, acting_user=alice_acts)

    def call(key: str) -> int:
        signature = hmac.new(key.encode(), b"1790000000token", hashlib.sha256).hexdigest()
        form = {"timestamp": "1790000000", "token": "token", "signature": signature}
        form["body-mime"] = mail("Où est-elle ?").decode()
        return client.post(
            f"/hooks/email/{account.pk}",
            urlencode(form),
            content_type="application/x-www-form-urlencoded",
        ).status_code

    assert call("another") == 401
    assert call("the key") == 200
    assert Message.objects.get().text == "Où est-elle ?"


def test_nobody_calls_for_a_mailbox_that_is_read(mailbox: ChannelAccount, client: Client) -> None:
    answer = client.post(f"/hooks/email/{mailbox.pk}", "{}", content_type="application/json")
    assert answer.status_code == 401
    assert not Message.objects.exists()
