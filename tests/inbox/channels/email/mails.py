"""Mails as bytes, written by hand."""

from parcours.inbox.models import ChannelAccount, Message
from parcours.inbox.writes.receiving import Receipt, keep


def mail(
    body: str | bytes = "Bonjour",
    *,
    encoding: str = "utf-8",
    sender: str = "Lucie Martin <lucie@example.org>",
    subject: str = "Ma commande",
    message_id: str | None = "<a1b2c3d4e5f6@example.org>",
    **headers: str,
) -> bytes:
    """Headers are given with _ for -; a message_id of None leaves it out."""
    lines = [f"From: {sender}", "To: contact@foulee.example", f"Subject: {subject}"]
    lines.append(f"Date: {headers.pop('Date', 'Mon, 16 Nov 2026 09:30:00 +0100')}")
    if message_id is not None:
        lines.append(f"Message-ID: {message_id}")
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    if "Content_Type" not in headers:
        lines += [f"Content-Type: text/plain; charset={encoding}", "Content-Transfer-Encoding: 8bit"]
    content = body if isinstance(body, bytes) else body.encode(encoding)
    return "\r\n".join(lines).encode("utf-8", "surrogateescape") + b"\r\n\r\n" + content


def bring(account: ChannelAccount, raw: bytes, **headers: str) -> Receipt:
    return keep(account, raw, headers={"folder": "INBOX", **headers})


def only_message() -> Message:
    return Message.objects.get(direction="in")
