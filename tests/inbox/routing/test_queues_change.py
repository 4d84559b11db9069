"""Queues that change under the conversations that stand in them."""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor
from parcours.core.clock import clock_at, now
from parcours.core.errors import BadInput, NotFound
from parcours.inbox import writes
from parcours.inbox.hours.writes import HoursForm, save_hours
from parcours.inbox.models import Message
from parcours.inbox.routing import reads
from parcours.inbox.routing.assigning import assign_waiting
from parcours.inbox.routing.models import Queue
from parcours.inbox.routing.queues import QueueForm, archive_queue, save_queue
from parcours.inbox.routing.returning import look_after
from parcours.inbox.routing.rules import RuleForm, save_rule
from parcours.live.models import Update
from tests.inbox.routing.conftest import Ask, Hire
from tests.inbox.routing.test_handing_out import whose
from tests.inbox.routing.test_racing import at_once

pytestmark = pytest.mark.django_db(transaction=True)
MakeQueue = Callable[..., uuid.UUID]
FRIDAY = datetime(2026, 11, 20, 17, 50, tzinfo=ZoneInfo("Europe/Paris"))


def test_two_who_save_at_once_make_no_circle(brand: Brand, queue: MakeQueue, system: Actor) -> None:
    for attempt in range(6):
        one, two = queue(f"One {attempt}"), queue(f"Two {attempt}")

        def flows(name: str, pk: uuid.UUID, into: uuid.UUID) -> Callable[[], object]:
            form = QueueForm(name, overflow_id=into, after_minutes=5)
            return lambda: save_queue(brand, form, queue_id=pk, acting_user=system)

        outcomes = at_once(flows(f"One {attempt}", one, two), flows(f"Two {attempt}", two, one))
        assert sum(isinstance(each, BadInput) for each in outcomes) == 1, outcomes
        assert Queue.objects.filter(pk__in=[one, two], overflow_queue__isnull=False).count() == 1


def test_two_queues_made_at_once_have_two_names(brand: Brand, queue: MakeQueue) -> None:
    outcomes = at_once(*[lambda: queue("Returns")] * 3)
    assert sum(isinstance(each, BadInput) for each in outcomes) == 2
    assert Queue.objects.filter(brand=brand, name="Returns").count() == 1


@pytest.mark.usefixtures("handing_out")
def test_in_a_circle_that_is_there_already_nothing_goes_round(
    brand: Brand, ask: Ask, queue: MakeQueue, system: Actor
) -> None:
    one, two = queue("One"), queue("Two")
    into = queue("Into the circle", overflow_id=one, after_minutes=1)
    Queue.objects.filter(pk=one).update(overflow_queue=two, after_minutes=1)
    Queue.objects.filter(pk=two).update(overflow_queue=one, after_minutes=1)
    save_rule(brand, RuleForm("All", {}, into), acting_user=system)
    conversation = ask()
    moved = []
    for minutes in range(2, 12, 2):
        with clock_at(now() + timedelta(minutes=minutes)):
            moved.append(look_after(brand.pk))
    conversation.refresh_from_db()
    assert (moved, conversation.queue_id) == ([1, 0, 0, 0, 0], one)


def test_hours_of_nobody_are_refused(queue: MakeQueue) -> None:
    with pytest.raises(NotFound):
        queue("Returns", hours_id=uuid.uuid4())


@pytest.mark.usefixtures("handing_out")
def test_what_came_in_the_evening_flows_over_in_the_morning(
    brand: Brand, ask: Ask, queue: MakeQueue, system: Actor
) -> None:
    week = [[("09:00", "18:00")]] * 5 + [[], []]
    save_hours(brand, HoursForm("Office", "Europe/Paris", week, is_default=True), acting_user=system)
    first = queue("First line", overflow_id=queue("Second line"), after_minutes=30)
    save_rule(brand, RuleForm("All", {}, first), acting_user=system)
    with clock_at(FRIDAY):
        ask(at=int(FRIDAY.timestamp()))
    with clock_at(FRIDAY + timedelta(days=2)):
        assert look_after(brand.pk) == 0, "nobody could have answered on Saturday"
    with clock_at(FRIDAY + timedelta(days=2, hours=15, minutes=25)):
        assert look_after(brand.pk) == 0
    with clock_at(FRIDAY + timedelta(days=2, hours=15, minutes=31)):
        assert look_after(brand.pk) == 1


@pytest.mark.usefixtures("handing_out", "pigeons_are_live")
def test_whoever_sits_and_waits_waits_for_nobodys_hours(
    brand: Brand, ask: Ask, queue: MakeQueue, system: Actor
) -> None:
    week = [[("09:00", "18:00")]] * 5 + [[], []]
    save_hours(brand, HoursForm("Office", "Europe/Paris", week, is_default=True), acting_user=system)
    first = queue("First line", overflow_id=queue("Night line"), after_minutes=30)
    save_rule(brand, RuleForm("All", {}, first), acting_user=system)
    night = FRIDAY + timedelta(hours=5)
    with clock_at(night):
        ask(at=int(night.timestamp()))
    with clock_at(night + timedelta(minutes=31)):
        assert look_after(brand.pk) == 1


@pytest.mark.usefixtures("handing_out")
def test_what_stands_in_a_queue_that_is_put_away_goes_to_others_and_pages_hear_of_it(
    brand: Brand, hire: Hire, ask: Ask, queue: MakeQueue, system: Actor
) -> None:
    sale = queue("Sale", (hire("Wim", there=False),))
    save_rule(brand, RuleForm("All", {}, sale), acting_user=system)
    hire("Ada")
    waits, snoozed, done = ask(), ask(), ask()
    writes.snooze(snoozed.pk, now() + timedelta(days=1), acting_user=system)
    writes.close(done.pk, acting_user=system)
    assert assign_waiting(brand.pk) == 0
    Update.objects.all().delete()
    archive_queue(sale, acting_user=system)
    for each in (waits, snoozed, done):
        each.refresh_from_db()
    first = reads.queues(brand.pk)[0]
    assert [each.queue_id for each in (waits, snoozed, done)] == [first.id, first.id, sale]
    told = Update.objects.filter(name="inbox.changed").values_list("payload", flat=True)
    assert [each["conversation"] for each in told] == [""]
    jobs = set(ProcrastinateJob.objects.filter(status="todo").values_list("task_name", flat=True))
    assert {"inbox.assign", "inbox.count_due"} <= jobs
    line = Message.objects.filter(conversation=waits, direction="line").latest("at")
    assert (line.payload["what"], line.payload["queue"]) == ("moved", first.name)
    assert assign_waiting(brand.pk) == 1
    assert whose(waits) == "Ada"


def test_what_was_in_a_queue_comes_back_with_it(
    brand: Brand, ask: Ask, queue: MakeQueue, system: Actor
) -> None:
    sale, other = queue("Sale"), queue("Other")
    save_rule(brand, RuleForm("All", {}, sale), acting_user=system)
    one, two = ask(), ask()
    archive_queue(sale, acting_user=system)
    from parcours.inbox.routing.writes import move

    move(two.pk, other, acting_user=system)
    later = ask()
    archive_queue(sale, acting_user=system, back=True)
    for each in (one, two, later):
        each.refresh_from_db()
    assert [one.queue_id == sale, two.queue_id == other, later.queue_id == sale] == [True, True, False]
    archive_queue(sale, acting_user=system, back=True)  # again changes nothing
    one.refresh_from_db()
    assert one.queue_id == sale
