"""What the chat says of named hours, and of a team that is busy."""

from datetime import UTC, datetime, timedelta

import pytest

from parcours.accounts.models import Brand, Person
from parcours.accounts.rights import Actor
from parcours.core.clock import clock_at, now
from parcours.inbox import writes
from parcours.inbox.chat.answers import promise
from parcours.inbox.chat.crowd import crowd
from parcours.inbox.chat.hours import ENOUGH, opening
from parcours.inbox.hours.writes import HoursForm, save_hours, use_hours
from parcours.inbox.models import ChannelAccount, Conversation
from parcours.inbox.routing.models import AgentProfile, Presence
from tests.inbox.channels.chat.conftest import Page

OFFICE = [[("09:00", "18:00")]] * 5 + [[], []]
EASTER_MONDAY = datetime(2026, 4, 6, 9, 0, tzinfo=UTC)


@pytest.fixture
def agent(brand: Brand, alice: Person) -> Person:
    """Alice is there, and takes two chats at a time."""
    Presence.objects.create(brand=brand, person=alice, state="online", seen_at=now())
    AgentProfile.objects.create(brand=brand, person=alice, capacity=12, most={"chat": 2})
    return alice


def begin(chat: ChannelAccount, text: str = "Hello") -> Page:
    page = Page(chat)
    page.begin()
    page.say(text)
    return page


def take(agent: Person, acts: Actor, number: int) -> Conversation:
    row = Conversation.objects.get(number=number)
    writes.assign(row.pk, agent.pk, acting_user=acts)
    return row


def test_the_brands_hours_count_and_a_holiday_closes(
    brand: Brand, chat: ChannelAccount, alice_acts: Actor
) -> None:
    assert opening(chat, EASTER_MONDAY).is_open, "without hours somebody is always there"
    french = HoursForm("Office", "Europe/Paris", OFFICE, "FR", is_default=True)
    save_hours(brand, french, acting_user=alice_acts)
    found = opening(chat, EASTER_MONDAY)
    assert not found.is_open
    assert found.again_at == datetime(2026, 4, 7, 7, 0, tzinfo=UTC)


def test_the_chats_own_hours_come_before_the_brands_and_its_old_text_too(
    brand: Brand, chat: ChannelAccount, alice_acts: Actor
) -> None:
    save_hours(brand, HoursForm("Office", "Europe/Paris", OFFICE, is_default=True), acting_user=alice_acts)
    late = [[("18:00", "23:00")]] * 7
    own = save_hours(brand, HoursForm("Late", "Europe/Paris", late), acting_user=alice_acts)
    evening = datetime(2026, 3, 2, 20, 0, tzinfo=UTC)
    assert not opening(chat, evening).is_open
    chat.settings["hours"] = "mon 20:00-22:00"
    assert opening(chat, evening).is_open
    chat.save()
    use_hours({chat.pk: own.id}, acting_user=alice_acts)
    chat.refresh_from_db()
    assert opening(chat, evening + timedelta(hours=1)).is_open, "what was chosen outweighs the text"


def test_days_that_are_far_have_a_date(brand: Brand, chat: ChannelAccount, alice_acts: Actor) -> None:
    monday = [[("09:00", "18:00")], *[[]] * 6]
    save_hours(brand, HoursForm("M", "Europe/Paris", monday, "FR", is_default=True), acting_user=alice_acts)
    with clock_at(EASTER_MONDAY):
        assert promise(chat) == "Nobody is here at the moment. We are back on Monday 13 April at 09:00."


@pytest.mark.django_db(transaction=True)
def test_nothing_is_said_of_a_line_while_somebody_has_room(
    chat: ChannelAccount, agent: Person, alice_acts: Actor
) -> None:
    begin(chat)
    take(agent, alice_acts, 1)
    assert crowd(chat) is None
    begin(chat)
    take(agent, alice_acts, 2)
    assert crowd(chat) is not None


@pytest.mark.django_db(transaction=True)
def test_a_visitor_learns_before_and_after_writing_that_everybody_is_busy(
    chat: ChannelAccount, agent: Person, alice_acts: Actor
) -> None:
    chat.settings["answers"] = True
    chat.save()
    for number in (1, 2):
        begin(chat)
        take(agent, alice_acts, number)
    third = begin(chat)
    fourth = begin(chat)
    config = Page(chat).call("GET", f"config?chat={chat.pk}").json()
    assert config["expect"] == "Everybody is talking to other customers at the moment."
    said = [page.me()["messages"][-1]["text"] for page in (third, fourth)]
    assert said == [
        "Everybody is talking to other customers at the moment. You are number 1 in the line.",
        "Everybody is talking to other customers at the moment. You are number 2 in the line.",
    ]


@pytest.mark.django_db(transaction=True)
def test_the_wait_is_told_by_how_long_chats_last(
    chat: ChannelAccount, agent: Person, alice_acts: Actor
) -> None:
    for number in range(1, ENOUGH + 1):
        begin(chat)
        row = take(agent, alice_acts, number)
        writes.close(row.pk, acting_user=alice_acts)
        ended = now()
        Conversation.objects.filter(pk=row.pk).update(
            first_reply_at=ended - timedelta(minutes=8), closed_at=ended
        )
    for number in (ENOUGH + 1, ENOUGH + 2):
        begin(chat)
        take(agent, alice_acts, number)
    assert "It usually takes about 4 minutes" in promise(chat), "a chat of 8 minutes in each of two places"


def test_when_nobody_said_that_they_are_there_nothing_is_known(chat: ChannelAccount) -> None:
    assert crowd(chat) is None
