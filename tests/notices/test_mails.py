"""Mails about notices arrive once, in their reader's language, or stand where somebody sees them."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client

from parcours.accounts.models import Brand, Person
from parcours.accounts.writes import set_language
from parcours.core.clock import clock_at, now
from parcours.notices.digests import write_digests
from parcours.notices.enums import MailState
from parcours.notices.models import Mail
from parcours.notices.reads import mail_choices
from parcours.notices.sending import WAITS, send_due
from parcours.notices.writes import choose_mails, mark_all_read
from tests.notices.conftest import Tell, acts
from tests.notices.mailbox import TAKEN, Mailbox

EVENING = datetime(2026, 3, 2, 18, tzinfo=UTC)
MORNING = datetime(2026, 3, 3, 6, 30, tzinfo=UTC)  # half past seven in Paris


@pytest.fixture(autouse=True)
def _address(settings: LazySettings) -> None:
    settings.PUBLIC_URL = "https://map.example.org"


def test_a_notice_is_mailed_at_once_with_the_words_and_the_way_there(
    tell: Tell, agnes: Person, mailbox: Mailbox
) -> None:
    tell(agnes, facts={"title": "the cart", "words": "Is this <still> true?"})
    assert send_due() == 1
    (mail,) = mailbox.mails
    assert mail["Subject"] == "Alice rang for the cart"
    assert mail["To"] == "agnes@example.org"
    assert mail["Message-ID"] == Mail.objects.get().message_id
    assert "Is this <still> true?" in mailbox.text()
    assert "Is this &lt;still&gt; true?" in mailbox.text(kind="html")
    assert re.search(r"https://map\.example\.org/notices/[0-9a-f-]{36}/", mailbox.text())
    assert send_due() == 0


def test_a_mail_is_in_its_readers_language(tell: Tell, agnes: Person, mailbox: Mailbox) -> None:
    set_language(agnes, "fr")
    tell(agnes)
    send_due()
    assert mailbox.mails[0]["Content-Language"] == "fr"
    assert '<html lang="fr">' in mailbox.text(kind="html")


def test_a_server_that_is_busy_is_asked_again_later_with_the_same_message_id(
    tell: Tell, agnes: Person, mailbox: Mailbox
) -> None:
    tell(agnes)
    mailbox.answer = "451 try again"
    assert send_due() == 0
    waiting = Mail.objects.get()
    assert (waiting.state, waiting.tries) == (MailState.WAITING, 1)
    assert "451" in waiting.problem
    assert send_due() == 0
    assert mailbox.asked == 1, "not before it is due"
    mailbox.answer = TAKEN
    with clock_at(now() + WAITS[0] + timedelta(seconds=1)):
        assert send_due() == 1
    assert mailbox.mails[0]["Message-ID"] == waiting.message_id


def test_a_mail_refused_for_good_stands_where_an_owner_sees_it_and_is_sent_again_by_hand(
    tell: Tell, agnes: Person, mailbox: Mailbox, as_alice: Client, as_agnes: Client
) -> None:
    tell(agnes)
    mailbox.answer = "554 no such place"
    send_due()
    assert Mail.objects.get().state == MailState.FAILED
    page = as_alice.get("/notices/mails/").content.decode()
    assert "554 no such place" in page
    assert as_agnes.get("/notices/mails/").status_code == 403
    mailbox.answer = TAKEN
    as_alice.post(f"/notices/mails/{Mail.objects.get().pk}/again/")
    assert send_due() == 1


def test_a_mail_is_given_up_after_its_last_try(tell: Tell, agnes: Person, mailbox: Mailbox) -> None:
    tell(agnes)
    mailbox.answer = "451 try again"
    moment = now()
    for wait in (timedelta(0), *WAITS):
        moment += wait + timedelta(seconds=1)
        with clock_at(moment):
            send_due()
    assert Mail.objects.get().state == MailState.FAILED
    assert mailbox.asked == 1 + len(WAITS)


def test_no_server_at_all_is_a_reason_to_wait(
    tell: Tell, agnes: Person, mailbox: Mailbox, settings: LazySettings
) -> None:
    tell(agnes)
    settings.EMAIL_PORT = 1
    assert send_due() == 0
    assert Mail.objects.get().state == MailState.WAITING


def test_what_was_read_meanwhile_is_not_mailed(
    tell: Tell, agnes: Person, brand: Brand, mailbox: Mailbox
) -> None:
    tell(agnes)
    mark_all_read(acting_user=acts(agnes, brand))
    send_due()
    assert mailbox.asked == 0
    assert Mail.objects.get().state == MailState.DROPPED


def test_addresses_that_nobody_has_are_not_written_to(tell: Tell, agnes: Person, mailbox: Mailbox) -> None:
    agnes.email = "agnes@parcours.example"
    agnes.save()
    tell(agnes)
    send_due()
    assert mailbox.asked == 0


def test_once_a_day_one_mail_tells_what_is_unread(
    tell: Tell, agnes: Person, bob: Person, brand: Brand, mailbox: Mailbox
) -> None:
    with clock_at(EVENING):
        for number in range(3):
            tell(agnes, bob, kind="letter", facts={"title": f"matter {number}"})
        mark_all_read(acting_user=acts(bob, brand, "viewer"))
        assert write_digests() == 0
    with clock_at(MORNING):
        assert write_digests() == 1
        assert write_digests() == 0
        assert send_due() == 1
    (mail,) = mailbox.mails
    assert mail["Subject"] == "Foulée: 3 things since yesterday"
    assert mail["To"] == "agnes@example.org"
    assert all(f"A letter about matter {number}" in mailbox.text() for number in range(3))


def test_before_the_morning_of_the_brand_no_digest_is_written(tell: Tell, agnes: Person) -> None:
    with clock_at(EVENING):
        tell(agnes, kind="letter")
    with clock_at(MORNING - timedelta(hours=1)):
        assert write_digests() == 0


def test_each_chooses_when_mails_of_a_kind_come(
    tell: Tell, agnes: Person, bob: Person, brand: Brand, mailbox: Mailbox
) -> None:
    choose_mails(brand.pk, agnes.pk, {"bell": "never", "letter": "now"})
    tell(agnes, bob)
    tell(agnes, bob, kind="letter")
    send_due()
    assert sorted((mail["To"], mail["Subject"]) for mail in mailbox.mails) == [
        ("agnes@example.org", "A letter about the cart"),
        ("bob@example.org", "Alice rang for the cart"),
    ]


def test_one_click_in_a_mail_program_stops_the_kind_and_a_scanner_stops_nothing(
    tell: Tell, agnes: Person, brand: Brand, mailbox: Mailbox
) -> None:
    tell(agnes)
    send_due()
    mail = mailbox.mails[0]
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = mail["List-Unsubscribe"].strip(" <>").removeprefix("https://map.example.org")
    stranger = Client(enforce_csrf_checks=True)

    def choice() -> str:
        return {each.kind: each.choice for each in mail_choices(brand.pk, agnes.pk)}["bell"]

    assert b"Bells" in stranger.get(address).content
    assert choice() == "now"
    assert stranger.post(address, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert choice() == "never"
    assert stranger.post(f"{address[:-3]}x/").status_code == 404


def test_a_digest_stops_all_that_comes_once_a_day(
    tell: Tell, agnes: Person, brand: Brand, mailbox: Mailbox
) -> None:
    with clock_at(EVENING):
        tell(agnes, kind="letter")
    with clock_at(MORNING):
        write_digests()
        send_due()
    address = mailbox.mails[0]["List-Unsubscribe"].strip(" <>").removeprefix("https://map.example.org")
    Client().post(address)
    chosen: dict[str, Any] = {each.kind: each.choice for each in mail_choices(brand.pk, agnes.pk)}
    assert (chosen["letter"], chosen["bell"]) == ("never", "now")
