"""Mails that lie in the mailbox and never came here are found by the nightly check, and no others."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest

from parcours.accounts.models import Brand
from parcours.core.clock import now
from parcours.inbox.channels.email import missing
from parcours.inbox.mail.models import MailId
from parcours.inbox.models import Arrival, ChannelAccount, Conversation, Message
from parcours.inbox.personal_data import RECORDS
from parcours.inbox.pulling import pull
from parcours.inbox.reconciling.running import reconcile
from tests.inbox.channels.email.mails import mail
from tests.inbox.channels.email.test_pulling import Shelf, all_of_it, numbered, shelf, texts

__all__ = ["all_of_it", "shelf"]

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def asked_at_night(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same shelf, which also answers what the check asks of a server."""
    shelf.received = now() - timedelta(hours=3)
    fetch, search = shelf.fetch, shelf.search

    def found(said: Any) -> list[int]:
        return sorted(shelf.mails) if said[0] == "SINCE" else search(said)

    def handed(uids: Sequence[int], items: Sequence[str]) -> dict[int, dict[bytes, Any]]:
        if not items[0].startswith("BODY.PEEK[HEADER"):
            return fetch(uids, items)
        key = b"BODY[HEADER.FIELDS (MESSAGE-ID)]"
        return {
            uid: {key: _id_line(shelf.mails[uid]), b"INTERNALDATE": shelf.received, b"RFC822.SIZE": 9}
            for uid in uids
        }

    @contextmanager
    def opened(_account: ChannelAccount) -> Iterator[Shelf]:
        yield shelf

    monkeypatch.setattr(shelf, "search", found)
    monkeypatch.setattr(shelf, "fetch", handed)
    monkeypatch.setattr(missing, "opened", opened)


def _id_line(raw: bytes) -> bytes:
    head = raw.replace(b"\r\n", b"\n").partition(b"\n\n")[0]
    lines = [line for line in head.split(b"\n") if line.lower().startswith(b"message-id:")]
    return b"".join(lines) + b"\r\n\r\n"


def kinds(brand: Brand) -> list[tuple[str, int, int]]:
    return [(each.kind, each.number, each.mended) for each in reconcile(brand).findings]


def test_a_mail_that_was_passed_over_is_taken_in(
    brand: Brand, all_of_it: ChannelAccount, shelf: Shelf
) -> None:
    shelf.put(numbered(1), numbered(2), mail("No id", message_id=None))
    pull(all_of_it.pk)
    assert kinds(brand) == []

    Conversation.objects.get(messages__text="Mail 2").delete()
    Arrival.objects.filter(body=numbered(2)).delete()
    assert not MailId.objects.filter(said__startswith="mail-number-2").exists()
    assert kinds(brand) == [("missing", 1, 1)]
    assert "Mail 2" in texts()
    assert kinds(brand) == []


def test_what_came_and_brought_nothing_is_not_missing(
    brand: Brand, all_of_it: ChannelAccount, shelf: Shelf
) -> None:
    shelf.put(numbered(1))
    pull(all_of_it.pk)
    Message.objects.all().delete()  # as for a blocked sender: it arrived all the same
    assert [each for each in kinds(brand) if each[0] == "missing"] == []


def test_who_was_forgotten_does_not_come_back_from_the_mailbox(
    brand: Brand, all_of_it: ChannelAccount, shelf: Shelf
) -> None:
    shelf.put(numbered(1), numbered(2))
    pull(all_of_it.pk)
    customer = Conversation.objects.get(contact__external_id="client1@example.org").customer_id
    assert customer is not None
    RECORDS.erase(brand.pk, [customer])
    assert kinds(brand) == []
    assert texts() == ["Mail 2"]


def test_what_is_older_than_the_account_stays_in_the_mailbox(
    brand: Brand, mailbox: ChannelAccount, shelf: Shelf
) -> None:
    shelf.put(numbered(1))
    pull(mailbox.pk)
    assert kinds(brand) == []
    assert texts() == []
