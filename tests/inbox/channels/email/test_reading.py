"""What becomes of a mail: its words, its writer, its files, however it was written."""

import base64

import pytest

from parcours.inbox.models import Attachment, ChannelAccount, Conversation, Message
from tests.inbox.channels.email.mails import bring, mail, only_message

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_mail_begins_a_conversation(mailbox: ChannelAccount) -> None:
    assert bring(mailbox, mail("Où est ma commande ?")).status == "done"

    message = only_message()
    assert message.text == "Où est ma commande ?"
    assert message.external_id == "a1b2c3d4e5f6@example.org"
    conversation = message.conversation
    assert (conversation.subject, conversation.language) == ("Ma commande", "fr")
    assert (conversation.contact.name, conversation.contact.external_id) == (
        "Lucie Martin",
        "lucie@example.org",
    )
    assert conversation.customer_id is not None


@pytest.mark.parametrize(
    ("label", "really"),
    [
        ("utf-8", "utf-8"),
        ("iso-8859-1", "cp1252"),
        ("windows-1252", "cp1252"),
        ("iso-8859-15", "iso-8859-15"),
        ("us-ascii", "utf-8"),
        ("iso-8859-1", "utf-8"),
        ("utf-8", "cp1252"),
        ("x-unknown", "utf-8"),
        ("no-such-charset", "cp1252"),
        ("utf-16", "utf-16"),
        ("hex", "utf-8"),
    ],
)
def test_words_are_read_whatever_the_charset_says(mailbox: ChannelAccount, label: str, really: str) -> None:
    words = "Déçue : la pointure 42 était là, à côté de l’été"
    if really == "iso-8859-15":
        words = words.replace("’", "'")
    raw = mail(
        base64.encodebytes(words.encode(really)),
        Content_Type=f"text/plain; charset={label}",
        Content_Transfer_Encoding="base64",
    )
    bring(mailbox, raw)
    assert only_message().text == words


@pytest.mark.parametrize(
    ("charset", "words"),
    [
        ("iso-2022-jp", "靴のサイズを教えてください"),
        ("shift_jis", "靴のサイズ"),
        ("gb2312", "鞋子的尺码"),
        ("big5", "鞋子的尺碼"),
        ("euc-kr", "신발 사이즈"),
        ("koi8-r", "Где мой заказ"),
        ("windows-1251", "Где мой заказ"),
        ("iso-8859-7", "Πού είναι"),
        ("windows-1256", "أين طلبي"),
        ("utf-7", "Où est-il"),
    ],
)
def test_charsets_of_the_world(mailbox: ChannelAccount, charset: str, words: str) -> None:
    bring(mailbox, mail(words, encoding=charset))
    assert only_message().text == words


@pytest.mark.parametrize(
    ("sender", "name", "address"),
    [
        ("=?utf-8?Q?Th=C3=A9r=C3=A8se_B=C3=A9al?= <t@example.org>", "Thérèse Béal", "t@example.org"),
        ("=?iso-8859-1?B?VGjpcuhzZQ==?= <T@Example.org>", "Thérèse", "t@example.org"),
        ('"Béal, Thérèse" <t@example.org>', "Béal, Thérèse", "t@example.org"),
        ("t@example.org (Thérèse)", "Thérèse", "t@example.org"),
        ("t@example.org", "", "t@example.org"),
        ("Thérèse t@example.org", "", "t@example.org"),
        ("=?utf-8?Q?broken", "=?utf-8?Q?broken", ""),
        ("=?utf-8?B?4pyTIMOp?= =?utf-8?B?w6k=?= <t@example.org>", "✓ éé", "t@example.org"),
        ("", "", ""),
    ],
)
def test_who_wrote(mailbox: ChannelAccount, sender: str, name: str, address: str) -> None:
    bring(mailbox, mail(sender=sender))
    contact = Conversation.objects.get().contact
    assert (contact.name, contact.handle) == (name, address)


def multipart(kind: str, *parts: bytes) -> dict[str, object]:
    body = b"".join(b"--edge\r\n" + part + b"\r\n" for part in parts) + b"--edge--\r\n"
    return {"body": body, "Content_Type": f'multipart/{kind}; boundary="edge"'}


def test_html_is_made_harmless_and_its_words_are_read(mailbox: ChannelAccount) -> None:
    html = (
        "<html><head><title>x</title><style>p{}</style></head><body onload=alert(1)>"
        "<p style='color:red;position:fixed;background:url(http://spy.example/a.png)'>Bonjour "
        "<b>à tous</b></p>"
        "<script>alert(1)</script><img src='cid:logo' alt='Logo'><a href='javascript:x()'>ici</a>"
        "<form action='https://evil.example'><input name=a></form><iframe src='https://evil.example'></iframe>"
        "</body></html>"
    )
    bring(mailbox, mail(html, Content_Type="text/html; charset=utf-8"))
    message = only_message()
    assert message.text.startswith("Bonjour à tous")
    for bad in ("script", "onload", "javascript", "form", "iframe", "position", "url(", "title"):
        assert bad not in message.html
    assert 'src="cid:logo"' in message.html
    assert "color:red" in message.html.replace(" ", "")


