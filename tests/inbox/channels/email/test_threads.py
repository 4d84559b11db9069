"""Which conversation a mail belongs to, and what reports of other servers do."""

from datetime import timedelta
from itertools import permutations

import pytest

from parcours.accounts.rights import Actor
from parcours.core.clock import now
from parcours.inbox import writes
from parcours.inbox.channels import channel_of
from parcours.inbox.channels.email.identity import token_for
from parcours.inbox.enums import Step
from parcours.inbox.models import ChannelAccount, Conversation, Message
from tests.inbox.channels.email.mails import bring, mail

pytestmark = pytest.mark.django_db(transaction=True)

FIRST = "<first-of-lucie@example.org>"


@pytest.fixture
def conversation(mailbox: ChannelAccount) -> Conversation:
    bring(mailbox, mail("Où est ma commande ?", message_id=FIRST))
    return Conversation.objects.get()


@pytest.fixture
def reply(conversation: Conversation, alice_acts: Actor) -> Message:
    """An answer of ours that left."""
    sent = writes.send_reply(conversation.pk, "Elle arrive demain.", acting_user=alice_acts)
    Message.objects.filter(pk=sent.pk).update(external_id=f"{sent.pk}@foulee.example", step=Step.SENT)
    return Message.objects.get(pk=sent.pk)


def where(text: str) -> Conversation:
    return Message.objects.get(text=text).conversation


def test_an_answer_goes_where_its_question_is(mailbox: ChannelAccount, reply: Message) -> None:
    name = f"<{reply.external_id}>"
    bring(
        mailbox, mail("Merci", message_id="<r1@example.org>", In_Reply_To=name, References=f"{FIRST} {name}")
    )
    # Apple Mail: the chain is overwritten, In-Reply-To is left.
    bring(mailbox, mail("Encore", message_id="<r2@example.org>", In_Reply_To="<r1@example.org>"))
    # Some: no In-Reply-To, the chain only.
    bring(mailbox, mail("Et puis", message_id="<r3@example.org>", References=f"{FIRST} <r2@example.org>"))
    # Some: nothing but the address that we gave.
    token = f"contact+{token_for(reply.pk)}@foulee.example"
    bring(mailbox, mail("Enfin", message_id="<r4@example.org>", Delivered_To=token))

    assert {where(text) for text in ("Merci", "Encore", "Et puis", "Enfin")} == {reply.conversation}


def test_the_same_subject_alone_is_another_matter(
    mailbox: ChannelAccount, conversation: Conversation
) -> None:
    bring(mailbox, mail("Autre chose", message_id="<other-matter@example.org>", subject="Re: Ma commande"))
    assert where("Autre chose") != conversation


def test_a_false_token_opens_no_conversation(mailbox: ChannelAccount, reply: Message) -> None:
    token = f"contact+r-{reply.pk.hex}-{'0' * 16}@foulee.example"
    bring(
        mailbox,
        mail("Bonjour", sender="x@example.com", message_id="<foreign1@example.com>", Delivered_To=token),
    )
    assert where("Bonjour") != reply.conversation


@pytest.mark.parametrize("empty", ["<>", "< >", "", "<@>", "none"])
def test_empty_ids_thread_nothing_together(mailbox: ChannelAccount, empty: str) -> None:
    for number in range(3):
        bring(mailbox, mail(f"Mail {number}", message_id=empty, In_Reply_To=empty, References=empty))
    assert Conversation.objects.count() == 3
    assert Message.objects.filter(external_id__startswith="content:").count() == 3


def test_without_an_id_the_same_mail_comes_in_once(mailbox: ChannelAccount) -> None:
    bring(mailbox, mail("Bonjour", message_id=None))
    bring(mailbox, mail("Bonjour", message_id=None, Received="by another way"))
    bring(mailbox, mail("Bonsoir", message_id=None))
    assert sorted(Message.objects.values_list("text", flat=True)) == ["Bonjour", "Bonsoir"]


