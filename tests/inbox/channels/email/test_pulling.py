"""Reading a mailbox from the cursor on, whatever its server does."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from imapclient.exceptions import IMAPClientError

from parcours.accounts.rights import Actor
from parcours.core.clock import clock_at, now
from parcours.core.outbound import Unreachable
from parcours.inbox.channels.email import pulling
from parcours.inbox.models import Arrival, Attachment, ChannelAccount, Message
from parcours.inbox.pulling import pull
from parcours.inbox.writes import change_account
from tests.inbox.channels.email.mails import mail

pytestmark = pytest.mark.django_db(transaction=True)


class Shelf:
    """A mailbox: `mails` by UID. `withheld` are UIDs that it doesn't hand over."""

    def __init__(self) -> None:
        self.validity = 1
        self.mails: dict[int, bytes] = {}
        self.received = datetime(2026, 11, 16, tzinfo=UTC)
        self.withheld: set[int] = set()
        self.seen: set[int] = set()
        self.asked: list[str] = []
        self.fault: Exception | None = None

    def put(self, *raw: bytes) -> None:
        for each in raw:
            self.mails[max(self.mails, default=0) + 1] = each

    def select_folder(self, _folder: str, readonly: bool = False) -> dict[bytes, Any]:
        self.asked.append("read" if readonly else "change")
        return {b"UIDVALIDITY": self.validity, b"UIDNEXT": max(self.mails, default=0) + 1, b"EXISTS": 1}

    def search(self, said: Any) -> list[int]:
        first = 1 if said == "ALL" else int(said[1].partition(":")[0])
        # As servers do: n:* means the last one, too, when nothing is beyond n.
        return [uid for uid in self.mails if uid >= first or uid == max(self.mails)]

    def fetch(self, uids: Sequence[int], items: Sequence[str]) -> dict[int, dict[bytes, Any]]:
        if items == ["RFC822.SIZE", "INTERNALDATE"]:
            return {
                uid: {b"RFC822.SIZE": len(self.mails[uid]), b"INTERNALDATE": self.received} for uid in uids
            }
        if self.withheld & set(uids):
            raise IMAPClientError("no such thing")
        if items == ["BODY.PEEK[]"]:
            return {uid: {b"BODY[]": self.mails[uid]} for uid in uids if uid in self.mails}
        start, size = (int(each) for each in items[0].partition("<")[2].rstrip(">").split("."))
        self.asked.append(f"{start}+{size}")
        piece = self.mails[uids[0]][start : start + size]
        return {uids[0]: {f"BODY[]<{start}>".encode(): piece}}

    def add_flags(self, uids: Sequence[int], _flags: Any, silent: bool = False) -> None:  # noqa: ARG002
        self.seen |= set(uids)


@pytest.fixture
def shelf(monkeypatch: pytest.MonkeyPatch) -> Shelf:
    shelf = Shelf()

    @contextmanager
    def opened(_account: ChannelAccount) -> Iterator[Shelf]:
        if shelf.fault:
            raise shelf.fault
        yield shelf

    monkeypatch.setattr(pulling, "opened", opened)
    return shelf


@pytest.fixture
def all_of_it(mailbox: ChannelAccount, alice_acts: Actor) -> ChannelAccount:
    return change_account(mailbox.pk, given={"start": "all"}, acting_user=alice_acts)


def numbered(number: int, words: str = "") -> bytes:
    sender = f"client{number}@example.org"
    return mail(words or f"Mail {number}", sender=sender, message_id=f"<mail-number-{number}@example.org>")


def texts() -> list[str]:
    return sorted(Message.objects.values_list("text", flat=True))


def test_each_mail_comes_in_once(all_of_it: ChannelAccount, shelf: Shelf) -> None:
    shelf.put(numbered(1), numbered(2))
    pull(all_of_it.pk)
    pull(all_of_it.pk)
    shelf.put(numbered(3))
    pull(all_of_it.pk)
    assert texts() == ["Mail 1", "Mail 2", "Mail 3"]
    assert set(shelf.asked) == {"read"} | {each for each in shelf.asked if "+" in each}


def test_only_new_ones_are_read_when_so_wished(mailbox: ChannelAccount, shelf: Shelf) -> None:
    shelf.put(numbered(1))
    pull(mailbox.pk)
    shelf.put(numbered(2))
    pull(mailbox.pk)
    assert texts() == ["Mail 2"]
    # With new UIDs the older ones are still not ours.
    shelf.validity = 2
    pull(mailbox.pk)
    assert texts() == ["Mail 2"]


