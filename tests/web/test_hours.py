"""The pages of hours and targets, and the marks in the list."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor
from parcours.core.clock import clock_at
from parcours.inbox.hours.models import BusinessHours
from parcours.inbox.hours.reads import hours_of
from parcours.inbox.models import ChannelAccount, Conversation
from parcours.inbox.targets.models import Target
from parcours.inbox.targets.recounting import count_due
from tests.inbox.conftest import loft as loft  # noqa: PLC0414 - fixtures of the inbox, used here too
from tests.inbox.conftest import pigeons as pigeons  # noqa: PLC0414
from tests.inbox.test_receiving import bring

pytestmark = pytest.mark.django_db(transaction=True)

HOURS, TARGETS = "/inbox/settings/hours/", "/inbox/settings/targets/"
WEEK = {f"day{day}": "9-12, 14:00-18:00" if day < 5 else "" for day in range(7)}
OFFICE = {"name": "Office", "time_zone": "Europe/Paris", "is_default": "1", **WEEK}
FRIDAY = datetime(2026, 4, 3, 12, 0, tzinfo=ZoneInfo("Europe/Paris"))  # before Easter


def send(client: Client, address: str, given: dict[str, Any]) -> str:
    answer = client.post(address, given, follow=True, headers={"Accept": "text/html"})
    return answer.content.decode()


def test_hours_with_the_holidays_of_a_part_of_a_country(as_alice: Client, brand: Brand) -> None:
    with clock_at(FRIDAY):
        shown = send(as_alice, HOURS, {**OFFICE, "country": "FR", "subdivision": "57"})
    assert "“Office” is saved." in shown
    assert "Good Friday" in shown, "of Moselle, not of the whole of France"
    assert "Easter Monday" in shown
    row = BusinessHours.objects.get()
    assert row.spans["0"] == [["09:00", "12:00"], ["14:00", "18:00"]]
    assert row.holidays["2026-04-03"] == {"en": "Good Friday", "fr": "Vendredi saint"}
    assert not hours_of(brand_id=brand.pk).spans_on(FRIDAY.date())


def test_a_holiday_on_which_one_works_and_a_special_day_that_is_closed(
    as_alice: Client, brand: Brand
) -> None:
    given = {
        **OFFICE,
        "country": "FR",
        "worked": ["Easter Monday"],
        "special_days": "2026-04-07 closed Stocktaking\n2026-04-05 10-12 Easter eggs",
    }
    with clock_at(FRIDAY):
        shown = send(as_alice, HOURS, given)
    assert "Stocktaking" in shown
    hours = hours_of(brand_id=brand.pk)
    spans = {day: hours.spans_on(datetime(2026, 4, day).date()) for day in (5, 6, 7)}
    assert spans == {5: ((600, 720),), 6: ((540, 720), (840, 1080)), 7: ()}


def test_mondays_hours_are_copied_before_anything_is_saved(as_alice: Client) -> None:
    given = {**OFFICE, **{f"day{day}": "" for day in range(7)}, "day0": "8-16", "do": "weekdays"}
    shown = send(as_alice, HOURS, given)
    assert shown.count('value="8-16"') == 5
    assert not BusinessHours.objects.exists()


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("day2", "morning", "“morning” can’t be read as hours."),
        ("day2", "9-12, 11-13", "has spans that overlap"),
        ("day2", "9-25", "is no time of a day"),
        ("name", " ", "This can&#x27;t be empty."),
        ("time_zone", "Europe/Nowhere", "is no time zone"),
        ("country", "XX", "No holidays are known of this place."),
        ("special_days", "Christmas", "can’t be read as a special day"),
        ("special_days", "2026-02-30 closed", "can’t be read as a special day"),
    ],
)
def test_what_cannot_be_read_is_said_and_kept(as_alice: Client, field: str, value: str, said: str) -> None:
    shown = send(as_alice, HOURS, {**OFFICE, field: value})
    assert said in shown
    assert 'value="9-12, 14:00-18:00"' in shown
    assert not BusinessHours.objects.exists()


def test_deleted_hours_come_back(as_alice: Client, brand: Brand) -> None:
    send(as_alice, HOURS, OFFICE)
    row = BusinessHours.objects.get()
    send(as_alice, f"{HOURS}{row.pk}/delete/", {})
    assert hours_of(brand_id=brand.pk).is_always
    send(as_alice, f"{HOURS}{row.pk}/delete/?back=1", {})
    assert not hours_of(brand_id=brand.pk).is_always


def test_two_people_do_not_overwrite_each_other(as_alice: Client) -> None:
    send(as_alice, HOURS, OFFICE)
    address = f"{HOURS}{BusinessHours.objects.get().pk}/"
    send(as_alice, address, {**OFFICE, "day5": "9-12", "revision": "1"})
    shown = send(as_alice, address, {**OFFICE, "day6": "9-12", "revision": "1"})
    assert "Somebody changed these hours a moment ago." in shown
    assert BusinessHours.objects.get().spans["6"] == []


def test_a_channel_takes_hours_of_its_own(as_alice: Client, brand: Brand, loft: ChannelAccount) -> None:
    send(as_alice, HOURS, OFFICE)
    send(as_alice, HOURS, {**OFFICE, "name": "Night", "day0": "22-6", "is_default": ""})
    night = BusinessHours.objects.get(name="Night")
    send(as_alice, f"{HOURS}use/", {str(loft.pk): str(night.pk)})
    loft.refresh_from_db()
    assert hours_of(loft, brand_id=brand.pk).spans_on(datetime(2026, 4, 13).date()) == ((1320, 1800),)


def test_a_target_explains_itself_by_an_example(as_alice: Client) -> None:
    send(as_alice, HOURS, {**OFFICE, **{f"day{day}": "9-18" for day in range(5)}})
    with clock_at(FRIDAY):
        shown = send(as_alice, TARGETS, {"name": "All", "first_reply": "1", "first_reply_unit": "h"})
    assert "a mail of Friday 3 April, 17:50 is due on <strong>Monday 6 April, 09:50</strong>" in shown
    assert "10 min on Friday, 17:50–18:00; 50 min on Monday, 09:00–09:50" in shown.replace("\u202f", " ")


def test_targets_are_asked_in_their_order_and_only_of_what_they_are_for(as_alice: Client) -> None:
    for name, more in (("Urgent", {"if_priority": ["1"]}), ("Chats", {"if_kind": ["chat"]})):
        send(as_alice, TARGETS, {"name": name, "first_reply": "30", **more})
    chats = Target.objects.get(name="Chats")
    assert chats.conditions == {"kind": ["chat"]}
    send(as_alice, f"{TARGETS}{chats.pk}/move/", {"up": "1"})
    assert list(Target.objects.order_by("order").values_list("name", flat=True)) == ["Chats", "Urgent"]
    assert "Say a time for at least one" in send(as_alice, TARGETS, {"name": "Nothing"})
    assert "is not a whole number" in send(as_alice, TARGETS, {"name": "X", "first_reply": "soon"})


def test_the_list_marks_what_is_due_and_what_is_late(
    as_alice: Client, alice_acts: Actor, brand: Brand, loft: ChannelAccount
) -> None:
    send(as_alice, TARGETS, {"name": "All", "first_reply": "60", "clock": "clock"})
    for minute, who in ((0, "anna"), (50, "ben")):
        with clock_at(FRIDAY.replace(minute=minute)):
            bring(
                loft,
                {"id": who, "from": who, "text": "Hello", "at": FRIDAY.replace(minute=minute).timestamp()},
            )
    with clock_at(FRIDAY.replace(hour=13, minute=5)):
        count_due(brand.pk)
        shown = as_alice.get("/inbox/?view=due").content.decode().replace("\u202f", " ")
        assert "late by 5 min" in shown
        assert "due in 45 min" in shown
        assert shown.index("late by") < shown.index("due in")
        assert "late by" in as_alice.get("/inbox/?view=late").content.decode()
    assert Conversation.objects.count() == 2
