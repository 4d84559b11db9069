"""Each night what is stored is held against platforms and against itself: mended, or told of."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor
from parcours.core.clock import clock_at, now
from parcours.inbox import writes
from parcours.inbox.channels.base import Missed
from parcours.inbox.files import path_of, store
from parcours.inbox.models import Arrival, Attachment, ChannelAccount, Conversation, Message, Outgoing
from parcours.inbox.reconciling.leftovers import forget_unused_files
from parcours.inbox.reconciling.reads import CheckView, checks
from parcours.inbox.reconciling.running import KEPT, reconcile
from parcours.inbox.sending import send
from parcours.inbox.writes import NewFile
from parcours.notices.kinds import kind_named
from parcours.notices.models import Notice
from tests.inbox.conftest import loft as loft  # noqa: PLC0414 - fixtures of the inbox, used here too
from tests.inbox.conftest import pigeons as pigeons  # noqa: PLC0414
from tests.inbox.messenger import Pigeons
from tests.inbox.test_receiving import bring

pytestmark = pytest.mark.django_db(transaction=True)


def found(check: CheckView) -> dict[str, tuple[int, int]]:
    """By kind how many, and how many were mended."""
    return {each.kind: (each.number, each.mended) for each in check.findings}


@pytest.fixture
def talk(loft: ChannelAccount, pigeons: Pigeons, alice_acts: Actor) -> Conversation:
    """A conversation with a question, an answer that left, and another question."""
    assert pigeons.kind == loft.kind
    moment = int(now().timestamp()) - 7200
    bring(loft, {"id": "1", "text": "Do they fit wide feet?", "at": moment})
    row = Conversation.objects.get()
    with clock_at(now() - timedelta(hours=1, minutes=30)):
        reply = writes.send_reply(row.pk, "They do.", acting_user=alice_acts)
        send(reply.pk)
    bring(loft, {"id": "2", "text": "And are they light?", "at": moment + 3600})
    row.refresh_from_db()
    return row


def test_where_everything_agrees_nothing_is_found(
    brand: Brand, talk: Conversation, alice_acts: Actor
) -> None:
    other = writes.split(Message.objects.get(external_id="2").pk, acting_user=alice_acts)
    writes.merge(other.pk, talk.pk, acting_user=alice_acts)
    writes.close(talk.pk, acting_user=alice_acts)
    writes.reopen(talk.pk, acting_user=alice_acts)
    assert found(reconcile(brand)) == {}
    assert not Notice.objects.exists()


def test_what_the_list_shows_is_counted_from_the_messages(brand: Brand, talk: Conversation) -> None:
    before = (talk.message_count, talk.preview, talk.preview_direction, talk.last_message_at)
    waited = talk.waiting_since
    assert waited is not None
    Conversation.objects.update(
        message_count=9, preview="nothing of it", last_message_at=now(), waiting_since=None
    )
    assert found(reconcile(brand)) == {"counters": (1, 1)}
    talk.refresh_from_db()
    assert (talk.message_count, talk.preview, talk.preview_direction, talk.last_message_at) == before
    assert talk.waiting_since == waited
    assert found(reconcile(brand)) == {}


def test_who_was_answered_does_not_wait_again_because_their_clock_is_ahead(
    brand: Brand, loft: ChannelAccount, pigeons: Pigeons, alice_acts: Actor
) -> None:
    assert pigeons.kind == loft.kind
    bring(loft, {"id": "1", "text": "Do they fit wide feet?", "at": int(now().timestamp()) + 240})
    talk = Conversation.objects.get()
    writes.send_reply(talk.pk, "They do.", acting_user=alice_acts)
    reconcile(brand)
    talk.refresh_from_db()
    assert talk.waiting_since is None


def test_an_answered_customer_does_not_wait_and_a_closed_one_neither(
    brand: Brand, talk: Conversation, alice_acts: Actor
) -> None:
    writes.send_reply(talk.pk, "Very.", acting_user=alice_acts)
    Conversation.objects.update(waiting_since=now())
    assert found(reconcile(brand)) == {"counters": (1, 1)}
    talk.refresh_from_db()
    assert talk.waiting_since is None
    writes.close(talk.pk, acting_user=alice_acts)
    Conversation.objects.update(waiting_since=now())
    assert found(reconcile(brand)) == {"counters": (1, 1)}


def test_messages_show_what_their_ledger_and_the_outbox_say(
    brand: Brand, talk: Conversation, alice_acts: Actor
) -> None:
    sent = Message.objects.get(direction="out")
    Message.objects.filter(pk=sent.pk).update(step="read")
    with clock_at(now() - timedelta(hours=2)):
        unnoted = writes.send_reply(talk.pk, "Very light.", acting_user=alice_acts)
        lost = writes.send_reply(talk.pk, "200 g.", acting_user=alice_acts)
        stuck = writes.send_reply(talk.pk, "Each.", acting_user=alice_acts)
    Outgoing.objects.filter(pk=unnoted.pk).update(status="sent")
    Outgoing.objects.filter(pk=lost.pk).delete()

    check = reconcile(brand)

    assert found(check)["steps"] == (1, 1)
    assert found(check)["unnoted"] == (1, 1)
    assert found(check)["lost"] == (1, 0)
    assert found(check)["stuck"] == (1, 1)
    assert [each.kind for each in check.troubles] == ["lost"]
    steps = {row.pk: row.step for row in Message.objects.filter(direction="out")}
    assert (steps[sent.pk], steps[unnoted.pk], steps[stuck.pk]) == ("sent", "sent", "queued")


def test_what_a_platform_has_and_we_do_not_is_taken_in_once(
    brand: Brand, loft: ChannelAccount, pigeons: Pigeons, monkeypatch: pytest.MonkeyPatch
) -> None:
    lies_there = [Missed(b'[{"id": "7", "text": "Is anybody there?"}]', name="flight 7")]
    monkeypatch.setattr(pigeons, "missing_since", lambda _account, _moment: lies_there, raising=False)
    assert found(reconcile(brand)) == {"missing": (1, 1)}
    assert Message.objects.get().text == "Is anybody there?"
    assert found(reconcile(brand)) == {}


def test_a_platform_that_cannot_be_asked_is_told_of_and_the_rest_goes_on(
    brand: Brand, talk: Conversation, pigeons: Pigeons, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_account: ChannelAccount, _moment: object) -> None:
        raise ValueError

    monkeypatch.setattr(pigeons, "missing_since", broken, raising=False)
    Conversation.objects.update(message_count=9)
    assert found(reconcile(brand)) == {"unasked": (1, 0), "counters": (1, 1)}
    assert talk.pk


def test_owners_are_told_once_of_what_is_left(brand: Brand, loft: ChannelAccount, alice: object) -> None:
    bring(loft, {"id": "out-1", "step": "read"})
    check = reconcile(brand)
    assert found(check) == {"unread": (1, 0)}
    reconcile(brand)
    notice = Notice.objects.get()
    assert notice.url == "/inbox/settings/channels/check/"
    assert kind_named(notice.kind).sentence(notice.facts) == "1 arrival was not understood"
    assert Arrival.objects.get().tries == 3, "read again each time"
    assert alice


def test_files_without_messages_go_and_messages_without_files_are_told_of(
    brand: Brand, talk: Conversation, alice_acts: Actor, settings: LazySettings, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = str(tmp_path)
    file = NewFile("shoe.png", "image/png", b"\x89PNG shoe")
    writes.send_reply(talk.pk, "Look.", files=[file], acting_user=alice_acts)
    kept = Attachment.objects.get().digest
    orphan, young = store(b"nobody's"), store(b"on its way")
    long_ago = (now() - timedelta(days=2)).timestamp()
    for digest in (kept, orphan):
        os.utime(path_of(digest), (long_ago, long_ago))

    assert forget_unused_files() == 1
    assert [path_of(digest).exists() for digest in (kept, orphan, young)] == [True, False, True]
    path_of(kept).unlink()
    assert found(reconcile(brand)) == {"content_gone": (1, 0)}


def test_a_part_that_stumbles_does_not_stop_the_others_and_a_month_is_kept(
    brand: Brand, talk: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    from parcours.inbox.reconciling import running

    def stumble(_brand: Brand, _since: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setitem(running.CHECKS, "steps", stumble)
    assert [each.detail for each in reconcile(brand).findings] == ["steps"]
    for _night in range(KEPT + 1):
        reconcile(brand)
    assert len(checks(brand.pk, limit=100)) == KEPT
    assert talk.pk