def test_new_uids_double_nothing_and_lose_nothing(all_of_it: ChannelAccount, shelf: Shelf) -> None:
    shelf.put(numbered(1), numbered(2))
    pull(all_of_it.pk)
    shelf.put(numbered(3))
    shelf.validity = 2
    shelf.mails = {7: shelf.mails[3], 8: shelf.mails[1], 9: shelf.mails[2]}
    pull(all_of_it.pk)
    assert texts() == ["Mail 1", "Mail 2", "Mail 3"]


def test_new_uids_double_nothing_when_what_came_was_forgotten(
    all_of_it: ChannelAccount, shelf: Shelf
) -> None:
    shelf.put(numbered(1), mail("No id", message_id=None), mail("A", message_id="<1@localhost>"))
    shelf.put(mail("B", message_id="<1@localhost>"))
    pull(all_of_it.pk)
    Arrival.objects.all().delete()
    shelf.validity = 2
    pull(all_of_it.pk)
    assert texts() == ["A", "B", "Mail 1", "No id"]


def test_what_dies_between_a_mail_and_its_cursor_does_neither(
    all_of_it: ChannelAccount, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf.put(numbered(1))

    def die(*_: Any) -> None:
        raise RuntimeError

    with monkeypatch.context() as broken:
        broken.setattr(pulling, "_advance", die)
        pull(all_of_it.pk)
    assert not Arrival.objects.exists()
    pull(all_of_it.pk)
    assert texts() == ["Mail 1"]


def test_a_large_mail_comes_in_pieces_and_a_huge_one_in_part(
    all_of_it: ChannelAccount, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pulling, "PIECE", 1_000)
    monkeypatch.setattr(pulling, "MOST_BYTES", 5_000)
    edge = {"Content_Type": 'multipart/mixed; boundary="e"'}
    head = b"--e\r\nContent-Type: text/plain\r\n\r\n%s\r\n--e\r\nContent-Type: image/png; name=a.png\r\n\r\n"
    shelf.put(mail(head % b"Large" + b"x" * 2_500 + b"\r\n--e--", message_id="<large@example.org>", **edge))
    pull(all_of_it.pk)
    shelf.put(mail(head % b"Huge" + b"x" * 9_000 + b"\r\n--e--", message_id="<huge-one@example.org>", **edge))
    pull(all_of_it.pk)
    assert texts() == ["Huge", "Large"]
    large, huge = Attachment.objects.order_by("message__text").reverse()
    assert (large.size, bool(large.digest)) == (2_500, True)
    assert (bool(huge.digest), huge.message.payload["mail"]["cut"] > 9_000) == (False, True)


def test_a_mail_that_is_not_handed_over_stops_nothing_for_long(
    all_of_it: ChannelAccount, shelf: Shelf
) -> None:
    shelf.put(numbered(1), numbered(2), numbered(3))
    shelf.withheld = {2}
    moment = now()
    for _ in range(pulling.TRIES):
        with clock_at(moment):
            pull(all_of_it.pk)
        moment += timedelta(hours=1)
    assert texts() == ["Mail 1", "Mail 3"]
    assert "hand over" in Arrival.objects.get(status="failed").trouble


def test_a_server_that_is_away_is_asked_less_and_less(all_of_it: ChannelAccount, shelf: Shelf) -> None:
    shelf.fault = Unreachable("imap.example.org doesn't answer.")
    pull(all_of_it.pk)
    account = ChannelAccount.objects.get(pk=all_of_it.pk)
    assert account.fault == "imap.example.org doesn't answer."
    shelf.fault = None
    shelf.put(numbered(1))
    pull(all_of_it.pk)
    assert texts() == [], "not so soon"
    with clock_at(now() + timedelta(minutes=2)):
        pull(all_of_it.pk)
    assert texts() == ["Mail 1"]
    assert ChannelAccount.objects.get(pk=all_of_it.pk).fault == ""


def test_mails_are_marked_as_read_when_so_wished(
    all_of_it: ChannelAccount, shelf: Shelf, alice_acts: Actor
) -> None:
    change_account(all_of_it.pk, given={"after": "seen"}, acting_user=alice_acts)
    shelf.put(numbered(1))
    pull(all_of_it.pk)
    assert shelf.seen == {1}