def test_two_mails_under_one_id_are_two(mailbox: ChannelAccount) -> None:
    shared = "<1@localhost>"
    bring(mailbox, mail("De Lucie", message_id=shared))
    bring(mailbox, mail("De Paul", sender="paul@example.com", message_id=shared))
    bring(mailbox, mail("De Paul", sender="paul@example.com", message_id=shared, Received="again"))
    bring(
        mailbox,
        mail("Paul, suite", sender="paul@example.com", message_id="<2@localhost>", In_Reply_To=shared),
    )
    bring(mailbox, mail("Zoé", sender="zoe@example.com", message_id="<3@localhost>", In_Reply_To=shared))

    assert Message.objects.count() == 4
    assert where("De Lucie") != where("De Paul")
    assert where("Paul, suite") == where("De Paul")
    assert where("Zoé") not in {where("De Lucie"), where("De Paul")}


def test_an_answer_that_comes_before_its_question_finds_it(mailbox: ChannelAccount) -> None:
    chain = "<question-one@example.org>"
    bring(mailbox, mail("Suite", message_id="<answer-one@example.org>", In_Reply_To=chain, References=chain))
    bring(mailbox, mail("Question", message_id=chain))
    middle = "<middle-two@example.org>"
    bring(mailbox, mail("Fin", message_id="<end-two@example.org>", In_Reply_To=middle))
    bring(mailbox, mail("Milieu", message_id=middle, References="<start-two@example.org>"))
    assert where("Suite") == where("Question")
    assert where("Fin") == where("Milieu")
    assert Conversation.objects.count() == 2


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_whichever_comes_first_poor_ids_thread_the_same(
    mailbox: ChannelAccount, order: tuple[int, ...]
) -> None:
    shared = "<1@localhost>"
    mails = [
        mail("De Lucie", message_id=shared),
        mail("De Paul", sender="paul@example.com", message_id=shared),
        mail("Paul, suite", sender="paul@example.com", In_Reply_To=shared),
    ]
    for each in order:
        bring(mailbox, mails[each])
    assert where("Paul, suite") == where("De Paul") != where("De Lucie")

    bring(mailbox, mail("Paul, autre chose", sender="paul@example.com", message_id=shared))
    assert where("Paul, autre chose") != where("De Paul"), "a program that always uses the same id"


def report(
    about: str, *, status: str = "5.1.1", action: str = "failed", to: str = "lucie@example.org"
) -> bytes:
    body = (
        "--b\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\n"
        "Reporting-MTA: dns; mx.example.org\r\n\r\n"
        f"Final-Recipient: rfc822; {to}\r\nAction: {action}\r\nStatus: {status}\r\n"
        f"Diagnostic-Code: smtp; 550 {status} User unknown\r\n\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nSubject: Re\r\nMessage-ID:\r\n {about}\r\n--b--\r\n"
    )
    return mail(
        body,
        sender="MAILER-DAEMON@mx.example.org",
        subject="Undelivered Mail",
        message_id=f"<{status}.{action}@mx.example.org>",
        Content_Type='multipart/report; report-type=delivery-status; boundary="b"',
    )


def test_a_mail_that_comes_back_says_why_and_nobody_writes_there_again(
    mailbox: ChannelAccount, reply: Message
) -> None:
    bring(mailbox, report(f"<{reply.external_id}>"))
    reply.refresh_from_db()
    assert (reply.step, reply.fault) == ("failed", "550 5.1.1 User unknown")
    assert Message.objects.filter(direction="in").count() == 1, "the report is no message"
    conversation = Conversation.objects.select_related("contact").get()
    window = channel_of("email").window(mailbox, conversation, now())
    assert not window.open
    assert "lucie@example.org" in window.why

    moment = (now() + timedelta(minutes=1)).strftime("%a, %d %b %Y %H:%M:%S +0000")
    bring(mailbox, mail("Me revoilà", message_id="<back-again@example.org>", In_Reply_To=FIRST, Date=moment))
    conversation = Conversation.objects.select_related("contact").get()
    assert channel_of("email").window(mailbox, conversation, now()).open


