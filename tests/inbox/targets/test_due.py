"""What is due of a conversation, as it goes its way."""

from datetime import UTC, datetime, timedelta
from threading import Thread
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from parcours.accounts.models import Brand, Person
from parcours.accounts.rights import Actor
from parcours.accounts.writes import change_role
from parcours.core.clock import clock_at
from parcours.events.models import ReceivedEvent
from parcours.inbox import reads, writes
from parcours.inbox.desk.wall import late_by_queue, pressing
from parcours.inbox.hours.writes import HoursForm, save_hours
from parcours.inbox.models import ChannelAccount, Conversation
from parcours.inbox.reads import Filter
from parcours.inbox.routing.models import Queue
from parcours.inbox.routing.reads import queue_now
from parcours.inbox.targets.enums import Mark
from parcours.inbox.targets.models import TargetMark
from parcours.inbox.targets.reads import TargetView, state_of
from parcours.inbox.targets.recounting import count_due
from parcours.inbox.targets.reminding import remind
from parcours.inbox.targets.writes import TargetForm, save_target
from parcours.notices.models import Notice
from tests.inbox.test_receiving import bring

pytestmark = pytest.mark.django_db(transaction=True)

OFFICE = [[("09:00", "18:00")]] * 5 + [[], []]
FRIDAY = "2026-11-20T17:50"


