"""The outbox: what the team writes leaves once, or somebody is told why not."""

from datetime import timedelta

import pytest

from parcours.accounts.rights import Actor
from parcours.core.clock import clock_at, now
from parcours.core.errors import BadInput, Conflict
from parcours.inbox import writes
from parcours.inbox.channels.base import NeverSent, TryLater
from parcours.inbox.models import ChannelAccount, Conversation, Message, Outgoing
from parcours.inbox.sending import A_TRY_LASTS, WAITS, due, send
from tests.inbox.messenger import Pigeons
from tests.inbox.test_receiving import bring

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def conversation(loft: ChannelAccount) -> Conversation:
    bring(loft, {"id": "1", "text": "Do they fit wide feet?"})
    return Conversation.objects.get()


def test_a_reply_leaves_once(conversation: Conversation, pigeons: Pigeons, alice_acts: Actor) -> None:
    reply = writes.send_reply(conversation.pk, "They do.", acting_user=alice_acts)
    again = writes.send_reply(conversation.pk, "They do.", acting_user=alice_acts, message_id=reply.pk)
    send(reply.pk)
    send(reply.pk)

    assert again.pk == reply.pk
    assert [each.text for each in pigeons.sent] == ["They do."]
    reply.refresh_from_db()
    assert (reply.step, reply.external_id) == ("sent", f"out-{reply.pk}")
    conversation.refresh_from_db()
    assert conversation.waiting_since is None
    assert conversation.first_reply_at is not None


def test_what_cannot_be_sent_now_is_tried_later_and_then_given_up(
    conversation: Conversation, pigeons: Pigeons, alice_acts: Actor
) -> None:
    reply = writes.send_reply(conversation.pk, "They do.", acting_user=alice_acts)
    moment = now()
    for wait in WAITS:
        pigeons.faults = [TryLater("It rains.")]
        with clock_at(moment):
            assert due() == [reply.pk]
            assert send(reply.pk) == "waiting"
            assert send(reply.pk) == "", "not before its time"
        moment += timedelta(seconds=wait + 1)
    pigeons.faults = [TryLater("It rains.")]
    with clock_at(moment):
        assert send(reply.pk) == "dead"
    reply.refresh_from_db()
    assert (reply.step, reply.fault) == ("failed", "It rains.")

    writes.send_again(reply.pk, acting_user=alice_acts)
    assert send(reply.pk) == "sent"
    assert len({each.key for each in pigeons.sent}) == 1
    reply.refresh_from_db()
    assert reply.step == "sent"


def test_a_refusal_for_good_is_told_at_once(
    conversation: Conversation, pigeons: Pigeons, alice_acts: Actor
) -> None:
    reply = writes.send_reply(conversation.pk, "They do.", acting_user=alice_acts)
    pigeons.faults = [NeverSent("The customer has blocked the account.")]
    assert send(reply.pk) == "dead"
    assert Outgoing.objects.get().fault == "The customer has blocked the account."


def test_a_try_that_died_with_its_process_is_taken_up_under_the_same_key(
    conversation: Conversation, pigeons: Pigeons, alice_acts: Actor
) -> None:
    reply = writes.send_reply(conversation.pk, "They do.", acting_user=alice_acts)
    Outgoing.objects.update(status="sending", began_at=now(), tries=1)
    assert send(reply.pk) == "", "somebody may be at it"
    with clock_at(now() + A_TRY_LASTS + timedelta(seconds=1)):
        assert due() == [reply.pk]
        assert send(reply.pk) == "sent"
    assert [each.key for each in pigeons.sent] == [str(reply.pk)]


def test_steps_go_forward_only_in_whatever_order_they_come(
    conversation: Conversation, loft: ChannelAccount, alice_acts: Actor
) -> None:
    reply = writes.send_reply(conversation.pk, "They do.", acting_user=alice_acts)
    send(reply.pk)
    name = f"out-{reply.pk}"
    for step in ("read", "delivered", "failed"):
        bring(loft, {"id": name, "step": step})
    reply = Message.objects.get(pk=reply.pk)
    assert reply.step == "read"
    assert list(reply.ledger.order_by("id").values_list("step", flat=True)) == [
        "queued", "sent", "read", "delivered", "failed",
    ]  # fmt: skip


def test_what_the_channel_does_not_carry_is_refused_before_it_is_stored(
    conversation: Conversation, loft: ChannelAccount, alice_acts: Actor
) -> None:
    with pytest.raises(BadInput):
        writes.send_reply(conversation.pk, "x" * 501, acting_user=alice_acts)
    film = writes.NewFile("a.mp4", "video/mp4", b"0")
    with pytest.raises(BadInput):
        writes.send_reply(conversation.pk, "See", files=[film], acting_user=alice_acts)
    writes.change_account(loft.pk, enabled=False, acting_user=alice_acts)
    with pytest.raises(Conflict):
        writes.send_reply(conversation.pk, "They do.", acting_user=alice_acts)
    assert not Outgoing.objects.exists()