def test_five_answers_in_a_row_that_come_back_are_enough(
    mailbox: ChannelAccount, conversation: Conversation, alice_acts: Actor
) -> None:
    for number in range(5):
        assert channel_of("email").window(mailbox, conversation, now()).open, number
        sent = writes.send_reply(conversation.pk, f"Answer {number}", acting_user=alice_acts)
        Message.objects.filter(pk=sent.pk).update(external_id=f"{sent.pk}@foulee.example", step=Step.SENT)
        full = report(f"<{sent.pk}@foulee.example>", status="5.2.2")
        bring(mailbox, full.replace(b"<5.2.2.", f"<{number}-5.2.2.".encode()))
    assert not channel_of("email").window(mailbox, conversation, now()).open


@pytest.mark.parametrize(
    ("status", "action", "step"),
    [("4.4.1", "delayed", "sent"), ("5.2.2", "failed", "failed"), ("2.0.0", "delivered", "delivered")],
)
def test_other_reports_close_nothing(
    mailbox: ChannelAccount, reply: Message, status: str, action: str, step: str
) -> None:
    bring(mailbox, report(f"<{reply.external_id}>", status=status, action=action))
    reply.refresh_from_db()
    assert reply.step == step
    conversation = Conversation.objects.select_related("contact").get()
    assert channel_of("email").window(mailbox, conversation, now()).open


def test_a_plain_report_is_understood(mailbox: ChannelAccount, reply: Message) -> None:
    text = "Your message to lucie@example.org\r\ncouldn't be delivered:\r\n550 5.1.1 no such user\r\n\r\n"
    text += reply.external_id
    bring(
        mailbox,
        mail(
            text, sender="postmaster@example.org", subject="Undeliverable: Re: Ma commande", Return_Path="<>"
        ),
    )
    reply.refresh_from_db()
    assert reply.step == "failed"


def test_a_report_about_a_mail_of_others_is_shown(mailbox: ChannelAccount, reply: Message) -> None:
    bring(mailbox, report("<somebody-elses@example.com>"))
    reply.refresh_from_db()
    assert reply.step == "sent"
    assert Message.objects.get(text="Sorry.").payload["automatic"] is True


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"X_Autoreply": "yes"},
        {"Precedence": "bulk"},
        {"subject": "Réponse automatique : Ma commande"},
        {"Return_Path": "<>"},
        {"List_Id": "<news.example.org>"},
    ],
)
def test_machines_are_shown_and_open_nothing(
    mailbox: ChannelAccount, reply: Message, alice_acts: Actor, headers: dict[str, str]
) -> None:
    writes.close(reply.conversation_id, acting_user=alice_acts)
    bring(
        mailbox,
        mail("Absent", message_id="<away@example.org>", In_Reply_To=f"<{reply.external_id}>", **headers),
    )
    message = Message.objects.get(text="Absent")
    assert message.conversation == reply.conversation
    assert message.payload["automatic"] is True
    assert message.conversation.status == "closed"
    assert message.conversation.waiting_since is None


def test_a_person_is_no_machine(mailbox: ChannelAccount) -> None:
    bring(mailbox, mail("Bonjour", Auto_Submitted="no", Precedence="normal"))
    assert "automatic" not in Message.objects.get().payload


def test_our_own_mails_do_not_come_back(mailbox: ChannelAccount, reply: Message) -> None:
    name = f"<{reply.external_id}>"
    looped = mail("Elle arrive demain.", sender="contact@foulee.example", message_id=name)
    bring(mailbox, looped)
    bring(mailbox, mail("Loop", message_id="<new@relay.example>", X_Parcours_Account=str(mailbox.pk)))
    assert Message.objects.count() == 2


def test_whoever_writes_without_end_is_taken_for_a_machine(mailbox: ChannelAccount) -> None:
    for number in range(32):
        bring(mailbox, mail(f"Mail {number}", message_id=f"<number-{number}-of@example.org>"))
    automatic = Message.objects.filter(payload__automatic=True)
    assert (Message.objects.count(), automatic.count()) == (32, 2)


def test_what_colleagues_send_by_another_program_is_shown(
    mailbox: ChannelAccount, conversation: Conversation
) -> None:
    raw = mail("Je m’en occupe", sender="contact@foulee.example", message_id="<tb@foulee>", In_Reply_To=FIRST)
    bring(mailbox, raw.replace(b"To: contact@foulee.example", b"To: lucie@example.org"), sent="yes")
    message = Message.objects.get(text="Je m’en occupe")
    assert (message.direction, message.conversation) == ("out", conversation)
