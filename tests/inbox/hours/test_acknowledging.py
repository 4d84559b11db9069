"""A mail that comes while nobody works is acknowledged: to people, once a day, and never in a loop."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor
from parcours.core.clock import clock_at, now
from parcours.inbox import writes
from parcours.inbox.channels.base import Outbound
from parcours.inbox.channels.email.composing import composed
from parcours.inbox.hours.writes import HoursForm, save_hours
from parcours.inbox.models import ChannelAccount, Conversation, Message
from tests.inbox.channels.email.conftest import mailbox as mailbox  # noqa: PLC0414 - its fixture, used here too
from tests.inbox.channels.email.mails import bring, mail

pytestmark = pytest.mark.django_db(transaction=True)

OFFICE = [[("09:00", "18:00")]] * 5 + [[], []]
PARIS = ZoneInfo("Europe/Paris")
EVENING = datetime(2026, 11, 20, 20, 0, tzinfo=PARIS)  # a Friday


@pytest.fixture
def evening(brand: Brand, mailbox: ChannelAccount, alice_acts: Actor) -> Iterator[ChannelAccount]:
    """The mailbox acknowledges; it is Friday evening and the office is closed."""
    save_hours(brand, HoursForm("Office", "Europe/Paris", OFFICE, is_default=True), acting_user=alice_acts)
    writes.change_account(mailbox.pk, given={"acknowledge": "1"}, acting_user=alice_acts)
    mailbox.refresh_from_db()
    with clock_at(EVENING):
        yield mailbox


def comes(mailbox: ChannelAccount, number: int = 1, **more: str) -> None:
    date = now().astimezone(PARIS).strftime("%a, %d %b %Y %H:%M:%S +0100")
    raw = mail("Bonjour, où est mon colis ?", message_id=f"<n{number}@example.org>", Date=date, **more)
    bring(mailbox, raw)


def said() -> list[str]:
    rows = Message.objects.filter(direction="out").order_by("at")
    return [each.text for each in rows]


def test_it_says_when_somebody_is_back_in_the_customers_language(evening: ChannelAccount) -> None:
    comes(evening)
    assert len(said()) == 1
    assert "lundi" in said()[0]
    assert "09:00" in said()[0]


def test_the_mail_says_that_it_is_automatic_and_the_customer_goes_on_waiting(evening: ChannelAccount) -> None:
    comes(evening)
    sent = Message.objects.get(direction="out")
    row = Conversation.objects.get()
    outbound = Outbound("k", sent, row, row.contact.handle, sent.text, reply_to=["n1@example.org"])
    letter = composed(evening, outbound)
    assert letter["Auto-Submitted"] == "auto-replied"
    assert letter["In-Reply-To"] == "<n1@example.org>"
    assert row.waiting_since is not None
    assert row.first_reply_at is None


def test_nobody_gets_two_within_a_day(evening: ChannelAccount) -> None:
    comes(evening, 1)
    comes(evening, 2, subject="Autre chose")
    with clock_at(EVENING + timedelta(hours=4)):
        comes(evening, 3)
    assert len(said()) == 1
    with clock_at(EVENING + timedelta(hours=25)):
        comes(evening, 4)
    assert len(said()) == 2


@pytest.mark.parametrize(
    "more",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Precedence": "bulk"},
        {"List_Id": "<news.example.org>"},
        {"Return_Path": "<>"},
        {"sender": "no-reply@example.org"},
        {"sender": "contact@foulee.example"},
        {"subject": "Out of office"},
        {"Authentication_Results": "mx.example; dmarc=fail"},
    ],
)
def test_machines_ourselves_and_forged_senders_get_none(
    evening: ChannelAccount, more: dict[str, str]
) -> None:
    comes(evening, 1, **more)
    assert said() == []


def test_while_somebody_works_nothing_is_said(evening: ChannelAccount) -> None:
    with clock_at(EVENING - timedelta(hours=5)):
        comes(evening)
    assert said() == []


def test_without_the_option_nothing_is_said(evening: ChannelAccount, alice_acts: Actor) -> None:
    writes.change_account(evening.pk, given={"acknowledge": ""}, acting_user=alice_acts)
    evening.refresh_from_db()
    comes(evening)
    assert said() == []


def test_the_mailbox_has_words_of_its_own(evening: ChannelAccount, alice_acts: Actor) -> None:
    own = {"acknowledgement_fr": "Merci ! Retour {back}."}
    writes.change_account(evening.pk, given=own, acting_user=alice_acts)
    evening.refresh_from_db()
    comes(evening)
    assert said() == ["Merci ! Retour lundi 23 novembre, 09:00."]
