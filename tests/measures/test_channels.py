"""A channel's contacts: answered, resolved at the first one or not, followed by an order or another."""

from dataclasses import replace

import pytest

from parcours.measures.channels import ChannelNumbers, channel_impact
from parcours.measures.scope import Question
from tests.insights.happened import Happened, Store

pytest_plugins = ["tests.insights.shop"]
MINUTE = 1 / 1440
BOUGHT = "Order Completed"


def written(user: str, days_ago: float, minutes: float, topic: str, channel: str = "chat") -> list[Happened]:
    """A conversation that is answered after so many minutes and closed an hour later."""
    about = {"topic": topic}
    return [
        Happened(user, "Conversation Started", days_ago, channel, properties=about),
        Happened(user, "Message Sent", days_ago - minutes * MINUTE, channel, properties=about),
        Happened(
            user, "Conversation Resolved", days_ago - (minutes + 60) * MINUTE, channel, properties=about
        ),
    ]


def of(question: Question, channel: str, conversion: str = BOUGHT) -> ChannelNumbers:
    return next(each for each in channel_impact(question, conversion).channels if each.channel == channel)


@pytest.fixture
def talk(store: Store) -> None:
    """Five write in the chat and are answered after 10 to 50 minutes; Ann asks the same again, on another
    channel; Ben about something else; Cid buys. Two call: one is cut off.
    """
    told = [
        each
        for number, user in enumerate(("ann", "ben", "cid", "dan", "eve"), 1)
        for each in written(user, 40, 10 * number, "size")
    ]
    told += written("ann", 37, 5, "size", "email")
    told += written("ben", 37, 5, "payment", "email")
    told += [Happened("cid", BOUGHT, 30), Happened("dan", BOUGHT, 20)]
    for user, outcome in (("fay", "answered"), ("gus", "cut off")):
        told.append(Happened(user, "Call Started", 30, "phone"))
        ended = {"outcome": outcome, "waiting_seconds": "90"}
        told.append(Happened(user, "Call Ended", 30 - 3 * MINUTE, "phone", properties=ended))
    told += [
        Happened(user, "Survey Answered", 39, "chat", properties={"survey": "CSAT", "score": score})
        for user, score in zip(("ann", "ben", "cid", "dan", "eve"), "55431", strict=True)
    ]
    told.append(Happened("zoe", "View", 0.5))
    store(told)


@pytest.mark.usefixtures("talk")
def test_contacts_are_counted_by_channel_with_how_long_they_waited(ever: Question) -> None:
    found = channel_impact(ever, BOUGHT)
    assert (found.channels[0].channel, found.channels[0].contacts) == ("chat", 5)
    assert found.total is not None
    assert found.total.contacts == 9
    chat = of(ever, "chat")
    assert chat.share == pytest.approx(5 / 9)
    assert chat.median_seconds == pytest.approx(30 * 60, abs=1)
    assert chat.p90_seconds == pytest.approx(46 * 60, abs=1)
    assert of(ever, "email").median_seconds is None


@pytest.mark.usefixtures("talk")
def test_a_first_contact_resolves_when_nobody_asks_the_same_again_on_any_channel(ever: Question) -> None:
    chat = of(ever, "chat")
    assert (chat.resolved.hits, chat.resolved.n) == (5, 5)
    assert (chat.first_contact.hits, chat.first_contact.n) == (4, 5)
    assert (chat.repeat.hits, chat.repeat.n) == (2, 5)


@pytest.mark.usefixtures("talk")
def test_an_order_counts_within_two_weeks(ever: Question) -> None:
    chat = of(ever, "chat")
    assert (chat.converted.hits, chat.converted.n) == (1, 5)
    assert chat.converted.interval == pytest.approx((0.036, 0.624), abs=0.001)
    assert of(ever, "chat", "").converted.hits == 0


@pytest.mark.usefixtures("talk")
def test_a_call_that_reaches_nobody_is_neither_answered_nor_resolved(ever: Question) -> None:
    phone = of(ever, "phone")
    assert (phone.contacts, phone.answered) == (2, 1)
    assert (phone.resolved.hits, phone.resolved.n) == (1, 2)


@pytest.mark.usefixtures("talk")
def test_satisfaction_is_of_those_who_said(ever: Question) -> None:
    assert of(ever, "chat").satisfied.value == pytest.approx(3 / 5)
    assert of(ever, "phone").satisfied.value is None


@pytest.mark.usefixtures("talk")
def test_one_channel_alone_can_be_asked_for(ever: Question) -> None:
    found = channel_impact(replace(ever, channel="phone"), BOUGHT)
    assert [each.channel for each in found.channels] == ["phone"]


def test_help_that_was_offered_makes_a_contact_ours(store: Store, ever: Question) -> None:
    told = [Happened(f"u{number}", "Help Offered", 3 + 10 * MINUTE) for number in range(3)]
    told += [each for number in range(6) for each in written(f"u{number}", 3, 1, "size")]
    store(told)
    chat = of(ever, "chat")
    assert (chat.proactive.hits, chat.proactive.n) == (3, 6)
    assert chat.first_contact.n == 0


def test_without_contacts_there_is_nothing_to_say(store: Store, ever: Question) -> None:
    store([Happened("ann", "View", 1)])
    assert channel_impact(ever, BOUGHT).channels == ()
