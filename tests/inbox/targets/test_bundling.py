"""A backlog that is late is told of in one notice a person and queue."""

from datetime import datetime

import pytest

from parcours.accounts.models import Brand, Person
from parcours.accounts.rights import Actor
from parcours.core.clock import clock_at
from parcours.inbox import writes
from parcours.inbox.models import ChannelAccount, Conversation
from parcours.inbox.routing.queues import default_queue
from parcours.inbox.targets.models import LateNotice
from parcours.inbox.targets.reads import TargetView
from parcours.inbox.targets.reminding import remind
from parcours.notices.kinds import kind_named
from parcours.notices.models import Notice
from parcours.notices.writes import mark_all_read
from tests.inbox.targets.test_due import ask, hours, paris, target

__all__ = ["hours", "target"]

pytestmark = pytest.mark.django_db(transaction=True)


def at(text: str) -> datetime:
    return paris(f"2026-11-23T{text}")


def they_write(loft: ChannelAccount, number: int, when: str) -> list[Conversation]:
    return [ask(loft, f"2026-11-23T{when}", f"{when}{n}", f"customer {when} {n}") for n in range(number)]


def look(when: str) -> None:
    with clock_at(at(when)):
        remind()


def told(person: Person) -> list[tuple[str, str]]:
    """Sentence and address, the newest first."""
    rows = Notice.objects.filter(person=person, kind="target-missed").order_by("-at")
    return [(kind_named(row.kind).sentence(row.facts), row.url) for row in rows]


def read(actor: Actor, when: str) -> None:
    with clock_at(at(when)):
        mark_all_read(acting_user=actor)


def test_twelve_late_ones_are_one_notice(
    brand: Brand, loft: ChannelAccount, target: TargetView, alice: Person
) -> None:
    they_write(loft, 12, "10:00")
    look("11:01")
    queue = default_queue(brand)
    sentence = f"12 conversations wait longer than promised in “{queue.name}”"
    assert told(alice) == [(sentence, f"/inbox/?view=late&queue={queue.pk}")]


def test_one_is_told_by_its_number_until_there_are_more(
    loft: ChannelAccount, target: TargetView, alice: Person
) -> None:
    (row,) = they_write(loft, 1, "10:00")
    look("11:01")
    assert told(alice) == [("#1 is late: First answer, target “Everybody”", f"/inbox/{row.pk}/")]
    they_write(loft, 2, "10:30")
    look("11:31")
    assert [sentence.split()[0] for sentence, _url in told(alice)] == ["3"], "unread, it says how many now"


def test_a_new_notice_comes_when_the_number_grows_after_it_was_read_and_seldom(
    loft: ChannelAccount, target: TargetView, alice: Person, alice_acts: Actor
) -> None:
    they_write(loft, 2, "10:00")
    look("11:01")
    read(alice_acts, "11:02")
    look("11:03")
    assert len(told(alice)) == 1, "nothing is new"
    they_write(loft, 1, "10:05")
    look("11:06")
    assert len(told(alice)) == 1, "it is no quarter of an hour ago"
    look("11:17")
    assert [sentence.split()[0] for sentence, _url in told(alice)] == ["3", "2"]
    look("11:40")
    assert len(told(alice)) == 2


def test_when_all_are_answered_the_notice_is_settled(
    loft: ChannelAccount, target: TargetView, alice: Person, alice_acts: Actor
) -> None:
    rows = they_write(loft, 2, "10:00")
    look("11:01")
    with clock_at(at("11:05")):
        for row in rows:
            writes.close(row.pk, acting_user=alice_acts)
    look("11:06")
    assert not Notice.objects.filter(read_at=None, person=alice).exists()
    they_write(loft, 1, "11:00")
    look("12:01")
    assert len(told(alice)) == 2, "another backlog is another notice"


def test_fewer_and_then_more_again_is_news(
    loft: ChannelAccount, target: TargetView, alice: Person, alice_acts: Actor
) -> None:
    rows = they_write(loft, 5, "10:00")
    look("11:01")
    read(alice_acts, "11:02")
    with clock_at(at("11:05")):
        for row in rows[:4]:
            writes.close(row.pk, acting_user=alice_acts)
    look("11:06")
    they_write(loft, 2, "10:30")
    look("11:31")
    assert [sentence.split()[0] for sentence, _url in told(alice)] == ["3", "5"]


def test_whoever_has_it_hears_of_their_own(
    loft: ChannelAccount, target: TargetView, alice: Person, alice_acts: Actor
) -> None:
    rows = they_write(loft, 2, "10:00")
    with clock_at(at("10:01")):
        for row in rows:
            writes.assign(row.pk, alice.pk, acting_user=alice_acts)
    look("11:01")
    assert sorted(url for _sentence, url in told(alice)) == sorted(f"/inbox/{row.pk}/" for row in rows)
    assert not LateNotice.objects.filter(person=alice).exists()
