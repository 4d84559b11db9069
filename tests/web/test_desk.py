"""Writing, blocking and undoing at the desk: nothing counts twice, nobody's words are lost."""

import json
import uuid
from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from parcours.accounts.models import Brand, Person
from parcours.accounts.rights import Actor
from parcours.core.clock import clock_at
from parcours.inbox import reads, writes
from parcours.inbox.desk.macros import macro, save_macro
from parcours.inbox.desk.models import ReplyUse
from parcours.inbox.desk.replies import reply, save_reply
from parcours.inbox.models import Arrival, ChannelAccount, Conversation, Message
from parcours.journal.models import Entry
from parcours.web.inbox.deeds import snooze_choices, snoozed_until
from tests.inbox.conftest import loft as loft  # noqa: PLC0414 - fixtures of the inbox, used here too
from tests.inbox.conftest import pigeons as pigeons  # noqa: PLC0414
from tests.web.test_inbox import SCRIPT, page
from tests.web.test_inbox import write as write  # noqa: PLC0414

PARIS = ZoneInfo("Europe/Paris")
Write = Callable[..., Conversation]


def do(client: Client, conversation: Conversation, deed: str, **fields: str) -> None:
    answer = client.post(f"/inbox/{conversation.pk}/do/{deed}/", fields, headers=SCRIPT)
    assert answer.status_code == 204, answer.content.decode()[:400]
    conversation.refresh_from_db()


def test_a_reply_that_is_sent_again_counts_its_quick_reply_once(
    as_agnes: Client, brand: Brand, alice_acts: Actor, write: Write
) -> None:
    quick = save_reply(
        brand, shortcut="way", name="On its way", texts={"en": "It is on its way."}, acting_user=alice_acts
    )
    conversation = write()
    writes.place(conversation.pk, topic="order status", acting_user=alice_acts)
    sent = {"text": "It is on its way.", "id": str(uuid.uuid4()), "used": [str(quick.id), "no id"]}
    for _try in range(2):
        answer = as_agnes.post(f"/inbox/{conversation.pk}/reply/", sent, headers=SCRIPT)
        assert answer.status_code == 200
    assert ReplyUse.objects.get().times == 1


def test_whoever_is_blocked_waits_for_nobody_and_it_is_known_who_blocked_them_and_why(
    as_agnes: Client, brand: Brand, loft: ChannelAccount, write: Write
) -> None:
    conversation = write("Buy followers now", "spammer")
    do(as_agnes, conversation, "block", because="Advertising")
    assert (conversation.status, conversation.waiting_since) == ("closed", None)
    told = json.dumps([{"id": "later", "from": "spammer", "text": "Buy more followers"}]).encode()
    writes.keep(loft, told)
    assert bytes(Arrival.objects.latest("received_at").body) == told
    assert not Message.objects.filter(text="Buy more followers").exists()
    counted = reads.counts(brand.pk, None)
    assert (counted["open"], counted["waiting"]) == (0, 0)
    shown = page(as_agnes, f"/inbox/{conversation.pk}/")
    assert "Blocked by Agnes on" in shown
    assert "Agnes blocked whoever writes here: Advertising" in shown
    assert Entry.objects.get(verb="contact blocked").actor_label == "Agnes"
    assert "Buy followers now" in page(as_agnes, "/inbox/?view=blocked")


def test_blocking_is_undone_and_the_customer_waits_as_before(as_agnes: Client, write: Write) -> None:
    conversation = write()
    waited = conversation.waiting_since
    do(as_agnes, conversation, "block")
    do(as_agnes, conversation, "unblock", undo="1")
    assert (conversation.status, conversation.waiting_since) == ("open", waited)
    assert "Blocked by" not in page(as_agnes, f"/inbox/{conversation.pk}/")
    assert write("Are you there?").pk == conversation.pk


def test_who_may_write_again_later_finds_what_was_closed_closed(as_agnes: Client, write: Write) -> None:
    conversation = write()
    do(as_agnes, conversation, "block")
    do(as_agnes, conversation, "unblock")
    assert conversation.status == "closed"
    assert "Agnes lets them write again" in page(as_agnes, f"/inbox/{conversation.pk}/")


def test_undoing_a_close_lets_the_customer_wait_as_before(as_agnes: Client, write: Write) -> None:
    conversation = write()
    waited = conversation.waiting_since
    assert waited is not None
    do(as_agnes, conversation, "close")
    do(as_agnes, conversation, "reopen", undo="1")
    assert conversation.waiting_since == waited


