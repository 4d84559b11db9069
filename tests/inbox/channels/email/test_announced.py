"""Providers that announce a mail, or keep its files: Resend, Amazon SES and Brevo."""

import base64
import hmac
import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import NameOID
from django.conf import LazySettings
from django.test import Client
from pyarrow import fs

from parcours.accounts.rights import Actor
from parcours.core.clock import clock_at, now
from parcours.core.outbound import Answer, Unreachable
from parcours.core.secrets import unseal
from parcours.inbox.channels.email import ses
from parcours.inbox.fetching import fetch_file, missing
from parcours.inbox.files import path_of
from parcours.inbox.models import Arrival, Attachment, ChannelAccount, Message
from parcours.inbox.pulling import pull
from parcours.inbox.writes import change_account
from tests.inbox.channels.email.mails import mail
from tests.inbox.platforms.plain import Asked, Platform, platform

pytestmark = pytest.mark.django_db(transaction=True)

KEY = b"a key of Svix, thirty-two bytes!"
RAW = mail("Où est-elle ?")
TOPIC = "arn:aws:sns:eu-west-3:123456789012:mails"
CERTIFICATE = "https://sns.eu-west-3.amazonaws.com/SimpleNotificationService-1.pem"


class AtResend:
    """Resend's API: a mail by its id for whoever has the key, and the raw mail at an address of its own."""

    def __init__(self) -> None:
        self.url, self.status = "", 200

    def __call__(self, asked: Asked) -> tuple[int, Any]:
        if asked.path == "/raw/mail-1?signature=1":
            return 200, RAW
        if asked.headers.get("authorization") != "Bearer re_key":
            return 401, {"message": "API key is invalid", "statusCode": 401}
        if asked.path != "/emails/receiving/mail-1":
            return 404, {"message": "Email not found", "statusCode": 404}
        if self.status != 200:
            return self.status, {"message": "Something is wrong"}
        return 200, {
            "object": "email", "id": "mail-1", "from": "lucie@example.org", "to": ["contact@foulee.example"],
            "text": "Où est-elle ?", "html": None, "attachments": [],
            "raw": {"download_url": f"{self.url}/raw/mail-1?signature=1", "expires_at": "2026-12-01"},
        }  # fmt: skip


@pytest.fixture
def at_resend(settings: LazySettings) -> Iterator[AtResend]:
    settings.PRIVATE_ADDRESSES = ["127.0.0.1"]
    api = AtResend()
    with platform(api) as there:
        settings.RESEND_URL = api.url = there.url
        yield api


@pytest.fixture
def by_resend(mailbox: ChannelAccount, at_resend: AtResend, alice_acts: Actor) -> ChannelAccount:
    secret = f"whsec_{base64.b64encode(KEY).decode()}"
    given = {"receiving": "resend", "hook_key": secret, "provider_key": "re_key"}
    return change_account(mailbox.pk, given=given, acting_user=alice_acts)


def resend_calls(
    client: Client, account: ChannelAccount, name: str = "mail-1", *, key: bytes = KEY, ago: int = 0
) -> int:
    body = json.dumps({
        "type": "email.received", "created_at": "2026-11-22T10:00:00.000Z",
        "data": {"email_id": name, "from": "lucie@example.org", "to": ["contact@foulee.example"],
                 "subject": "Ma commande", "message_id": "<1@example.org>", "attachments": []},
    })  # fmt: skip
    at = str(int(now().timestamp()) - ago)
    signature = base64.b64encode(hmac.new(key, f"msg_1.{at}.{body}".encode(), sha256).digest()).decode()
    headers = {"svix-id": "msg_1", "svix-timestamp": at, "svix-signature": f"v1,bm90aGluZw== v1,{signature}"}
    answer = client.post(f"/hooks/email/{account.pk}", body, content_type="application/json", headers=headers)
    return answer.status_code


def test_resend_is_believed_by_its_signature_and_its_mail_fetched_once(
    by_resend: ChannelAccount, client: Client
) -> None:
    assert resend_calls(client, by_resend, key=b"another key of thirty-two bytes!") == 401
    assert resend_calls(client, by_resend, ago=600) == 401, "somebody kept the call"
    assert [resend_calls(client, by_resend) for _again in range(2)] == [200, 200]
    assert not Message.objects.exists(), "the mail is fetched afterwards"
    pull(by_resend.pk)
    pull(by_resend.pk)
    assert Message.objects.get().text == "Où est-elle ?"
    assert Arrival.objects.filter(body=RAW, status="done").count() == 1, "the raw mail is kept"
    by_resend.refresh_from_db()
    assert by_resend.fault == ""


