"""What the chat promises by itself: only what the hours and the last days say."""

from datetime import UTC, datetime, timedelta

import pytest

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor
from parcours.core.clock import now
from parcours.inbox.chat.answers import promise
from parcours.inbox.chat.hours import ENOUGH, opening, usual_wait
from parcours.inbox.models import ChannelAccount, Conversation
from parcours.inbox.writes import add_account, change_account
from tests.inbox.channels.chat.conftest import SHOP, Page

MONDAY_10H = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)  # 10:00 in Paris


def with_hours(chat: ChannelAccount, hours: str) -> ChannelAccount:
    chat.settings = {**chat.settings, "hours": hours}
    return chat


@pytest.mark.parametrize(
    ("hours", "is_open", "again"),
    [
        ("", True, None),
        ("mon-fri 09:00-18:00", True, None),
        ("lun-ven 9h-18h", True, None),
        ("mon-fri 11:00-18:00", False, "2026-03-02 11:00"),
        ("mon 09:00-10:00\ntue 08:30-12:00", False, "2026-03-03 08:30"),
        ("sat-sun 10:00-12:00", False, "2026-03-07 10:00"),
        ("mon 09:00-10:00", False, "2026-03-09 09:00"),
    ],
)
def test_hours_are_the_brands(chat: ChannelAccount, hours: str, is_open: bool, again: str | None) -> None:
    found = opening(with_hours(chat, hours), MONDAY_10H)
    assert found.is_open == is_open
    assert (found.again_at and found.again_at.strftime("%Y-%m-%d %H:%M")) == again


def test_opening_follows_the_change_of_the_clocks(chat: ChannelAccount) -> None:
    """On 29 March 2026 Paris goes from UTC+1 to UTC+2."""
    sunday = datetime(2026, 3, 29, 7, 30, tzinfo=UTC)
    assert opening(with_hours(chat, "sun 09:00-10:00"), sunday).is_open
    assert not opening(with_hours(chat, "sun 08:00-09:00"), sunday).is_open


def answered(chat: ChannelAccount, minutes: list[int]) -> None:
    for number in range(len(minutes)):
        page = Page(chat)
        page.begin()
        page.say(f"{number}")
    for row, wait in zip(Conversation.objects.all(), minutes, strict=True):
        row.first_reply_at = row.created_at + timedelta(minutes=wait)
        row.save()


def test_nothing_is_promised_without_enough_answers(chat: ChannelAccount) -> None:
    answered(chat, [2] * (ENOUGH - 1))
    assert usual_wait(chat) is None
    assert promise(chat) == ""


def test_three_of_four_answers_keep_the_promise(chat: ChannelAccount) -> None:
    answered(chat, [1, 1, 1, 2, 2, 3, 3, 4, 60, 90])
    waits = [1, 1, 1, 2, 2, 3, 3, 4, 60, 90]
    promised = usual_wait(chat)
    assert promised is not None
    assert sum(timedelta(minutes=each) <= promised for each in waits) / len(waits) >= 0.75
    assert promise(chat) == "We usually answer within 20 minutes."


@pytest.mark.django_db(transaction=True)
def test_the_first_message_of_a_closed_shop_is_answered_once_and_stays_waiting(
    brand: Brand, alice_acts: Actor
) -> None:
    given = {"origins": SHOP, "hours": _not_today()}
    chat = add_account(brand, "chat", "Shop chat", given, acting_user=alice_acts)
    page = Page(chat)
    page.begin()
    for text in ("Hello", "Anybody?"):
        page.say(text)
    told = page.me()["messages"]
    assert [each["author"] for each in told] == ["me", "bot", "me"]
    assert told[1]["text"].startswith("Nobody is here at the moment. We are back on ")
    row = Conversation.objects.get()
    assert (row.first_reply_at, row.preview) == (None, "Anybody?")
    assert row.waiting_since is not None
    config = page.call("GET", f"config?chat={chat.pk}").json()
    assert (config["open"], config["form"]) == (False, True)


def test_hours_that_cannot_be_read_are_said(chat: ChannelAccount, alice_acts: Actor) -> None:
    from parcours.core.errors import BadInput
    from parcours.inbox.channels import channel_of

    change_account(chat.pk, given={"origins": SHOP, "hours": "weekdays"}, acting_user=alice_acts)
    chat.refresh_from_db()
    with pytest.raises(BadInput, match="weekdays"):
        channel_of("chat").test(chat)


def _not_today() -> str:
    names = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    return f"{names[(now().weekday() + 3) % 7]} 09:00-10:00"
