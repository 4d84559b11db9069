"""The past of another tool comes in at once, with its ledger, and once."""

from datetime import timedelta

import pytest

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor
from parcours.core.clock import now
from parcours.core.errors import Forbidden
from parcours.customers.writes import resolve_identities
from parcours.events.models import ReceivedEvent
from parcours.inbox import reads
from parcours.inbox.models import ChannelAccount, Conversation, Message, Outgoing
from parcours.inbox.reads.conversations import Filter
from parcours.inbox.writes.bulk import PastContact, PastConversation, PastMessage, add_past

pytestmark = pytest.mark.django_db(transaction=True)


def past(brand: Brand, key: str = "a", *, answered: bool = True, status: str = "closed") -> PastConversation:
    begun = now() - timedelta(days=3)
    customer = int(resolve_identities(brand, "user_id", ["F1"])[0])
    said = [PastMessage("in", "Do they run small?", begun)]
    if answered:
        said.append(PastMessage("out", "Take half a size more.", begun + timedelta(hours=1), "person"))
    contact = PastContact("f1", customer, name="Mark")
    return PastConversation(key, contact, said, status=status, thread=key, topic="size", rating=5)


def test_a_conversation_comes_in_as_it_ended(brand: Brand, loft: ChannelAccount, alice_acts: Actor) -> None:
    assert add_past(loft, [past(brand)], acting_user=alice_acts) == 1

    row = Conversation.objects.get()
    assert (row.status, row.message_count, row.topic, row.rating) == ("closed", 2, "size", 5)
    assert row.first_reply_at is not None
    assert row.first_reply_at - row.created_at == timedelta(hours=1)
    assert row.waiting_since is None
    question, answer = Message.objects.order_by("at")
    ways = [list(each.ledger.order_by("id").values_list("step", flat=True)) for each in (question, answer)]
    assert ways == [["received", "stored", "shown"], ["queued", "sent", "delivered", "read"]]
    assert not Outgoing.objects.exists()
    assert not ReceivedEvent.objects.exists()
    (found,) = reads.conversations(brand.pk, Filter(words="small")).rows
    assert found.id == row.pk


def test_one_that_stands_waits_for_its_answer(brand: Brand, loft: ChannelAccount, alice_acts: Actor) -> None:
    add_past(loft, [past(brand, answered=False, status="open")], acting_user=alice_acts)
    row = Conversation.objects.get()
    assert row.waiting_since == row.created_at
    assert reads.counts(brand.pk, None)["waiting"] == 1


def test_the_same_comes_in_once_and_numbers_go_on(
    brand: Brand, loft: ChannelAccount, alice_acts: Actor
) -> None:
    add_past(loft, [past(brand)], acting_user=alice_acts)
    assert add_past(loft, [past(brand), past(brand, "b")], acting_user=alice_acts) == 1
    assert sorted(Conversation.objects.values_list("number", flat=True)) == [1, 2]
    assert Message.objects.count() == 4


def test_who_may_only_reply_brings_no_past(brand: Brand, loft: ChannelAccount, alice_acts: Actor) -> None:
    agent = Actor("person", brand.pk, "agent", alice_acts.id, "Agnes")
    with pytest.raises(Forbidden):
        add_past(loft, [past(brand)], acting_user=agent)
    assert not Conversation.objects.exists()
