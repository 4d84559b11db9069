"""When the machine's clock is set back, nothing waits until it has caught up."""

import time
from datetime import UTC, datetime, timedelta
from threading import Thread

import pytest
from django.db import connection
from procrastinate.contrib.django import app

from parcours.accounts.models import Brand, Person
from parcours.accounts.rights import Actor
from parcours.core.clock import clock_at, now
from parcours.core.clock_back import HeedfulDeferrer, put_right
from parcours.inbox import writes
from parcours.inbox.channels.base import TryLater
from parcours.inbox.enums import OutboxStatus
from parcours.inbox.models import ChannelAccount, Conversation, Outgoing
from parcours.inbox.sending import WAITS, due, send
from parcours.inbox.webhooks.delivering import endpoints_due
from parcours.inbox.webhooks.models import WebhookDelivery
from parcours.inbox.webhooks.writes import Wanted, add_endpoint
from parcours.notices.models import Mail
from tests.inbox.messenger import Pigeons
from tests.inbox.test_receiving import bring

pytestmark = pytest.mark.django_db(transaction=True)

AHEAD = timedelta(hours=9)
A_MINUTE = timedelta(minutes=1)


def the_worker_asked(moment: datetime) -> None:
    """For its regular jobs, as it does every minute."""
    minute = int(moment.timestamp()) // 60 * 60
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_periodic_defers (task_name, defer_timestamp) VALUES ('x', %s)",
            [minute],
        )


@pytest.fixture
def conversation(loft: ChannelAccount) -> Conversation:
    bring(loft, {"id": "1", "text": "Do they fit wide feet?"})
    return Conversation.objects.get()


def test_a_message_waits_no_longer_than_its_pause(
    conversation: Conversation, pigeons: Pigeons, alice_acts: Actor
) -> None:
    reply = writes.send_reply(conversation.pk, "They do.", acting_user=alice_acts)
    moment = now()
    pigeons.faults = [TryLater("It rains.")]
    with clock_at(moment + AHEAD):
        send(reply.pk)
        the_worker_asked(now())
    pause = timedelta(seconds=WAITS[0])
    with clock_at(moment):
        assert not due()
        assert AHEAD <= put_right() <= AHEAD + A_MINUTE
        assert put_right() == timedelta(), "once"
    with clock_at(moment + pause):
        assert due() == [reply.pk]
        assert send(reply.pk) == "sent"


def test_a_message_whose_process_died_by_the_fast_clock_is_tried_again(
    conversation: Conversation, alice_acts: Actor
) -> None:
    reply = writes.send_reply(conversation.pk, "They do.", acting_user=alice_acts)
    moment = now()
    ahead = moment + AHEAD
    Outgoing.objects.update(status=OutboxStatus.SENDING, began_at=ahead, next_try_at=ahead)
    the_worker_asked(ahead)
    with clock_at(moment):
        put_right()
    with clock_at(moment + timedelta(minutes=6)):
        assert due() == [reply.pk]


def test_webhooks_and_mails_wait_no_longer_either(
    brand: Brand, loft: ChannelAccount, alice: Person, alice_acts: Actor
) -> None:
    endpoint, _secret = add_endpoint(Wanted("CRM", "https://93.184.216.34/hook"), acting_user=alice_acts)
    bring(loft, {"id": "1", "text": "Do they fit wide feet?"})
    moment = now()
    ahead = moment + AHEAD + timedelta(minutes=5)
    assert WebhookDelivery.objects.update(next_try_at=ahead)
    mail = Mail.objects.create(brand=brand, person=alice, message_id="<1@x>", due=ahead)
    the_worker_asked(moment + AHEAD)
    with clock_at(moment):
        put_right()
        assert not endpoints_due()
    with clock_at(moment + timedelta(minutes=5)):
        assert endpoints_due() == [endpoint.pk]
        mail.refresh_from_db()
        assert mail.due <= now()


def test_of_three_workers_one_moves_it(conversation: Conversation, alice_acts: Actor) -> None:
    writes.send_reply(conversation.pk, "They do.", acting_user=alice_acts)
    moment = now()
    Outgoing.objects.update(next_try_at=moment + AHEAD + timedelta(hours=12))
    the_worker_asked(moment + AHEAD)
    moved: list[timedelta] = []

    def work() -> None:
        try:
            with clock_at(moment):
                moved.append(put_right())
        finally:
            connection.close()

    workers = [Thread(target=work) for _each in range(3)]
    for each in workers:
        each.start()
    for each in workers:
        each.join()
    assert sorted(moved)[:2] == [timedelta()] * 2
    assert Outgoing.objects.get().next_try_at > moment + timedelta(hours=11)


def test_as_a_rule_nothing_is_moved(conversation: Conversation, alice_acts: Actor) -> None:
    writes.send_reply(conversation.pk, "They do.", acting_user=alice_acts)
    later = now() + timedelta(hours=1)
    Outgoing.objects.update(next_try_at=later)
    the_worker_asked(now())
    assert put_right() == timedelta()
    assert Outgoing.objects.get().next_try_at == later


def test_regular_jobs_are_asked_for_again() -> None:
    deferrer = HeedfulDeferrer(registry=app.periodic_registry)
    moment = time.time()
    ahead = list(deferrer.get_previous_tasks(moment + AHEAD.total_seconds()))
    again = list(deferrer.get_previous_tasks(moment))
    assert {each.task.name for each, _at in again} >= {"inbox.look_into_outbox", "inbox.look_into_webhooks"}
    assert max(at for _each, at in again) <= moment < max(at for _each, at in ahead)
    assert datetime.fromtimestamp(max(at for _each, at in again), UTC) > now() - 2 * A_MINUTE
