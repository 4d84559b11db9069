"""Mails that are hard to read, made from a seed, each with what is true of it.

A mail carries a token in its words, by which it is found again; `thread` says with which others it belongs
together.
"""

import base64
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

TOKEN = re.compile(r"jeton-\d{5}")
US = "contact@foulee.test"
_START = datetime(2026, 11, 1, tzinfo=UTC)
_CHARSETS = (
    ("utf-8", "utf-8"), ("iso-8859-1", "cp1252"), ("windows-1252", "cp1252"), ("us-ascii", "utf-8"),
    ("iso-8859-15", "utf-8"), ("utf-8", "cp1252"), ("x-unknown", "utf-8"), ("koi8-r", "utf-16"),
    ("no-such-thing", "latin-1"), ("utf-16", "utf-16"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class HardMail:
    """`expected`: it is to become a message; else it is one that must not become any."""

    raw: bytes
    sender: str
    token: str
    thread: str
    to: str = US
    expected: bool = True
    automatic: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer of ours as it lies in the customer's mailbox."""

    message_id: str
    references: str
    reply_to: str
    thread: str
    customer: str
    raw: bytes


class Writer:
    """Writes mails; the same seed writes the same."""

    def __init__(self, seed: int, most_bytes: int) -> None:
        self._chance = random.Random(seed)
        self._count = 0
        self._most_bytes = most_bytes

    def openings(self, number: int) -> Iterator[HardMail]:
        """The first mails of so many matters, and some that come twice or before what they answer."""
        kinds = [
            self._plain, self._plain, self._charset, self._charset, self._without_id, self._empty_id,
            self._doubled_id, self._nested, self._html_only, self._broken, self._form, self._newsletter,
            self._twice, self._backwards, self._gone, self._large,
        ]  # fmt: skip
        for at in range(number):
            yield from kinds[at % len(kinds)]()

    def answers(self, received: list[Answer]) -> Iterator[HardMail]:
        """What customers write back, and what servers and machines do."""
        kinds = [
            self._usual, self._apple, self._chain_only, self._by_address, self._away, self._loop,
            self._forgetful, self._usual_twice,
        ]  # fmt: skip
        for at, answer in enumerate(received):
            yield from kinds[at % len(kinds)](answer)

    def _token(self) -> str:
        self._count += 1
        return f"jeton-{self._count:05}"

    def _customer(self, domain: str = "customers.test") -> str:
        return f"client{self._count}.{self._chance.randrange(10**6)}@{domain}"

    def _id(self) -> str:
        return f"<{self._chance.randrange(16**16):016x}@mail.customers.test>"

    def _mail(
        self, words: str | bytes, sender: str, *, message_id: str | None = "", head: str = "", kind: str = ""
    ) -> bytes:
        moment = _START + timedelta(seconds=self._count * 61)
        name = self._chance.choice(["Zoé Béal", "=?utf-8?Q?L=C3=A9o?=", '"Martin, Léa"', ""])
        lines = [f"From: {name} <{sender}>", f"To: {US}", f"Date: {format_datetime(moment)}"]
        if not head.lower().startswith("subject:") and "\nSubject:" not in head:
            lines.append(
                f"Subject: {self._chance.choice(['Ma commande', 'Question', 'Re: Ma commande', ''])}"
            )
        if message_id is not None:
            lines.append(f"Message-ID: {message_id or self._id()}")
        if head:
            lines.append(head)
        lines.append(kind or "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit")
        body = words if isinstance(words, bytes) else words.encode()
        return "\n".join(lines).replace("\n", "\r\n").encode() + b"\r\n\r\n" + body

    def _opening(
        self, *, domain: str = "customers.test", message_id: str | None = "", head: str = ""
    ) -> HardMail:
        token = self._token()
        sender = self._customer(domain)
        raw = self._mail(f"Où est ma commande ? {token}", sender, message_id=message_id, head=head)
        return HardMail(raw, sender, token, token)

    def _plain(self) -> Iterator[HardMail]:
        yield self._opening()

    def _gone(self) -> Iterator[HardMail]:
        yield self._opening(domain="gone.test")

    def _without_id(self) -> Iterator[HardMail]:
        yield self._opening(message_id=None)

    def _empty_id(self) -> Iterator[HardMail]:
        empty = self._chance.choice(["<>", "< >", "<@>", " "])
        yield self._opening(message_id=empty, head=f"In-Reply-To: {empty}\nReferences: {empty} {empty}")

    def _doubled_id(self) -> Iterator[HardMail]:
        """Two strangers whose programs use the same id, and one of them writes again."""
        shared = f"<{self._chance.randrange(3)}@localhost>"
        yield self._opening(message_id=shared)
        second = self._opening(message_id=shared)
        yield second
        token = self._token()
        raw = self._mail(f"Et encore {token}", second.sender, head=f"In-Reply-To: {shared}")
        # Several of that sender's own bear the id only when it is the same one: it is theirs.
        yield HardMail(raw, second.sender, token, second.thread)

    def _charset(self) -> Iterator[HardMail]:
        label, really = self._chance.choice(_CHARSETS)
        token, sender = self._token(), self._customer()
        if really == "utf-16" and label != "utf-16":
            really = "utf-8"
        body = base64.encodebytes(f"Déçue : c’est l’été {token}".encode(really, "replace"))
        kind = f"Content-Type: text/plain; charset={label}\nContent-Transfer-Encoding: base64"
        yield HardMail(self._mail(body, sender, kind=kind), sender, token, token)

    def _nested(self) -> Iterator[HardMail]:
        token, sender = self._token(), self._customer()
        body = f"Content-Type: text/plain; charset=utf-8\r\n\r\nAu fond {token}\r\n"
        for depth in range(self._chance.randrange(3, 15)):
            kind = self._chance.choice(["mixed", "alternative", "related"])
            body = (
                f'Content-Type: multipart/{kind}; boundary="b{depth}"\r\n\r\n--b{depth}\r\n{body}\r\n'
                f"--b{depth}\r\nContent-Type: message/rfc822\r\n\r\n"
                "Subject: Inner\r\nMessage-ID: <inner>\r\n\r\nx\r\n"
                f"--b{depth}--\r\n"
            )
        head, _line, rest = body.partition("\r\n\r\n")
        yield HardMail(self._mail(rest, sender, kind=head), sender, token, token)

    def _html_only(self) -> Iterator[HardMail]:
        token, sender = self._token(), self._customer()
        html = f"<html><body><table><tr><td>Bonjour&nbsp;<b>{token}</b></td></tr></table><script>x()</script>"
        yield HardMail(
            self._mail(html, sender, kind="Content-Type: text/html; charset=utf-8"), sender, token, token
        )

    def _broken(self) -> Iterator[HardMail]:
        token, sender = self._token(), self._customer()
        kind, body = self._chance.choice(
            [
                ('Content-Type: multipart/mixed; boundary="x"', f"--x\r\n\r\n{token} never ends"),
                ("Content-Type: multipart/mixed", f"{token} no boundary"),
                ("Content-Type: text/plain; charset*=utf-8'", f"{token} half a parameter"),
                (
                    "Content-Type: text/plain\nContent-Transfer-Encoding: base64",
                    f"{token} !!! not base64",
                ),
                ("Content-Type: nonsense", f"{token} of a kind that is none"),
                (
                    "MIME-Version: 7\nContent-Type: text/plain; format=flowed; delsp=yes",
                    f"{token} flowed \r\nline",
                ),
            ]
        )
        yield HardMail(self._mail(body, sender, kind=kind), sender, token, token)

    def _form(self) -> Iterator[HardMail]:
        token, sender = self._token(), self._customer()
        raw = self._mail(f"Par le formulaire {token}", US, head=f"Reply-To: {sender}")
        yield HardMail(raw, US, token, token)

    def _newsletter(self) -> Iterator[HardMail]:
        token, sender = self._token(), self._customer()
        raw = self._mail(f"Nos offres {token}", sender, head="List-Id: <news.example>\nPrecedence: bulk")
        yield HardMail(raw, sender, token, token, automatic=True)

    def _twice(self) -> Iterator[HardMail]:
        mail = self._opening(message_id=self._chance.choice([None, ""]))
        yield mail
        yield mail

    def _backwards(self) -> Iterator[HardMail]:
        """The answer to their own mail comes before it."""
        first = self._id()
        token, later, sender = self._token(), self._token(), self._customer()
        head = f"In-Reply-To: {first}" + ("" if self._chance.random() < 0.5 else f"\nReferences: {first}")
        yield HardMail(self._mail(f"Suite {later}", sender, head=head), sender, later, token)
        yield HardMail(self._mail(f"Début {token}", sender, message_id=first), sender, token, token)

    def _large(self) -> Iterator[HardMail]:
        token, sender = self._token(), self._customer()
        size = self._chance.randrange(self._most_bytes // 8, self._most_bytes)
        content = base64.encodebytes(self._chance.randbytes(size * 3 // 4))
        body = (
            b"--big\r\nContent-Type: text/plain\r\n\r\nVoici " + token.encode() + b"\r\n--big\r\n"
            b"Content-Type: image/jpeg\r\nContent-Transfer-Encoding: base64\r\n"
            b"Content-Disposition: attachment; filename=photo.jpg\r\n\r\n" + content + b"\r\n--big--\r\n"
        )
        kind = 'Content-Type: multipart/mixed; boundary="big"'
        yield HardMail(self._mail(body, sender, kind=kind), sender, token, token)

    def _reply(
        self, answer: Answer, head: str, *, to: str = US, automatic: bool = False, words: str = "Merci"
    ) -> HardMail:
        token = self._token()
        quoted = "Le lun. 2 nov. 2026 à 10:00, Foulée <contact@foulee.test> a écrit :\r\n> Voici\r\n"
        raw = self._mail(f"{words} {token}\r\n\r\n{quoted}", answer.customer, head=head)
        return HardMail(raw, answer.customer, token, answer.thread, to=to, automatic=automatic)

    def _usual(self, answer: Answer) -> Iterator[HardMail]:
        chain = f"{answer.references} {answer.message_id}".strip()
        yield self._reply(answer, f"In-Reply-To: {answer.message_id}\nReferences: {chain}")

    def _apple(self, answer: Answer) -> Iterator[HardMail]:
        """The chain is overwritten by ids that nobody knows; only In-Reply-To is true."""
        yield self._reply(answer, f"References: {self._id()}\nIn-Reply-To: {answer.message_id}")

    def _chain_only(self, answer: Answer) -> Iterator[HardMail]:
        yield self._reply(answer, f"References: {answer.references}\n {answer.message_id} {self._id()}")

    def _by_address(self, answer: Answer) -> Iterator[HardMail]:
        yield self._reply(answer, "X-Mailer: forgets everything", to=answer.reply_to)

    def _away(self, answer: Answer) -> Iterator[HardMail]:
        head = self._chance.choice(
            [
                "Auto-Submitted: auto-replied",
                "X-Autoreply: yes",
                "Subject: Réponse automatique : absence",
                "Precedence: auto_reply",
            ]
        )
        yield self._reply(answer, f"{head}\nIn-Reply-To: {answer.message_id}", automatic=True)

    def _loop(self, answer: Answer) -> Iterator[HardMail]:
        yield HardMail(answer.raw, answer.customer, "", answer.thread, expected=False)

    def _forgetful(self, answer: Answer) -> Iterator[HardMail]:
        """The same subject from the same person without any header: another matter."""
        mail = self._reply(answer, "Subject: Re: Ma commande")
        yield HardMail(mail.raw, mail.sender, mail.token, mail.token)

    def _usual_twice(self, answer: Answer) -> Iterator[HardMail]:
        mail = next(self._usual(answer))
        yield mail
        yield mail
