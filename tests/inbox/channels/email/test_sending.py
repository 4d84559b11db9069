"""Our answers as mails, handed to a server that takes, delays or refuses them."""

from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from django.conf import LazySettings

from parcours.accounts.rights import Actor
from parcours.inbox import writes
from parcours.inbox.channels.email.identity import named_by_token
from parcours.inbox.models import ChannelAccount, Conversation, Message, Outgoing
from parcours.inbox.sending import send
from tests.acceptance.product import free_port
from tests.inbox.channels.email.mails import bring, mail

pytestmark = pytest.mark.django_db(transaction=True)


class Post:
    """A server: `took` are the mails, `says` what it answers next instead of taking one."""

    def __init__(self) -> None:
        self.took: list[EmailMessage] = []
        self.says: list[str] = []
        self.names: list[bytes] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        if self.says:
            return self.says.pop(0)
        self.took.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 taken"

    def knows(self, _server: Any, _session: Any, _envelope: Any, _way: str, said: Any) -> AuthResult:
        assert isinstance(said, LoginPassword)
        self.names.append(said.login)
        return AuthResult(success=said.password == b"secret")


@pytest.fixture
def post(mailbox: ChannelAccount, settings: LazySettings, alice_acts: Actor) -> Iterator[Post]:
    settings.PRIVATE_ADDRESSES = ["127.0.0.1"]
    office = Post()
    served = Controller(
        office,
        hostname="127.0.0.1",
        port=free_port(),
        authenticator=office.knows,
        auth_require_tls=False,
        data_size_limit=200_000,
    )
    served.start()
    given = {"smtp_host": "127.0.0.1", "smtp_port": str(served.port), "smtp_security": "none"}
    writes.change_account(mailbox.pk, given=given, acting_user=alice_acts)
    yield office
    served.stop()


@pytest.fixture
def conversation(mailbox: ChannelAccount) -> Conversation:
    raw = mail("Où est-elle ?", message_id="<q1@example.org>", References="<q0@example.org>")
    bring(mailbox, raw)
    return Conversation.objects.get()


def test_an_answer_is_a_mail_that_every_program_threads(
    conversation: Conversation, post: Post, alice_acts: Actor
) -> None:
    file = writes.NewFile("reçu.pdf", "application/pdf", b"%PDF-")
    reply = writes.send_reply(conversation.pk, "Elle arrive\ndemain <3", files=[file], acting_user=alice_acts)
    assert send(reply.pk) == "sent"

    sent = post.took[0]
    assert sent["Subject"] == "Re: Ma commande"
    assert sent["From"].addresses[0].addr_spec == "contact@foulee.example"
    assert sent["To"] == "Lucie Martin <lucie@example.org>"
    assert sent["In-Reply-To"] == "<q1@example.org>"
    assert sent["References"].split() == ["<q0@example.org>", "<q1@example.org>"]
    assert sent["Message-ID"] == f"<{reply.pk}@foulee.example>"
    assert named_by_token(str(sent["Reply-To"])) == reply.pk
    plain, html = sent.get_body(("plain",)), sent.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert plain.get_content().replace("\r\n", "\n") == "Elle arrive\ndemain <3\n\n-- \nAlice\nFoulée\n"
    assert "Elle arrive<br>\ndemain &lt;3" in html.get_content().replace("\r\n", "\n")
    attached = next(sent.iter_attachments())
    assert (attached.get_filename(), attached.get_content()) == ("reçu.pdf", b"%PDF-")
    assert post.names == [b"contact@foulee.example"]
    assert Message.objects.get(pk=reply.pk).external_id == f"{reply.pk}@foulee.example"


def test_their_answer_to_it_comes_back_into_the_conversation(
    mailbox: ChannelAccount, conversation: Conversation, post: Post, alice_acts: Actor
) -> None:
    reply = writes.send_reply(conversation.pk, "Demain.", acting_user=alice_acts)
    send(reply.pk)
    sent = post.took[0]
    bring(mailbox, mail("Merci", message_id="<q2@example.org>", In_Reply_To=str(sent["Message-ID"])))
    bring(mailbox, sent.as_bytes())
    assert Message.objects.get(text="Merci").conversation == conversation
    assert Message.objects.count() == 3, "our own copy is no message"


def test_it_goes_where_they_want_their_answer(mailbox: ChannelAccount, post: Post, alice_acts: Actor) -> None:
    bring(mailbox, mail(Reply_To="Lucie <other@example.org>"))
    reply = writes.send_reply(Conversation.objects.get().pk, "Oui.", acting_user=alice_acts)
    send(reply.pk)
    assert post.took[0]["To"].addresses[0].addr_spec == "other@example.org"


def test_what_a_machine_says_is_marked(conversation: Conversation, post: Post, alice_acts: Actor) -> None:
    reply = writes.send_reply(conversation.pk, "Nous répondons.", acting_user=alice_acts, author_kind="bot")
    send(reply.pk)
    assert post.took[0]["Auto-Submitted"] == "auto-replied"


@pytest.mark.parametrize(
    ("said", "stands"),
    [("451 4.7.1 greylisted", "waiting"), ("552 5.3.4 too large", "dead"), ("421 busy", "waiting")],
)
def test_what_the_server_says_decides(
    conversation: Conversation, post: Post, alice_acts: Actor, said: str, stands: str
) -> None:
    post.says = [said]
    reply = writes.send_reply(conversation.pk, "Oui.", acting_user=alice_acts)
    assert send(reply.pk) == stands
    assert said[:3] in Outgoing.objects.get().fault


def test_a_wrong_password_waits_for_the_right_one(
    mailbox: ChannelAccount, conversation: Conversation, post: Post, alice_acts: Actor
) -> None:
    writes.change_account(mailbox.pk, given={"password": "another"}, acting_user=alice_acts)
    reply = writes.send_reply(conversation.pk, "Oui.", acting_user=alice_acts)
    assert send(reply.pk) == "waiting"
    assert post.took == []


def test_a_mail_that_is_too_large_is_not_handed_over(
    conversation: Conversation, post: Post, alice_acts: Actor
) -> None:
    file = writes.NewFile("film.mp4", "video/mp4", b"0" * 300_000)
    reply = writes.send_reply(conversation.pk, "Voici", files=[file], acting_user=alice_acts)
    assert send(reply.pk) == "dead"
    assert "MB" in Outgoing.objects.get().fault


def test_headers_cannot_be_written_by_customers(
    mailbox: ChannelAccount, post: Post, alice_acts: Actor
) -> None:
    raw = mail(subject="=?utf-8?Q?Bonjour=0D=0ABcc=3A_x=40evil.example?=", message_id="<q9@example.org>")
    bring(mailbox, raw)
    reply = writes.send_reply(Conversation.objects.get().pk, "Oui.", acting_user=alice_acts)
    assert send(reply.pk) == "sent"
    assert post.took[0]["Bcc"] is None