def paris(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Europe/Paris"))


@pytest.fixture
def hours(brand: Brand, alice_acts: Actor) -> None:
    form = HoursForm("Office", "Europe/Paris", OFFICE, "FR", is_default=True)
    save_hours(brand, form, acting_user=alice_acts)


@pytest.fixture
def target(brand: Brand, alice_acts: Actor, hours: None) -> TargetView:
    form = TargetForm("Everybody", first_reply=60, next_reply=120, resolution=600, warn_at=50)
    return save_target(brand, form, acting_user=alice_acts)


def ask(loft: ChannelAccount, when: str, name: str = "1", sender: str = "mark") -> Conversation:
    with clock_at(paris(when)):
        bring(loft, {"id": name, "from": sender, "text": "Hello?", "at": paris(when).timestamp()})
    return Conversation.objects.filter(contact__external_id=sender).latest("number")


def answer(conversation: Conversation, when: str, acting_user: Actor) -> Conversation:
    with clock_at(paris(when)):
        writes.send_reply(conversation.pk, "Here you are.", acting_user=acting_user)
    conversation.refresh_from_db()
    return conversation


def test_a_question_of_friday_evening_is_due_on_monday(loft: ChannelAccount, target: TargetView) -> None:
    row = ask(loft, FRIDAY)
    assert row.first_reply_due == row.due_at == paris("2026-11-23T09:50")
    assert row.warned_from == paris("2026-11-23T09:20")
    assert row.next_reply_due is None
    assert row.resolution_due == paris("2026-11-24T09:50")
    assert state_of(row, paris("2026-11-23T09:00")) == "due"
    assert state_of(row, paris("2026-11-23T09:30")) == "warned"
    assert state_of(row, paris("2026-11-23T10:00")) == "late"


def test_in_clock_time_the_night_counts(brand: Brand, loft: ChannelAccount, alice_acts: Actor) -> None:
    save_target(brand, TargetForm("Clock", first_reply=60, in_business_time=False), acting_user=alice_acts)
    assert ask(loft, FRIDAY).due_at == paris("2026-11-20T18:50")


def test_without_targets_nothing_is_due(loft: ChannelAccount, hours: None) -> None:
    row = ask(loft, FRIDAY)
    assert (row.due_at, row.remind_at, row.target_id) == (None, None, None)
    assert state_of(row, paris("2027-01-01T00:00")) == ""


def test_after_the_first_answer_the_next_one_is_due_when_the_customer_writes_again(
    loft: ChannelAccount, target: TargetView, alice_acts: Actor
) -> None:
    row = answer(ask(loft, "2026-11-23T10:00"), "2026-11-23T10:30", alice_acts)
    assert (row.first_reply_due, row.next_reply_due, row.due_at) == (None, None, None)
    row = ask(loft, "2026-11-23T15:00", "2")
    assert row.next_reply_due == row.due_at == paris("2026-11-23T17:00")


def test_a_resolution_waits_while_it_is_the_customers_turn(
    loft: ChannelAccount, target: TargetView, alice_acts: Actor
) -> None:
    row = answer(ask(loft, "2026-11-23T10:00"), "2026-11-23T12:00", alice_acts)
    assert row.resolution_due is None, "two of ten hours are used up, and the clock stands still"
    row = ask(loft, "2026-11-25T09:00", "2")
    assert row.resolution_due == paris("2026-11-25T17:00")


def test_or_it_does_not_wait(brand: Brand, loft: ChannelAccount, alice_acts: Actor, hours: None) -> None:
    save_target(brand, TargetForm("Strict", resolution=600, pauses=False), acting_user=alice_acts)
    row = answer(ask(loft, "2026-11-23T10:00"), "2026-11-23T12:00", alice_acts)
    assert row.resolution_due == paris("2026-11-24T11:00")


def test_closed_nothing_is_due_and_reopened_the_rest_of_the_time_is(
    loft: ChannelAccount, target: TargetView, alice_acts: Actor
) -> None:
    row = ask(loft, "2026-11-23T10:00")
    with clock_at(paris("2026-11-23T11:00")):
        writes.close(row.pk, acting_user=alice_acts)
    row.refresh_from_db()
    assert (row.due_at, row.resolution_due, row.remind_at) == (None, None, None)
    with clock_at(paris("2026-11-24T10:00")):
        writes.reopen(row.pk, acting_user=alice_acts)
    row.refresh_from_db()
    assert row.resolution_due == paris("2026-11-25T10:00"), "one of ten hours was used up"


def test_urgent_ones_have_a_target_of_their_own_from_when_they_are(
    brand: Brand, loft: ChannelAccount, alice_acts: Actor, hours: None
) -> None:
    urgent = TargetForm("Urgent", first_reply=15, conditions={"priority": ["1"]})
    save_target(brand, urgent, acting_user=alice_acts)
    save_target(brand, TargetForm("Others", first_reply=240), acting_user=alice_acts)
    row = ask(loft, "2026-11-23T10:00")
    assert row.due_at == paris("2026-11-23T14:00")
    with clock_at(paris("2026-11-23T10:05")):
        writes.set_priority(row.pk, 1, acting_user=alice_acts)
    row.refresh_from_db()
    assert row.due_at == paris("2026-11-23T10:15")
    with clock_at(paris("2026-11-23T10:06")):
        writes.set_priority(row.pk, 0, acting_user=alice_acts)
    row.refresh_from_db()
    assert row.due_at == paris("2026-11-23T14:00")


def test_another_queue_has_its_own_hours_and_target(
    brand: Brand, loft: ChannelAccount, alice_acts: Actor, target: TargetView
) -> None:
    night = HoursForm("Night", "Europe/Paris", [[("22:00", "06:00")]] * 7)
    own = save_hours(brand, night, acting_user=alice_acts)
    queue = Queue.objects.create(brand=brand, name="Night", hours_id=own.id)
    row = ask(loft, "2026-11-23T17:30")
    assert row.due_at == paris("2026-11-24T09:30")
    with clock_at(paris("2026-11-23T17:40")):
        writes.assign(row.pk, None, acting_user=alice_acts, queue_id=queue.pk)
    row.refresh_from_db()
    assert row.due_at == paris("2026-11-23T23:00")


def test_new_hours_and_targets_count_for_what_stands_already(
    brand: Brand, loft: ChannelAccount, alice_acts: Actor, target: TargetView
) -> None:
    row = ask(loft, FRIDAY)
    with clock_at(paris("2026-11-20T18:30")):
        saturdays = HoursForm("All week", "Europe/Paris", [[("09:00", "18:00")]] * 7, is_default=True)
        save_hours(brand, saturdays, acting_user=alice_acts)
        count_due(brand.pk)
    row.refresh_from_db()
    assert row.due_at == paris("2026-11-21T09:50")


def test_the_assignee_is_warned_once_and_managers_hear_once_of_what_is_late(
    loft: ChannelAccount, target: TargetView, alice: Person, bob: Person, alice_acts: Actor
) -> None:
    change_role(bob.memberships.get(), "agent", acting_user=alice_acts)
    row = ask(loft, "2026-11-23T10:00")
    with clock_at(paris("2026-11-23T10:01")):
        writes.assign(row.pk, bob.pk, acting_user=alice_acts)
    with clock_at(paris("2026-11-23T10:29")):
        assert remind() == 0
    for minute in (31, 32, 33):
        with clock_at(paris(f"2026-11-23T10:{minute}")):
            remind()
    assert list(Notice.objects.values_list("kind", "person__email")) == [("target-warned", bob.email)]
    for minute in (1, 2):
        with clock_at(paris(f"2026-11-23T11:0{minute}")):
            remind()
    late = Notice.objects.filter(kind="target-missed")
    assert set(late.values_list("person__email", flat=True)) == {alice.email, bob.email}
    assert late.count() == 2
    assert list(TargetMark.objects.order_by("id").values_list("metric", "mark", "agent_id")) == [
        ("first_reply", Mark.WARNED, bob.pk),
        ("first_reply", Mark.MISSED, bob.pk),
    ]
    told = [bytes(each.body) for each in ReceivedEvent.objects.all()]
    assert sum(b"Target Missed" in each for each in told) == 1


def test_an_answer_in_time_is_no_news(loft: ChannelAccount, target: TargetView, alice_acts: Actor) -> None:
    answer(ask(loft, "2026-11-23T10:00"), "2026-11-23T10:20", alice_acts)
    with clock_at(paris("2026-11-23T15:00")):
        assert remind() == 0
    assert not Notice.objects.exists()


def test_three_workers_tell_it_once(loft: ChannelAccount, target: TargetView, alice: Person) -> None:
    for number in range(4):
        ask(loft, "2026-11-23T10:00", str(number), f"customer {number}")

    def work() -> None:
        try:
            with clock_at(paris("2026-11-23T11:30")):
                remind()
        finally:
            connection.close()

    workers = [Thread(target=work) for _each in range(3)]
    for each in workers:
        each.start()
    for each in workers:
        each.join()
    with clock_at(paris("2026-11-23T11:31")):
        remind()
    assert TargetMark.objects.filter(mark=Mark.MISSED).count() == 4
    late = Notice.objects.filter(kind="target-missed")
    assert late.count() == Notice.objects.values("person").distinct().count()
    assert set(late.values_list("facts__n", flat=True)) == {4}


def test_what_was_late_before_there_was_a_target_is_nobodys_news(
    brand: Brand, loft: ChannelAccount, alice_acts: Actor, hours: None
) -> None:
    row = ask(loft, "2026-11-18T10:00")
    with clock_at(paris("2026-11-23T10:00")):
        save_target(brand, TargetForm("New", first_reply=60), acting_user=alice_acts)
        count_due(brand.pk)
        assert remind() == 0
    row.refresh_from_db()
    assert state_of(row, paris("2026-11-23T10:00")) == "late", "the list shows it all the same"
    assert not Notice.objects.exists()


def test_the_list_shows_what_is_due_first(
    brand: Brand, loft: ChannelAccount, target: TargetView, alice_acts: Actor
) -> None:
    ask(loft, "2026-11-23T11:00", "1", "anna")
    ask(loft, "2026-11-23T10:00", "2", "ben")
    answer(ask(loft, "2026-11-23T10:30", "3", "carl"), "2026-11-23T10:40", alice_acts)
    with clock_at(paris("2026-11-23T11:10")):
        due = reads.conversations(brand.pk, Filter(status="open", due=True))
        late = reads.conversations(brand.pk, Filter(status="open", late=True))
        assert [row.number for row in due.rows] == [2, 1]
        assert [row.number for row in late.rows] == [2]
        counted = reads.counts(brand.pk, None)
        assert (counted["due"], counted["late"]) == (2, 1)
    first = reads.conversations(brand.pk, Filter(due=True), limit=1)
    second = reads.conversations(brand.pk, Filter(due=True), cursor=first.next)
    assert [row.number for row in (*first.rows, *second.rows)] == [2, 1]


def test_a_later_message_does_not_begin_the_waiting_anew(loft: ChannelAccount, target: TargetView) -> None:
    ask(loft, "2026-11-23T10:00")
    row = ask(loft, "2026-11-23T10:30", "2")
    assert row.due_at == paris("2026-11-23T11:00")
    assert row.due_at is not None
    assert row.due_at - timedelta(hours=1) == datetime(2026, 11, 23, 9, tzinfo=UTC)


def test_spam_is_never_late(loft: ChannelAccount, target: TargetView, alice_acts: Actor) -> None:
    row = ask(loft, "2026-11-23T10:00")
    with clock_at(paris("2026-11-23T10:05")):
        writes.set_tags(row.pk, ["spam"], acting_user=alice_acts)
    row.refresh_from_db()
    assert (row.due_at, row.remind_at) == (None, None)
    with clock_at(paris("2026-11-23T10:06")):
        writes.set_tags(row.pk, [], acting_user=alice_acts)
    row.refresh_from_db()
    assert row.due_at == paris("2026-11-23T11:00"), "it was none after all"


def test_what_is_put_off_is_late_all_the_same(
    brand: Brand, loft: ChannelAccount, target: TargetView, alice_acts: Actor
) -> None:
    row = ask(loft, "2026-11-23T10:00")
    with clock_at(paris("2026-11-23T10:05")):
        writes.snooze(row.pk, paris("2026-11-24T09:00"), acting_user=alice_acts)
    with clock_at(paris("2026-11-23T11:10")):
        for wanted in (Filter(late=True), Filter(due=True)):
            assert [each.id for each in reads.conversations(brand.pk, wanted).rows] == [row.pk]
        counted = reads.counts(brand.pk, None)
        assert (counted["late"], counted["due"], counted["waiting"], counted["snoozed"]) == (1, 1, 0, 1)
        assert [each.row.id for each in pressing(brand.pk)] == [row.pk]
        assert late_by_queue(brand.pk) == {row.queue_id: (1, 0)}
    with clock_at(paris("2026-11-23T11:11")):
        writes.close(row.pk, acting_user=alice_acts)
        assert not reads.conversations(brand.pk, Filter(late=True)).rows


def test_who_sends_spam_waits_for_nothing(
    brand: Brand, loft: ChannelAccount, target: TargetView, alice_acts: Actor
) -> None:
    row = ask(loft, "2026-11-23T10:00")
    with clock_at(paris("2026-11-23T11:10")):
        assert [each.id for each in reads.conversations(brand.pk, Filter(waiting=True)).rows] == [row.pk]
        writes.set_tags(row.pk, ["spam"], acting_user=alice_acts)
        assert not reads.conversations(brand.pk, Filter(waiting=True)).rows
        counted = reads.counts(brand.pk, None)
        assert (counted["waiting"], counted["late"], counted["open"]) == (0, 0, 1)
        assert not pressing(brand.pk)
        assert queue_now(brand.pk)[0].waiting == 0