def test_a_mail_that_resend_cannot_give_now_is_fetched_later(
    by_resend: ChannelAccount, at_resend: AtResend, client: Client
) -> None:
    at_resend.status = 500
    resend_calls(client, by_resend)
    pull(by_resend.pk)
    by_resend.refresh_from_db()
    assert "Something is wrong" in by_resend.fault
    at_resend.status = 200
    pull(by_resend.pk)
    assert Message.objects.get().text == "Où est-elle ?"


def test_a_mail_that_resend_no_longer_has_is_told_of_and_holds_up_none(
    by_resend: ChannelAccount, client: Client
) -> None:
    with clock_at(now() - timedelta(seconds=10)):
        resend_calls(client, by_resend, "gone")
    resend_calls(client, by_resend)
    pull(by_resend.pk)
    assert Message.objects.get().text == "Où est-elle ?"
    assert "not found" in Arrival.objects.get(status="failed").trouble


@pytest.fixture(scope="module")
def amazon() -> tuple[rsa.RSAPrivateKey, bytes]:
    """A key, and its certificate as SNS shows it."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sns.amazonaws.com")])
    begins = now() - timedelta(days=1)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(1).not_valid_before(begins).not_valid_after(begins + timedelta(days=9))
    return key, made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


@pytest.fixture
def asked_of_amazon(monkeypatch: pytest.MonkeyPatch, amazon: tuple[rsa.RSAPrivateKey, bytes]) -> list[str]:
    """Addresses of Amazon's that were asked; only its certificate and its subscriptions are there."""
    asked: list[str] = []

    def ask(address: str, **_limits: object) -> Answer:
        asked.append(address)
        if urlsplit(address).hostname != "sns.eu-west-3.amazonaws.com":
            raise Unreachable("somewhere else")
        return Answer(200, {}, amazon[1] if address.endswith(".pem") else b"<ConfirmSubscriptionResponse/>")

    monkeypatch.setattr(ses, "ask", ask)
    ses._key_at.cache_clear()
    return asked


@pytest.fixture
def by_ses(mailbox: ChannelAccount, asked_of_amazon: list[str], alice_acts: Actor) -> ChannelAccount:
    given = {"receiving": "ses", "topic": TOPIC, "aws_key_id": "AKIA1", "provider_key": "secret"}
    return change_account(mailbox.pk, given=given, acting_user=alice_acts)


Calls = Callable[..., int]


@pytest.fixture
def sns(client: Client, by_ses: ChannelAccount, amazon: tuple[rsa.RSAPrivateKey, bytes]) -> Calls:
    """A call of SNS, signed in its way (version 1: SHA-1, version 2: SHA-256)."""

    def call(message: str, *, kind: str = "Notification", version: str = "2", **changed: str) -> int:
        said = {
            "Type": kind, "MessageId": "m-1", "TopicArn": TOPIC, "Message": message,
            "Timestamp": "2026-11-22T10:00:00.000Z", "SignatureVersion": version,
            "SigningCertURL": CERTIFICATE,
        }  # fmt: skip
        names = ["Message", "MessageId", "Timestamp", "TopicArn", "Type"]
        if kind == "SubscriptionConfirmation":
            address = "https://sns.eu-west-3.amazonaws.com/?Action=ConfirmSubscription&Token=t"
            said |= {"SubscribeURL": address, "Token": "t"}
            names = ["Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"]
        told = "".join(f"{name}\n{said[name]}\n" for name in names).encode()
        digest = hashes.SHA256() if version == "2" else hashes.SHA1()
        signature = amazon[0].sign(told, padding.PKCS1v15(), digest)
        said |= {"Signature": base64.b64encode(signature).decode(), **changed}
        headers = {"x-amz-sns-message-type": kind, "x-amz-sns-message-id": "m-1"}
        answer = client.post(
            f"/hooks/email/{by_ses.pk}", json.dumps(said), content_type="text/plain", headers=headers
        )
        return answer.status_code

    return call


def received(action: dict[str, str], **more: str) -> str:
    """What SES tells of a mail that came in."""
    mail_object = {
        "messageId": "ses-1",
        "source": "lucie@example.org",
        "destination": ["contact@foulee.example"],
    }
    receipt = {"recipients": ["contact@foulee.example"], "spamVerdict": {"status": "PASS"}, "action": action}
    return json.dumps({"notificationType": "Received", "mail": mail_object, "receipt": receipt, **more})


