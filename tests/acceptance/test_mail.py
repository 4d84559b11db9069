"""The judge of mailboxes: real servers, mails that are hard to read, a worker that is killed.

PARCOURS_TEST_MAILS says how many mails (150 by default), PARCOURS_TEST_SEED which.
"""

import os
import random
import smtplib
import subprocess
import sys
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from email import message_from_bytes
from email.utils import parseaddr
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from django.conf import LazySettings
from django.db import connection

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor
from parcours.core.outbound import Unreachable
from parcours.customers.undeliverable import why_undeliverable
from parcours.inbox import writes
from parcours.inbox.channels import channel_of
from parcours.inbox.channels.email.watching import hold, watch
from parcours.inbox.models import Arrival, ChannelAccount, Contact, Message
from parcours.inbox.sending import send
from tests.acceptance.hard_mails import TOKEN, US, Answer, HardMail, Writer
from tests.acceptance.mail_servers import PASSWORD, Servers, lacking, started
from tests.acceptance.product import PATIENCE
from tests.folders import folder_for_a_server

pytestmark = [
    pytest.mark.acceptance,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(bool(lacking()), reason=lacking()),
]

MAILS = int(os.environ.get("PARCOURS_TEST_MAILS", "150"))
LONGEST = PATIENCE + MAILS
SEED = int(os.environ.get("PARCOURS_TEST_SEED", "20261122"))


class Nobody:
    """A server at which nobody has an address."""

    async def handle_RCPT(self, *_: Any) -> str:  # noqa: N802 - aiosmtpd's name
        return "550 5.1.1 User unknown"


@pytest.fixture
def servers() -> Iterator[Servers]:
    with folder_for_a_server() as folder, started(folder) as running:
        gone = Controller(Nobody(), hostname="127.0.0.1", port=running.gone)
        gone.start()
        try:
            yield running
        finally:
            gone.stop()
    for thread in threading.enumerate():  # whoever listens ends with the line, and writes so into the log
        if thread.name.startswith("mail "):
            thread.join(PATIENCE)
            assert not thread.is_alive()


@pytest.fixture
def mailbox(brand: Brand, alice_acts: Actor, servers: Servers, settings: LazySettings) -> ChannelAccount:
    settings.PRIVATE_ADDRESSES = ["127.0.0.1"]
    given = {
        "provider": "other",
        "password": PASSWORD,
        "start": "all",
        "reply_tokens": "1",
        "imap_host": "127.0.0.1",
        "imap_port": str(servers.imap),
        "imap_security": "none",
        "smtp_host": "127.0.0.1",
        "smtp_port": str(servers.smtp),
        "smtp_security": "none",
    }
    return writes.add_account(brand, "email", "Contact", given, address=US, acting_user=alice_acts)


