"""The nightly check asks Twilio for texts that never came, and for how far ours came."""

from collections.abc import Iterator
from datetime import timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from django.conf import LazySettings

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor
from parcours.core.clock import now
from parcours.inbox import writes
from parcours.inbox.channels.base import Incoming, Sender
from parcours.inbox.models import ChannelAccount, Message
from parcours.inbox.reconciling.running import reconcile
from parcours.inbox.sending import send
from parcours.inbox.writes.messages import receive_message
from tests.inbox.platforms.plain import Asked, Platform, platform

pytestmark = pytest.mark.django_db(transaction=True)
TOKEN, PATH = "token of the test", "/2010-04-01/Accounts/AC1/Messages"


@pytest.fixture
def there() -> dict[str, Any]:
    """What Twilio has, by the address that is asked."""
    return {}


@pytest.fixture
def api(settings: LazySettings, there: dict[str, Any]) -> Iterator[Platform]:
    settings.PRIVATE_ADDRESSES = ["127.0.0.1"]

    def answer(asked: Asked) -> tuple[int, Any]:
        if not asked.headers.get("authorization", "").startswith("Basic "):
            return 401, {"code": 20003, "message": "Authenticate"}
        if asked.method == "POST":
            return 201, {"sid": "SM900", "status": "queued"}
        bare, _mark, query = asked.path.partition("?")
        if bare == f"{PATH}.json" and "DateSent%3E=20" not in query and "Page=1" not in query:
            return 400, {"code": 20001, "message": "Invalid parameter"}
        return 200, there[f"{bare}?Page=1" if "Page=1" in query else bare]

    with platform(answer) as served:
        settings.TWILIO_URL = served.url
        yield served


@pytest.fixture
def number(brand: Brand, alice_acts: Actor, api: Platform) -> ChannelAccount:
    assert api.url
    given = {"account_sid": "AC1", "auth_token": TOKEN}
    account = writes.add_account(brand, "sms", "Texts", given, address="+33199", acting_user=alice_acts)
    ChannelAccount.objects.update(created_at=now() - timedelta(days=30))
    return account


def told(sid: str, **more: Any) -> dict[str, Any]:
    sent = format_datetime(now() - timedelta(hours=5))
    inbound = {"direction": "inbound", "from": "+33611", "to": "+33199", "status": "received"}
    return {"sid": sid, **inbound, "body": f"Text {sid}", "date_sent": sent, "num_media": "0", **more}


def test_texts_that_never_came_are_taken_in_with_their_time_and_files(
    brand: Brand, number: ChannelAccount, there: dict[str, Any]
) -> None:
    receive_message(number, Incoming("SM1", Sender("+33611", handle="+33611"), now(), text="Text SM1"))
    media = {"media": f"{PATH}/SM2/Media.json"}
    there[f"{PATH}.json"] = {
        "messages": [told("SM1"), told("SM2", num_media="1", subresource_uris=media)],
        "next_page_uri": f"{PATH}.json?Page=1",
    }
    there[f"{PATH}.json?Page=1"] = {"messages": [told("SM3", to="+33200"), told("SM4")]}
    there[f"{PATH}/SM2/Media.json"] = {
        "media_list": [{"uri": f"{PATH}/SM2/Media/ME1.json", "content_type": "image/png"}]
    }

    assert [(each.kind, each.number, each.mended) for each in reconcile(brand).findings] == [
        ("missing", 2, 2)
    ]

    assert sorted(Message.objects.values_list("external_id", flat=True)) == ["SM1", "SM2", "SM4"]
    late = Message.objects.get(external_id="SM2")
    assert now() - late.at > timedelta(hours=4), "when it was sent, not when it was found"
    assert late.attachments.get().remote["url"].endswith(f"{PATH}/SM2/Media/ME1")
    assert reconcile(brand).findings == ()


def test_how_far_ours_came_is_asked_for_too(
    brand: Brand, number: ChannelAccount, there: dict[str, Any], alice_acts: Actor
) -> None:
    received = receive_message(number, Incoming("SM1", Sender("+33611"), now(), text="Hello"))
    assert received is not None
    reply = writes.send_reply(received.conversation_id, "Good morning", acting_user=alice_acts)
    send(reply.pk)
    ours = told("SM900", direction="outbound-api", status="delivered")
    there[f"{PATH}.json"] = {"messages": [ours | {"from": "+33199", "to": "+33611"}]}
    assert [(each.kind, each.mended) for each in reconcile(brand).findings] == [("missing", 1)]
    reply.refresh_from_db()
    assert reply.step == "delivered"
    assert reconcile(brand).findings == ()