@pytest.mark.parametrize("version", ["1", "2"])
def test_ses_hands_over_whole_mails_that_amazon_signed(
    sns: Calls, asked_of_amazon: list[str], version: str
) -> None:
    action = {"type": "SNS", "topicArn": TOPIC, "encoding": "BASE64"}
    told = received(action, content=base64.b64encode(RAW).decode())
    forged = "https://sns.eu-west-3.amazonaws.com.example.org/a.pem"
    assert sns(told, version=version, Message="{}") == 401, "changed on its way"
    assert sns(told, version=version, TopicArn=TOPIC + "2") == 401, "somebody else's topic"
    assert sns(told, version=version, SigningCertURL=forged) == 401
    assert sns(told, version=version) == 200
    assert sns(told, version=version) == 200
    assert Message.objects.get().text == "Où est-elle ?"
    assert set(asked_of_amazon) == {CERTIFICATE}


def test_the_topics_subscription_is_confirmed(
    sns: Calls, by_ses: ChannelAccount, asked_of_amazon: list[str]
) -> None:
    assert sns("You have chosen to subscribe", kind="SubscriptionConfirmation") == 200
    pull(by_ses.pk)
    pull(by_ses.pk)
    assert asked_of_amazon[1:] == ["https://sns.eu-west-3.amazonaws.com/?Action=ConfirmSubscription&Token=t"]


def test_a_call_is_not_refused_for_ever_while_amazons_certificate_cannot_be_had(
    sns: Calls, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ask(address: str, **_limits: object) -> Answer:
        raise Unreachable("no network")

    monkeypatch.setattr(ses, "ask", ask)
    assert sns(received({"type": "SNS"}, content="x")) == 503, "Amazon tries again after 5xx only"


def test_a_mail_that_ses_laid_into_a_bucket_is_fetched_from_there(
    sns: Calls, by_ses: ChannelAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    def bucket(asked: Asked) -> tuple[int, Any]:
        signed = "Credential=AKIA1/" in asked.headers.get("authorization", "")
        return (200, RAW) if signed and asked.path == "/mails/in/ses-1" else (404, b"")

    with platform(bucket) as there:
        host = there.url.removeprefix("http://")
        here = partial(fs.S3FileSystem, endpoint_override=host, scheme="http")
        monkeypatch.setattr(fs, "S3FileSystem", here)
        assert sns(received({"type": "S3", "bucketName": "mails", "objectKey": "in/ses-1"})) == 200
        pull(by_ses.pk)
    assert Message.objects.get().text == "Où est-elle ?"


@pytest.fixture
def at_brevo(settings: LazySettings) -> Iterator[Platform]:
    settings.PRIVATE_ADDRESSES = ["127.0.0.1"]

    def answer(asked: Asked) -> tuple[int, Any]:
        good = asked.headers.get("api-key") == "xkeysib" and asked.path == "/inbound/attachments/tok%3D1"
        return (200, b"%PDF-1.7") if good else (404, {"message": "not found"})

    with platform(answer) as there:
        settings.BREVO_URL = there.url
        yield there


def test_brevo_hands_over_mails_and_their_files_are_fetched(
    mailbox: ChannelAccount, at_brevo: Platform, alice_acts: Actor, client: Client
) -> None:
    given = {"receiving": "brevo", "provider_key": "xkeysib"}
    account = change_account(mailbox.pk, given=given, acting_user=alice_acts)
    item = {
        "Uuid": ["8d79"], "MessageId": "<b1@example.org>", "Subject": "Ma commande",
        "From": {"Name": "Lucie", "Address": "lucie@example.org"},
        "To": [{"Name": None, "Address": "contact@foulee.example"}],
        "Headers": {
            "From": "Lucie <lucie@example.org>", "To": "contact@foulee.example", "Subject": "Ma commande",
            "Message-ID": "<b1@example.org>", "Received": ["by a", "by b"], "MIME-Version": "1.0",
            "Content-Type": "multipart/mixed; boundary=x",
        },
        "RawTextBody": "Où est-elle ?", "RawHtmlBody": "", "ExtractedMarkdownMessage": "Où est-elle ?",
        "Attachments": [{"Name": "facture.pdf", "ContentType": "application/pdf", "ContentLength": 8,
                         "ContentID": "f_1", "DownloadToken": "tok=1"}],
    }  # fmt: skip

    def call(password: str) -> int:
        key = base64.b64encode(f"parcours:{password}".encode()).decode()
        return client.post(
            f"/hooks/email/{account.pk}",
            json.dumps({"items": [item]}),
            content_type="application/json",
            headers={"Authorization": f"Basic {key}"},
        ).status_code

    assert call("guessed") == 401
    password = unseal(account.secrets["hook_password"])
    assert [call(password), call(password)] == [200, 200]
    message = Message.objects.get()
    assert (message.text, message.external_id) == ("Où est-elle ?", "b1@example.org")
    assert message.conversation.subject == "Ma commande"
    assert fetch_file(*missing())
    file = Attachment.objects.get()
    assert (file.name, file.media_type) == ("facture.pdf", "application/pdf")
    assert path_of(file.digest).read_bytes() == b"%PDF-1.7"