def test_hard_mails_are_neither_lost_nor_doubled_nor_threaded_wrongly(
    mailbox: ChannelAccount, servers: Servers, alice_acts: Actor, settings: LazySettings
) -> None:
    writer = Writer(SEED, most_bytes=3_000_000 if MAILS < 1_000 else 12_000_000)
    first = shuffled(writer.openings(MAILS // 2))
    deliver(servers, first)
    read(mailbox, settings, killed_at=len(first) // 3)

    ours = answer_some(mailbox, first, MAILS // 3, alice_acts)
    wait_until(lambda: servers.is_idle() and len(servers.files("customers")) >= len(ours))
    received = [answer_in(file, ours) for file in servers.files("customers")]
    assert Counter(answer.message_id for answer in received) == Counter(f"<{name}>" for name in ours)

    second = shuffled(writer.answers(received))
    deliver(servers, second[::2])
    read(mailbox, settings, killed_at=Arrival.objects.count() + len(second) // 4)
    servers.new_uids("contact")
    deliver(servers, second[1::2])
    read(mailbox, settings, killed_at=Arrival.objects.count() + len(second) // 4)

    every = [*first, *second]
    judge(every, mailbox)
    assert failed_to_reach(mailbox), "some of our answers had to come back"


def test_the_server_tells_at_once_and_the_button_says_what_works(
    mailbox: ChannelAccount, servers: Servers, monkeypatch: pytest.MonkeyPatch, alice_acts: Actor
) -> None:
    said = channel_of("email").test(mailbox)
    assert "INBOX: 0" in said
    assert "told at once" in said
    assert "Sending works" in said

    asked: list[Any] = []
    monkeypatch.setattr("parcours.inbox.nudging.ask_to_pull", asked.append)
    watch(mailbox.pk)
    assert not hold(mailbox.pk, "another worker")
    writer = Writer(SEED, most_bytes=10_000)
    deadline = time.monotonic() + LONGEST
    while not asked:  # until it listens, nobody tells it
        assert time.monotonic() < deadline
        deliver(servers, list(writer.openings(1)))
        time.sleep(0.5)
    assert asked[0] == mailbox.pk
    writes.change_account(mailbox.pk, given={"password": "another"}, acting_user=alice_acts)
    with pytest.raises(Unreachable, match="refuses the name or password"):
        channel_of("email").test(ChannelAccount.objects.get(pk=mailbox.pk))


def shuffled(mails: Iterable[HardMail]) -> list[HardMail]:
    """As a busy server stores them: answers may come before what they answer."""
    mixed = list(mails)
    random.Random(SEED).shuffle(mixed)
    return mixed


def deliver(servers: Servers, mails: list[HardMail]) -> None:
    with smtplib.SMTP("127.0.0.1", servers.smtp) as line:
        for mail in mails:
            line.sendmail(mail.sender, [mail.to], mail.raw)
    wait_until(servers.is_idle)


def read(mailbox: ChannelAccount, settings: LazySettings, *, killed_at: int) -> None:
    """Lets a worker read, kills it when so many arrivals are kept, and lets another one go on."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "parcours.settings",
        "TEST_DATABASE": str(connection.settings_dict["NAME"]),
        "TEST_MEDIA": str(settings.MEDIA_ROOT),
    }
    command = [sys.executable, "-m", "tests.acceptance.mail_reader", str(mailbox.pk)]
    victim = subprocess.Popen(command, env=environment)
    wait_until(lambda: Arrival.objects.count() >= killed_at or victim.poll() is not None)
    victim.kill()
    assert victim.wait() == -9, "it was to die in the middle"
    subprocess.run(command, env=environment, check=True, timeout=LONGEST)


def answer_some(
    mailbox: ChannelAccount, mails: list[HardMail], most: int, acting_user: Actor
) -> dict[str, tuple[str, str]]:
    """Answers of ours, each sent by a real server: Message-ID → (thread, customer)."""
    threads = {mail.token: mail.thread for mail in mails}
    messages = Message.objects.filter(account=mailbox, direction="in").select_related("conversation__contact")
    ours: dict[str, tuple[str, str]] = {}
    answered = set()
    for message in messages.order_by("at")[:most]:
        if message.conversation_id in answered or message.payload.get("automatic"):
            continue
        answered.add(message.conversation_id)
        reply = writes.send_reply(message.conversation_id, "Elle arrive demain.", acting_user=acting_user)
        assert send(reply.pk) == "sent"
        to = message.conversation.contact.external_id
        if not to.endswith("@gone.test"):
            reply.refresh_from_db()
            ours[reply.external_id] = (threads[token_in(message)], to)
    return ours


def answer_in(file: Path, ours: dict[str, tuple[str, str]]) -> Answer:
    raw = file.read_bytes()
    mail = message_from_bytes(raw)
    thread, customer = ours[str(mail["Message-ID"]).strip("<>")]
    assert mail["Delivered-To"] == customer
    return Answer(
        message_id=str(mail["Message-ID"]),
        references=" ".join(str(mail.get("References", "")).split()),
        reply_to=parseaddr(str(mail["Reply-To"]))[1],
        thread=thread,
        customer=customer,
        raw=raw,
    )


def judge(mails: list[HardMail], mailbox: ChannelAccount) -> None:
    """Everything that is true of the mails is true of the inbox."""
    messages = list(Message.objects.filter(account=mailbox, direction="in"))
    troubled = Arrival.objects.filter(account=mailbox).exclude(status__in=["done", "ignored"])
    assert [arrival.trouble for arrival in troubled] == []

    wanted = {mail.token: mail for mail in mails if mail.expected}
    there = Counter(token_in(message) for message in messages)
    assert sorted(set(wanted) - set(there)) == [], "lost"
    assert {token: count for token, count in there.items() if count > 1} == {}, "doubled"
    assert sorted(set(there) - set(wanted)) == [], "nobody wrote these"

    conversations = defaultdict(set)
    threads = defaultdict(set)
    for message in messages:
        thread = wanted[token_in(message)].thread
        conversations[thread].add(message.conversation_id)
        threads[message.conversation_id].add(thread)
    assert {thread: len(found) for thread, found in conversations.items() if len(found) > 1} == {}, "torn"
    assert [sorted(found) for found in threads.values() if len(found) > 1] == [], "mixed"

    machines = {token_in(message) for message in messages if message.payload.get("automatic")}
    assert machines == {token for token, mail in wanted.items() if mail.automatic}


def failed_to_reach(mailbox: ChannelAccount) -> list[Message]:
    """Our answers to addresses that nobody has: each is marked as failed, and on the brand's list."""
    sent = Message.objects.filter(account=mailbox, direction="out").select_related("conversation__contact")
    gone = []
    for message in sent:
        contact: Contact = message.conversation.contact
        is_gone = contact.external_id.endswith("@gone.test")
        assert (message.step == "failed") == is_gone, (message.step, contact.external_id, message.fault)
        assert bool(why_undeliverable(mailbox.brand_id, contact.external_id)) == is_gone
        if is_gone:
            assert "User unknown" in message.fault
            gone.append(message)
    return gone


def token_in(message: Message) -> str:
    found = TOKEN.findall(message.text)
    return str(found[0]) if len(found) == 1 else f"{len(found)} tokens in {message.text[:80]!r}"


def wait_until(condition: Any) -> None:
    deadline = time.monotonic() + LONGEST
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)
