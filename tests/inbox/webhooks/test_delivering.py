"""Programs are told what happens: once it is true, signed, again until they took it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor
from parcours.core.clock import clock_at, now
from parcours.core.errors import BadInput, Conflict, Forbidden, NotFound
from parcours.core.outbound import Unreachable
from parcours.inbox import writes
from parcours.inbox.models import ChannelAccount, Conversation
from parcours.inbox.sending import send
from parcours.inbox.webhooks import writes as webhooks
from parcours.inbox.webhooks.delivering import (
    A_TRY_LASTS,
    FAILS_FOR,
    LONGEST_REST,
    WAITS,
    deliver,
    endpoints_due,
)
from parcours.inbox.webhooks.kinds import known_kinds
from parcours.inbox.webhooks.models import WebhookDelivery, WebhookEndpoint, WebhookEvent, WebhookTry
from parcours.inbox.webhooks.writes import OVERLAP, Wanted
from parcours.notices.models import Notice
from tests.inbox.messenger import Pigeons
from tests.inbox.platforms.plain import Platform
from tests.inbox.test_receiving import bring
from tests.inbox.webhooks.conftest import Adding

pytestmark = pytest.mark.django_db(transaction=True)


def came(receiver: Platform) -> list[dict[str, Any]]:
    return [json.loads(asked.body) for asked in receiver.asked]


def kinds(receiver: Platform) -> list[str]:
    return [each["type"] for each in came(receiver)]


@contextmanager
def later(**span: float) -> Iterator[None]:
    with clock_at(now() + timedelta(**span)):
        yield


def test_a_program_hears_what_happens_to_a_conversation_in_its_order(
    loft: ChannelAccount, told: Adding, receiver: Platform, alice_acts: Actor, pigeons: Pigeons
) -> None:
    endpoint, _secret = told()
    bring(loft, {"id": "1", "text": "Do they fit wide feet?"})
    talk = Conversation.objects.get()
    writes.assign(talk.pk, alice_acts.id, acting_user=alice_acts)
    reply = writes.send_reply(talk.pk, "They do.", acting_user=alice_acts)
    send(reply.pk)
    writes.set_tags(talk.pk, ["size"], acting_user=alice_acts)
    writes.close(talk.pk, acting_user=alice_acts)
    bring(loft, {"id": "2", "text": "And are they light?"})

    deliver(endpoint.pk)

    assert kinds(receiver) == [
        "contact.created", "message.received", "conversation.created", "conversation.assigned",
        "message.sent", "conversation.tagged", "conversation.closed", "conversation.reopened",
        "message.received",
    ]  # fmt: skip
    assigned = came(receiver)[3]["data"]["conversation"]
    assert (assigned["assignee"], assigned["channel"]) == (str(alice_acts.id), "pigeons")
    assert set(kinds(receiver)) <= set(known_kinds())


def test_nobodys_words_or_names_are_sent_unless_the_brand_wants_that(
    loft: ChannelAccount, told: Adding, receiver: Platform
) -> None:
    thin, _secret = told()
    wordy, _secret = told(name="Archive", kinds=["message.received"], with_text=True)
    bring(loft, {"id": "1", "text": "Do they fit wide feet?", "name": "Mark"})
    deliver(thin.pk)
    assert not [asked for asked in receiver.asked if b"wide feet" in asked.body or b"Mark" in asked.body]
    assert not [row for row in WebhookEvent.objects.all() if "wide feet" in str(row.data)], "nor kept"
    deliver(wordy.pk)
    assert came(receiver)[-1]["data"]["message"]["text"] == "Do they fit wide feet?"


def test_the_reference_library_believes_what_is_sent_and_nothing_that_was_changed(
    loft: ChannelAccount, told: Adding, receiver: Platform
) -> None:
    endpoint, secret = told()
    bring(loft, {"id": "1", "text": "Hello"})
    deliver(endpoint.pk)

    asked = receiver.asked[0]
    assert Webhook(secret).verify(asked.body, asked.headers) == came(receiver)[0]
    assert asked.headers["webhook-id"] == came(receiver)[0]["id"]
    assert asked.path == "/hook?key=1"
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(asked.body.replace(b"contact", b"kontact"), asked.headers)


def test_while_a_secret_is_renewed_both_are_good(
    loft: ChannelAccount, told: Adding, receiver: Platform, alice_acts: Actor
) -> None:
    endpoint, old = told(kinds=["message.received"])
    _endpoint, new = webhooks.renew_secret(endpoint.pk, acting_user=alice_acts)
    bring(loft, {"id": "1", "text": "Hello"})
    deliver(endpoint.pk)
    for secret in (old, new):
        Webhook(secret).verify(receiver.asked[0].body, receiver.asked[0].headers)

    with later(seconds=OVERLAP.total_seconds() + 1):
        bring(loft, {"id": "2", "text": "Hello"})
        deliver(endpoint.pk)
    signatures = receiver.asked[1].headers["webhook-signature"]
    assert len(signatures.split()) == 1


def test_what_did_not_happen_in_the_end_is_not_told(
    loft: ChannelAccount, told: Adding, receiver: Platform, alice_acts: Actor
) -> None:
    bring(loft, {"id": "1", "text": "Hello"})
    endpoint, _secret = told()
    with transaction.atomic():
        writes.close(Conversation.objects.get().pk, acting_user=alice_acts)
        transaction.set_rollback(True)
    deliver(endpoint.pk)
    assert kinds(receiver) == []


def test_only_what_was_asked_for_is_told(loft: ChannelAccount, told: Adding, receiver: Platform) -> None:
    closing, _secret = told(kinds=["conversation.closed"])
    elsewhere, _secret = told(channels=["email"])
    bring(loft, {"id": "1", "text": "Hello"})
    deliver(closing.pk)
    deliver(elsewhere.pk)
    assert kinds(receiver) == []


def test_an_endpoint_that_is_down_is_tried_for_three_days_and_told_in_order(
    loft: ChannelAccount, told: Adding, receiver: Platform
) -> None:
    endpoint, _secret = told(kinds=["message.received"])
    takes = receiver.answering
    receiver.answering = lambda _asked: (503, b"down for repairs")
    bring(loft, {"id": "1", "text": "Hello"})
    moment = now()
    for wait in WAITS:
        with clock_at(moment):
            assert endpoints_due() == [endpoint.pk]
            assert deliver(endpoint.pk) == 0
            assert deliver(endpoint.pk) == 0, "not before its time"
        moment += timedelta(seconds=wait + 1)
    assert len(receiver.asked) == len(WAITS)
    assert timedelta(days=2.5) < timedelta(seconds=sum(WAITS)) <= FAILS_FOR + timedelta(hours=12)
    receiver.answering = takes
    with clock_at(moment):
        assert deliver(endpoint.pk) == 1
    ids = {each["id"] for each in came(receiver)}
    assert len(ids) == 1, "the same event under the same id"
    attempts = list(WebhookTry.objects.order_by("id").values_list("answered", "answer"))
    assert attempts[0] == (503, "down for repairs")
    assert attempts[-1][0] == 204


def test_one_that_never_answers_well_is_switched_off_and_the_owners_are_told(
    loft: ChannelAccount, told: Adding, receiver: Platform, alice_acts: Actor, system: Actor
) -> None:
    endpoint, _secret = told(kinds=["message.received"])
    receiver.answering = lambda _asked: (500, b"")
    bring(loft, {"id": "1", "text": "Hello"})
    moment = now()
    for _try in range(len(WAITS) + 1):
        with clock_at(moment):
            deliver(endpoint.pk)
        moment += timedelta(hours=20, seconds=1)
    endpoint.refresh_from_db()
    assert endpoint.off_why == "failing"
    notice = Notice.objects.get(kind="webhook_off")
    assert (notice.person_id, notice.url) == (alice_acts.id, f"/inbox/settings/webhooks/{endpoint.pk}/")
    with clock_at(moment):
        assert endpoints_due() == []


def test_one_that_says_it_is_gone_is_believed_at_once(
    loft: ChannelAccount, told: Adding, receiver: Platform
) -> None:
    endpoint, _secret = told(kinds=["message.received"])
    receiver.answering = lambda _asked: (410, b"")
    bring(loft, {"id": "1", "text": "Hello"})
    deliver(endpoint.pk)
    endpoint.refresh_from_db()
    assert endpoint.off_why == "gone"
    assert WebhookDelivery.objects.get().status == "dead"


@pytest.mark.parametrize("seconds", ["9" * 14, "9" * 5_000])
def test_one_that_asks_for_an_absurd_wait_is_tried_in_our_own_rhythm(
    loft: ChannelAccount, told: Adding, receiver: Platform, seconds: str
) -> None:
    endpoint, _secret = told(kinds=["message.received"])
    takes, receiver.answering = receiver.answering, lambda _asked: (503, b"")
    receiver.headers = {"Retry-After": seconds}
    bring(loft, {"id": "1", "text": "Hello"})
    deliver(endpoint.pk)
    assert WebhookTry.objects.get().answered == 503
    receiver.answering = takes
    with later(seconds=WAITS[0] + 1):
        assert deliver(endpoint.pk) == 1


def test_what_happened_while_it_was_off_is_told_when_somebody_asks_for_it(
    loft: ChannelAccount, told: Adding, receiver: Platform, alice_acts: Actor
) -> None:
    endpoint, _secret = told(kinds=["message.received"])
    bring(loft, {"id": "1", "text": "Hello"})
    deliver(endpoint.pk)
    webhooks.switch_endpoint(endpoint.pk, is_on=False, acting_user=alice_acts)
    bring(loft, {"id": "2", "text": "Are you there?"})
    assert deliver(endpoint.pk) == 0
    since = now() - timedelta(hours=1)
    with pytest.raises(Conflict):
        webhooks.replay(endpoint.pk, since, acting_user=alice_acts)

    webhooks.switch_endpoint(endpoint.pk, is_on=True, acting_user=alice_acts)
    assert deliver(endpoint.pk) == 0, "not by itself"
    assert webhooks.replay(endpoint.pk, since, acting_user=alice_acts) == 1
    assert deliver(endpoint.pk) == 1
    assert webhooks.replay(endpoint.pk, since, acting_user=alice_acts, also_delivered=True) == 2
    assert deliver(endpoint.pk) == 2
    numbers = [each["data"]["message"]["id"] for each in came(receiver)]
    assert numbers[0] == numbers[2]
    assert numbers[1] == numbers[3]


def test_one_delivery_is_sent_again_and_a_test_tells_at_once_what_was_answered(
    loft: ChannelAccount, told: Adding, receiver: Platform, alice_acts: Actor
) -> None:
    endpoint, secret = told(kinds=["message.received"])
    bring(loft, {"id": "1", "text": "Hello"})
    deliver(endpoint.pk)
    webhooks.send_again(WebhookDelivery.objects.get().pk, acting_user=alice_acts)
    assert deliver(endpoint.pk) == 1
    assert came(receiver)[0] == came(receiver)[1]

    good = webhooks.send_test(endpoint.pk, acting_user=alice_acts)
    assert (good.status, came(receiver)[-1]["type"]) == ("sent", "test")
    Webhook(secret).verify(receiver.asked[-1].body, receiver.asked[-1].headers)
    receiver.answering = lambda _asked: (500, b"")
    bad = webhooks.send_test(endpoint.pk, acting_user=alice_acts)
    assert bad.status == "dead"
    endpoint.refresh_from_db()
    assert endpoint.failing_since is None, "a test that fails counts for nothing"


def test_private_addresses_are_refused_and_redirects_are_not_followed(
    loft: ChannelAccount, told: Adding, receiver: Platform, alice_acts: Actor, settings: Any
) -> None:
    endpoint, _secret = told(kinds=["message.received"])
    receiver.answering = lambda _asked: (302, b"")
    bring(loft, {"id": "1", "text": "Hello"})
    deliver(endpoint.pk)
    assert WebhookTry.objects.get().fault == "It redirects, which is not followed."

    settings.PRIVATE_ADDRESSES = []
    with pytest.raises(BadInput, match="private") as refused:
        webhooks.add_endpoint(Wanted("Inside", "http://127.0.0.1:5432/"), acting_user=alice_acts)
    assert refused.value.where == "url"
    with later(minutes=1):
        deliver(endpoint.pk)
    assert len(receiver.asked) == 1, "also when the name points inside only later"


def test_a_try_that_died_with_its_process_is_taken_up(
    loft: ChannelAccount, told: Adding, receiver: Platform
) -> None:
    endpoint, _secret = told(kinds=["message.received"])
    bring(loft, {"id": "1", "text": "Hello"})
    WebhookDelivery.objects.update(tries=1, next_try_at=now() + A_TRY_LASTS)
    assert deliver(endpoint.pk) == 0
    with later(seconds=A_TRY_LASTS.total_seconds() + 1):
        assert deliver(endpoint.pk) == 1


def test_who_asks_to_be_forgotten_is_forgotten_here_and_the_programs_are_told(
    brand: Brand, loft: ChannelAccount, told: Adding, receiver: Platform
) -> None:
    from parcours.inbox.personal_data import RECORDS

    endpoint, _secret = told()
    receiver.answering = lambda _asked: (200, b"Thank you, Mark")
    bring(loft, {"id": "1", "text": "Hello", "name": "Mark"})
    deliver(endpoint.pk)
    customer = Conversation.objects.get().customer_id
    assert customer is not None
    assert len(RECORDS.export(brand.pk, [customer])["told to other programs"]) == 3

    RECORDS.erase(brand.pk, [customer])

    assert not WebhookTry.objects.exists()
    assert list(WebhookEvent.objects.values_list("kind", flat=True)) == ["contact.erased"]
    deliver(endpoint.pk)
    assert kinds(receiver)[-1] == "contact.erased"


def test_only_owners_say_who_is_told_and_outsiders_find_nothing(
    told: Adding, brand: Brand, other_brand: Brand, alice_acts: Actor
) -> None:
    endpoint, secret = told()
    assert secret not in (endpoint.secret, endpoint.old_secret), "sealed"
    editor = Actor(kind="person", brand_id=brand.pk, role="editor", id=None, label="Eve")
    outsider = Actor(kind="person", brand_id=other_brand.pk, role="owner", id=None, label="Charlie")
    with pytest.raises(Forbidden):
        webhooks.send_test(endpoint.pk, acting_user=editor)
    with pytest.raises(NotFound):
        webhooks.switch_endpoint(endpoint.pk, is_on=False, acting_user=outsider)
    with pytest.raises(Conflict):
        webhooks.switch_endpoint(endpoint.pk, is_on=False, acting_user=alice_acts, revision=9)


def test_one_that_is_down_is_left_alone_between_tries_also_by_what_happens_meanwhile(
    loft: ChannelAccount, told: Adding, receiver: Platform
) -> None:
    endpoint, _secret = told(kinds=["message.received"])
    takes, receiver.answering = receiver.answering, lambda _asked: (503, b"")
    began = now()
    for second in range(0, 600, 10):
        with clock_at(began + timedelta(seconds=second)):
            bring(loft, {"id": str(second), "text": "Hello"})
            deliver(endpoint.pk)
    assert len(receiver.asked) < 20, "not one try for each event"

    receiver.answering = takes
    with clock_at(began + timedelta(seconds=600) + LONGEST_REST):
        assert deliver(endpoint.pk) > 50
    times = [each["timestamp"] for each in came(receiver)[-50:]]
    assert times == sorted(times)


def test_one_that_asks_for_time_gets_it_for_all_that_waits(
    loft: ChannelAccount, told: Adding, receiver: Platform, alice_acts: Actor
) -> None:
    endpoint, _secret = told(kinds=["message.received"])
    takes, receiver.answering = receiver.answering, lambda _asked: (429, b"")
    receiver.headers = {"Retry-After": "600"}
    bring(loft, {"id": "1", "text": "Hello"}, {"id": "2", "text": "Hello?"})
    deliver(endpoint.pk)
    receiver.answering = takes
    with later(seconds=500):
        bring(loft, {"id": "3", "text": "Anybody?"})
        assert endpoints_due() == []
        assert deliver(endpoint.pk) == 0
    with later(seconds=602):
        assert deliver(endpoint.pk) == 3

    receiver.answering = lambda _asked: (429, b"")
    with later(seconds=700):
        bring(loft, {"id": "4", "text": "Hello"})
        deliver(endpoint.pk)
        receiver.answering = takes
        webhooks.switch_endpoint(endpoint.pk, is_on=False, acting_user=alice_acts)
        webhooks.switch_endpoint(endpoint.pk, is_on=True, acting_user=alice_acts)
        assert deliver(endpoint.pk) == 1, "whoever switches it on wants it told now"


def test_a_replay_looks_at_everything_that_the_endpoint_wants(
    loft: ChannelAccount, told: Adding, alice_acts: Actor, brand: Brand, monkeypatch: pytest.MonkeyPatch
) -> None:
    endpoint, _secret = told(kinds=["message.received"])
    WebhookEndpoint.objects.update(channels=["pigeons"])
    monkeypatch.setattr(webhooks, "MOST_REPLAYED", 2)
    since = now() - timedelta(hours=1)
    others = [("contact.created", "pigeons")] * 20 + [("message.received", "email")] * 20
    WebhookEvent.objects.bulk_create(
        [WebhookEvent(brand=brand, kind=kind, channel=channel) for kind, channel in others]
    )
    bring(loft, {"id": "1", "text": "Hello"}, {"id": "2", "text": "Hello?"})
    WebhookDelivery.objects.all().delete()
    assert webhooks.replay(endpoint.pk, since, acting_user=alice_acts) == 2
    bring(loft, {"id": "3", "text": "Hello"})
    with pytest.raises(BadInput, match="more than 2"):
        webhooks.replay(endpoint.pk, since, acting_user=alice_acts)


def test_what_is_erased_while_it_is_being_told_stumbles_over_nothing(
    loft: ChannelAccount, told: Adding, receiver: Platform
) -> None:
    endpoint, _secret = told(kinds=["message.received"])

    def erasing(_asked: Any) -> tuple[int, bytes]:
        WebhookEvent.objects.all().delete()
        return 200, b""

    receiver.answering = erasing
    bring(loft, {"id": "1", "text": "Hello"})
    assert deliver(endpoint.pk) == 1
    assert not WebhookTry.objects.exists()


def test_an_address_that_cannot_be_found_is_said_to_be_wrong(alice_acts: Actor) -> None:
    with pytest.raises(Unreachable) as refused:
        webhooks.add_endpoint(Wanted("CRM", "https://nowhere.invalid/"), acting_user=alice_acts)
    assert refused.value.where == "url"