def test_alternatives_pictures_and_files(mailbox: ChannelAccount) -> None:
    inner = (
        b'Content-Type: multipart/alternative; boundary="in"\r\n\r\n'
        b"--in\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nVoyez la photo\r\n"
        b'--in\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>Voyez <img src="cid:p1"></p>\r\n--in--\r\n'
    )
    picture = (
        b"Content-Type: image/png\r\nContent-ID: <p1>\r\nContent-Transfer-Encoding: base64\r\n"
        b"Content-Disposition: inline; filename*=UTF-8''semelle%20us%C3%A9e.png\r\n\r\niVBORw0KGgo=\r\n"
    )
    invitation = b"Content-Type: text/calendar; method=REQUEST\r\n\r\nBEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"
    tnef = b"Content-Type: application/ms-tnef\r\nContent-Transfer-Encoding: base64\r\n\r\neJ8+Ig==\r\n"
    attached = (
        b"Content-Type: message/rfc822\r\n\r\nSubject: Facture du 3\r\nFrom: a@b.example\r\n\r\nVoici\r\n"
    )
    named = (
        b'Content-Type: application/pdf; name="=?utf-8?Q?re=C3=A7u=2F..=2Fa.pdf?="\r\n'
        b"Content-Transfer-Encoding: base64\r\n\r\nJVBERi0=\r\n"
    )
    bring(mailbox, mail(**multipart("mixed", inner, picture, invitation, tnef, attached, named)))  # type: ignore[arg-type]

    message = only_message()
    assert message.text == "Voyez la photo"
    assert "cid:p1" in message.html
    files = {file.name: file for file in Attachment.objects.all()}
    assert set(files) == {
        "semelle usée.png", "Invitation.ics", "winmail.dat", "Facture du 3.eml", "reçu_.._a.pdf",
    }  # fmt: skip
    assert files["semelle usée.png"].content_id == "p1"
    assert all(file.digest for file in files.values())


@pytest.mark.parametrize(
    ("text", "own"),
    [
        (
            "Merci\n\nLe lun. 16 nov. 2026 à 09:30, Foulée <c@f.example> a écrit :\n> Bonjour\n> Claire\n",
            "Merci",
        ),
        ("Thanks\n\nOn Mon, Nov 16, 2026 at 9:30 AM Foulée <c@f.example>\nwrote:\n\n> Hello\n", "Thanks"),
        ("Oui\n\nLe 21/11/2026, Foulée <c@f.fr> a écrit :\n> Bonjour\n\nEnvoyé de mon iPhone\n", "Oui"),
        ("Ok\n\n-----Message d'origine-----\nDe : Foulée\nEnvoyé : lundi\nBonjour\n", "Ok"),
        ("Ok\n\n________________________________\nDe : Foulée\nEnvoyé : lundi\nBonjour\n", "Ok"),
        ("Ok\n\nDe : Foulée <c@f.example>\nEnvoyé : lundi 16\nÀ : Lucie\nObjet : Re\n\nBonjour\n", "Ok"),
        ("D’accord.\n-- \nLucie\n06 00 00 00 00\n", "D’accord."),
        ("D’accord.\n\nEnvoyé de mon iPhone\n", "D’accord."),
        ("> Quelle pointure ?\n42\n> Quelle couleur ?\nRouge\n", None),
        ("> tout cité\n> encore\n", None),
        ("De : Lyon\nJe viens demain.", None),
    ],
)
def test_what_is_quoted_is_folded(mailbox: ChannelAccount, text: str, own: str | None) -> None:
    bring(mailbox, mail(text))
    message = only_message()
    assert message.text == (own or text.strip())
    assert bool(message.payload.get("quoted")) == (own is not None)


def test_flowed_lines_are_one(mailbox: ChannelAccount) -> None:
    text = "Je voudrais savoir \r\nquand il arrive.\r\nMerci\r\n"
    bring(mailbox, mail(text, Content_Type="text/plain; charset=utf-8; format=flowed"))
    assert only_message().text == "Je voudrais savoir quand il arrive.\nMerci"


@pytest.mark.parametrize("date", ["yesterday", "Mon, 99 Foo 2026", "Thu, 1 Jan 1970 00:00:00 +0000", ""])
def test_a_date_that_is_none_is_when_it_came(mailbox: ChannelAccount, date: str) -> None:
    bring(mailbox, mail(Date=date), received="2026-11-16T08:31:00+00:00")
    assert only_message().at.isoformat() == "2026-11-16T08:31:00+00:00"


@pytest.mark.parametrize(
    "raw",
    [
        b"Subject: only\r\n\r\n",
        mail(Content_Type="multipart/mixed", body=b"no boundary"),
        mail(Content_Type='multipart/mixed; boundary="x"', body=b"--x\r\n\r\nnever ends"),
        mail(Content_Type="text/plain; charset*=utf-8'", body=b"\xff\xfe"),
        mail(Content_Transfer_Encoding="base64", Content_Type="text/plain", body=b"!!! not base64"),
        mail(Content_Type="text/html", body=b"<" * 5000),
        mail(Content_Type="message/rfc822", body=b""),
        mail(subject="=?utf-8?B?////?= =?x?Q?=ZZ?="),
        b"From: \xe9\xe8 <a@example.org>\r\nSubject: \xff\r\n\r\n\x00\x01",
    ],
)
def test_broken_mails_are_kept_and_shown(mailbox: ChannelAccount, raw: bytes) -> None:
    assert bring(mailbox, raw).status == "done"
    assert Message.objects.count() == 1


def test_a_form_of_the_shop_speaks_for_whoever_filled_it_in(mailbox: ChannelAccount) -> None:
    bring(mailbox, mail(sender="Site <contact@foulee.example>", Reply_To="Lucie <lucie@example.org>"))
    assert Conversation.objects.get().contact.external_id == "lucie@example.org"


def test_nobody_becomes_a_customer_by_a_forged_address(mailbox: ChannelAccount) -> None:
    bring(
        mailbox,
        mail(Authentication_Results="mx.foulee.example; spf=pass; dmarc=fail header.from=example.org"),
    )
    assert "identities" not in Conversation.objects.get().contact.profile
