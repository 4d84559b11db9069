"""Text messages: Twilio's signature in all its variants, statuses, pictures, refusals."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlencode

import pytest
from django.conf import LazySettings
from django.test import Client

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor
from parcours.inbox import writes
from parcours.inbox.channels.sms.signing import is_signed, signature
from parcours.inbox.models import Attachment, ChannelAccount, Conversation, Message
from parcours.inbox.sending import send
from tests.inbox.platforms.plain import Asked, Platform, platform

pytestmark = pytest.mark.django_db(transaction=True)

TOKEN = "12345"
URL = "https://mycompany.com/myapp.php?foo=1&bar=2"
FIELDS = {
    "CallSid": ["CA1234567890ABCDE"],
    "Caller": ["+14158675309"],
    "Digits": ["1234"],
    "From": ["+14158675309"],
    "To": ["+18005551212"],
}


def test_it_is_the_signature_of_twilios_own_example() -> None:
    assert signature(TOKEN, URL, FIELDS) == "RSOYDt4T1cUTdK1PDd93/VVr8B8="


@pytest.mark.parametrize("signed", [URL, URL.replace(".com/", ".com:443/")])
@pytest.mark.parametrize("seen", [URL, URL.replace(".com/", ".com:443/")])
def test_a_port_more_or_less_does_not_matter(signed: str, seen: str) -> None:
    assert is_signed(TOKEN, (seen,), FIELDS, b"", signature(TOKEN, signed, FIELDS))
    assert not is_signed("other", (seen,), FIELDS, b"", signature(TOKEN, signed, FIELDS))


def test_a_json_body_must_fit_its_digest() -> None:
    url = f"{URL}&bodySHA256=e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    sent = signature(TOKEN, url, {})
    assert is_signed(TOKEN, (url,), None, b"", sent)
    assert not is_signed(TOKEN, (url,), None, b"{}", sent)
    assert not is_signed(TOKEN, (URL,), None, b"{}", signature(TOKEN, URL, {})), (
        "nothing vouches for the body"
    )


def _twilio(asked: Asked) -> tuple[int, Any]:
    if not asked.headers.get("authorization", "").startswith("Basic "):
        return 401, {"code": 20003, "message": "Authenticate"}
    if not asked.path.endswith("/Messages.json"):
        return 404, {"code": 20404, "message": "Not found"}
    form = parse_qs(asked.body.decode())
    if not {"To", "Body"} <= form.keys() or not ({"From", "MessagingServiceSid"} & form.keys()):
        return 400, {"code": 21604, "message": "'To' phone number is required"}
    if form["To"] == ["+33600000000"]:
        return 400, {"code": 21610, "message": "Attempt to send to unsubscribed recipient"}
    return 201, {"sid": "SM900", "status": "queued"}


@pytest.fixture
def api(settings: LazySettings) -> Iterator[Platform]:
    settings.PRIVATE_ADDRESSES = ["127.0.0.1"]
    settings.PUBLIC_URL = "https://parcours.example"
    with platform(_twilio) as there:
        settings.TWILIO_URL = there.url
        yield there


@pytest.fixture
def number(brand: Brand, alice_acts: Actor, api: Platform) -> ChannelAccount:
    assert api.url
    given = {"account_sid": "AC1", "auth_token": TOKEN}
    return writes.add_account(brand, "sms", "Texts", given, address="+33199", acting_user=alice_acts)


def call(
    client: Client, number: ChannelAccount, fields: dict[str, str], *, token: str = TOKEN
) -> tuple[int, bytes]:
    path = f"/hooks/twilio/{number.pk}"
    sent = signature(
        token, f"https://parcours.example{path}", {key: [value] for key, value in fields.items()}
    )
    answer = client.post(
        path,
        urlencode(fields),
        content_type="application/x-www-form-urlencoded",
        headers={"x-twilio-signature": sent},
    )
    return answer.status_code, answer.content


TEXT = {
    "MessageSid": "SM1",
    "From": "+33611111111",
    "To": "+33199",
    "Body": "Où est mon colis ?",
    "NumMedia": "0",
}


def test_a_text_comes_in_once_behind_a_proxy(client: Client, number: ChannelAccount) -> None:
    assert call(client, number, TEXT, token="wrong")[0] == 401
    status, said = call(client, number, TEXT)
    assert status == 200
    assert said.endswith(b"<Response/>"), "Twilio wants TwiML"
    call(client, number, TEXT)
    message = Message.objects.get()
    assert (message.text, message.conversation.contact.external_id) == ("Où est mon colis ?", "+33611111111")


def test_pictures_are_named(client: Client, number: ChannelAccount) -> None:
    more = {"NumMedia": "1", "MediaUrl0": "https://api.twilio.com/m/1", "MediaContentType0": "image/png"}
    call(client, number, {**TEXT, **more})
    assert Attachment.objects.get().remote == {"url": "https://api.twilio.com/m/1"}


def test_a_reply_leaves_with_where_to_tell_and_is_told(
    client: Client, number: ChannelAccount, api: Platform, alice_acts: Actor
) -> None:
    call(client, number, TEXT)
    reply = writes.send_reply(Conversation.objects.get().pk, "Il arrive demain.", acting_user=alice_acts)
    assert send(reply.pk) == "sent"
    form = parse_qs(api.asked[-1].body.decode())
    assert form["StatusCallback"] == [f"https://parcours.example/hooks/twilio/{number.pk}"]
    for status in ("delivered", "sent"):
        call(client, number, {"MessageSid": "SM900", "MessageStatus": status})
    assert Message.objects.get(pk=reply.pk).step == "delivered"


def test_a_refusal_says_twilios_words(client: Client, number: ChannelAccount, alice_acts: Actor) -> None:
    call(client, number, {**TEXT, "From": "+33600000000"})
    reply = writes.send_reply(Conversation.objects.get().pk, "Bonjour", acting_user=alice_acts)
    assert send(reply.pk) == "dead"
    assert "unsubscribed recipient (21610)" in Message.objects.get(pk=reply.pk).fault
