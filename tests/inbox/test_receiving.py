"""What a channel brings: kept raw, read once, never lost, never doubled."""

import json
from typing import Any

import pytest

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor
from parcours.core.clock import now
from parcours.events.models import ReceivedEvent
from parcours.inbox import reads, writes
from parcours.inbox.channels.base import Request
from parcours.inbox.models import Arrival, ChannelAccount, Conversation, Message
from parcours.inbox.writes.receiving import Receipt, read_again, receive
from tests.inbox.conftest import RING

pytestmark = pytest.mark.django_db(transaction=True)


def bring(account: ChannelAccount, *told: dict[str, Any], flight: str = "", ring: str = RING) -> Receipt:
    headers = {"x-ring": ring, "x-flight": flight}
    return receive(account, Request("POST", "", headers, json.dumps(told).encode(), now()))


def texts(brand: Brand, conversation: Conversation) -> list[str]:
    return [each.text for each in reads.messages(brand.pk, conversation.pk)]


def test_a_message_begins_a_conversation_with_its_contact(brand: Brand, loft: ChannelAccount) -> None:
    receipt = bring(loft, {"id": "1", "text": "Do they fit wide feet?", "context": {"page": "/appui-dos"}})

    assert receipt.status == "done"
    conversation = Conversation.objects.get()
    assert (conversation.number, conversation.status, conversation.message_count) == (1, "open", 1)
    assert conversation.contact.name == "Mark"
    assert conversation.customer_id is not None
    assert conversation.waiting_since is not None
    assert conversation.context == {"page": "/appui-dos"}
    assert texts(brand, conversation) == ["Do they fit wide feet?"]
    steps = list(Message.objects.get().ledger.order_by("id").values_list("step", flat=True))
    assert steps == ["received", "stored"]


def test_the_same_flight_and_the_same_message_come_in_once(loft: ChannelAccount) -> None:
    bring(loft, {"id": "1", "text": "Hello"}, flight="A")
    again = bring(loft, {"id": "1", "text": "Hello"}, flight="A")
    bring(loft, {"id": "1", "text": "Hello"}, {"id": "2", "text": "Are you there?"}, flight="B")

    assert again.duplicate
    assert sorted(Message.objects.values_list("external_id", flat=True)) == ["1", "2"]
    assert Conversation.objects.count() == 1


def test_a_bad_signature_is_kept_apart_and_not_read(loft: ChannelAccount) -> None:
    receipt = bring(loft, {"id": "1", "text": "Hello"}, ring="a false one")

    assert receipt.status == "refused"
    assert not Message.objects.exists()
    assert Arrival.objects.get().status == "refused"


def test_what_is_not_understood_is_kept_and_read_again(loft: ChannelAccount, alice_acts: Actor) -> None:
    late = bring(loft, {"id": "out-1", "step": "read"}, {"id": "1", "text": "Hello"})

    assert late.status == "failed"
    assert Message.objects.count() == 1, "the one behind it was heard"
    arrival = Arrival.objects.get()
    sent = writes.send_reply(Conversation.objects.get().pk, "Good morning", acting_user=alice_acts)
    Message.objects.filter(pk=sent.pk).update(external_id="out-1")
    assert read_again() == 1
    arrival.refresh_from_db()
    assert arrival.status == "done"
    assert Message.objects.get(pk=sent.pk).step == "read"
    assert Message.objects.count() == 2


def test_a_closed_conversation_goes_on_when_the_customer_writes_soon(
    brand: Brand, loft: ChannelAccount, alice_acts: Actor
) -> None:
    bring(loft, {"id": "1", "text": "Hello"})
    first = Conversation.objects.get()
    writes.close(first.pk, acting_user=alice_acts)
    bring(loft, {"id": "2", "text": "One more thing"})

    first.refresh_from_db()
    assert first.status == "open"
    assert [text for text in texts(brand, first) if text] == ["Hello", "One more thing"]


def test_a_message_goes_where_the_one_it_answers_is(loft: ChannelAccount) -> None:
    bring(loft, {"id": "1", "text": "Hello"}, {"id": "2", "from": "anna", "text": "Good evening"})
    of_anna = Message.objects.get(external_id="2").conversation
    bring(loft, {"id": "3", "from": "mark", "text": "About hers", "answers": ["unknown", "2"]})

    assert Message.objects.get(external_id="3").conversation == of_anna


def test_messages_become_events_once(brand: Brand, loft: ChannelAccount) -> None:
    told = {"id": "1", "text": "Hello", "who": {"email": "mark@example.org"}, "context": {"page": "/cart"}}
    bring(loft, told, flight="A")
    bring(loft, told, flight="B")

    bodies = [json.loads(bytes(row.body)) for row in ReceivedEvent.objects.order_by("id")]
    assert [body["event"] for body in bodies] == ["Conversation Started", "Message Received"]
    assert bodies[1]["properties"]["text"] == "Hello"
    assert bodies[1]["properties"]["page"] == "/cart"
    assert bodies[1]["channel"] == "chat"


def test_a_blocked_contact_is_not_heard(loft: ChannelAccount) -> None:
    bring(loft, {"id": "1", "text": "Hello"})
    contact = Conversation.objects.get().contact
    contact.blocked_at = now()
    contact.save()
    bring(loft, {"id": "2", "text": "Buy now"})

    assert Message.objects.count() == 1