@pytest.mark.parametrize("kind", ["replies", "macros"])
def test_two_who_change_the_same_words_at_once_lose_nothing(
    as_alice: Client, brand: Brand, alice_acts: Actor, kind: str
) -> None:
    texts = {"en": "It is on its way."}
    if kind == "replies":
        pk = save_reply(brand, shortcut="way", name="Way", texts=texts, acting_user=alice_acts).id
    else:
        pk = save_macro(brand, name="Way", deeds=[], texts=texts, acting_user=alice_acts).id
    address = f"/inbox/settings/{kind}/{pk}/"
    assert 'name="revision" value="1"' in page(as_alice, address)
    sent = {"shortcut": "way", "name": "Way", "en": "It has left.", "revision": "1"}
    assert as_alice.post(address, sent).status_code == 302
    late = as_alice.post(address, {**sent, "en": "It left yesterday."})
    assert late.status_code == 409
    shown = late.content.decode()
    assert "It has left." in shown, "what stands"
    assert "It left yesterday." in shown, "what was written here"
    assert 'name="revision" value="2"' in shown
    assert as_alice.post(address, {**sent, "en": "It left yesterday.", "revision": "2"}).status_code == 302
    kept = reply(brand.pk, pk) if kind == "replies" else macro(brand.pk, pk)
    assert kept.texts["en"] == "It left yesterday."


@pytest.mark.parametrize(
    ("moment", "offered"),
    [
        ("2026-11-25T10:00", "later evening tomorrow monday week"),
        ("2026-11-25T18:30", "later tomorrow monday week"),
        ("2026-11-29T10:00", "later evening tomorrow week"),
    ],
)
def test_what_is_offered_to_put_off_until_lies_ahead_and_is_said_once(moment: str, offered: str) -> None:
    here = datetime.fromisoformat(moment).replace(tzinfo=PARIS)
    with clock_at(here):
        choices = snooze_choices(PARIS)
        assert " ".join(key for key, _name, _moment in choices) == offered
        assert all(until > here for _key, _name, until in choices)
        assert snoozed_until("evening", PARIS) > here, "also for a macro that is used late"


def test_a_macro_is_taken_back_as_a_whole(
    as_alice: Client, brand: Brand, alice: Person, alice_acts: Actor, write: Write
) -> None:
    talk = write()
    do(as_alice, talk, "tags", tags="return")
    deeds: list[tuple[str, dict[str, str]]] = [
        ("tags", {"add": "Return, vip"}),
        ("priority", {"priority": "1"}),
        ("assign", {"assignee": "me"}),
        ("close", {}),
    ]
    made = save_macro(brand, name="Way", deeds=deeds, texts={}, acting_user=alice_acts)
    answer = as_alice.post(f"/inbox/{talk.pk}/macro/{made.id}/", headers=SCRIPT).json()
    talk.refresh_from_db()
    assert (talk.status, talk.tags, talk.priority, talk.assignee) == ("closed", ["return", "vip"], 1, alice)
    for deed, fields in answer["undo"]:
        do(as_alice, talk, deed, **dict(fields))
    assert (talk.status, talk.tags, talk.priority, talk.assignee) == ("open", ["return"], 0, None)


def test_a_macro_with_a_step_that_fails_does_nothing(
    as_alice: Client, brand: Brand, alice_acts: Actor, write: Write
) -> None:
    talk = write()
    deeds: list[tuple[str, dict[str, str]]] = [("priority", {"priority": "1"}), ("tags", {"add": "x" * 41})]
    made = save_macro(brand, name="Way", deeds=deeds, texts={}, acting_user=alice_acts)
    answer = as_alice.post(f"/inbox/{talk.pk}/macro/{made.id}/", headers=SCRIPT)
    assert answer.status_code == 422
    talk.refresh_from_db()
    assert (talk.priority, talk.tags) == (0, [])


def test_how_the_customer_found_the_answer_stands_at_the_conversation(as_agnes: Client, write: Write) -> None:
    talk = write()
    assert "gave the answer" not in page(as_agnes, f"/inbox/{talk.pk}/")
    Conversation.objects.filter(pk=talk.pk).update(rating=2, rating_words="Too <slow>")
    told = page(as_agnes, f"/inbox/{talk.pk}/")
    assert "The customer gave the answer 2 of 5: “Too &lt;slow&gt;”" in told
