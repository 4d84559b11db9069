"""By what mails are known: their Message-IDs where they have good ones, their content where not."""

import hmac
import re
import uuid
from email.message import Message
from hashlib import sha256

from django.conf import settings

from parcours.inbox.channels.email.bodies import content_of
from parcours.inbox.channels.email.headers import message_ids, raw_value, raw_values

_OURS = re.compile(r"^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})@")
_TOKEN = re.compile(r"\+r-([0-9a-f]{32})-([0-9a-f]{16})@", re.IGNORECASE)
_SAID = ("From", "To", "Cc", "Subject", "Date", "Message-ID", "In-Reply-To")


def digest_of(message: Message) -> str:
    """The same for a mail that came by two ways, another one for every other mail: SHA-256 of what its
    writer said and of what is in it. One without a date is also known by when it was received.
    """
    made = sha256()
    for name in _SAID:
        made.update(f"{name}:{' '.join(raw_value(message, name).split())}\n".encode())
    if not raw_value(message, "Date"):
        made.update(next(raw_values(message, "Received"), "").encode())
    for part in message.walk():
        if not part.is_multipart():
            made.update(f"{part.get_content_type()}\n".encode())
            made.update(content_of(part).replace(b"\r\n", b"\n").rstrip())
    return made.hexdigest()


def own_id(message: Message) -> str:
    """Its Message-ID without brackets; empty when it has none that names anything."""
    found = message_ids(raw_value(message, "Message-ID"))
    return found[0] if found else ""


def answered_ids(message: Message) -> list[str]:
    """The mails that it answers, the nearest first: In-Reply-To, then References from their end."""
    direct = message_ids(" ".join(raw_values(message, "In-Reply-To")))
    chain = message_ids(" ".join(raw_values(message, "References")))
    return list(dict.fromkeys([*direct[:5], *chain[-40:][::-1], *chain[:1]]))


def is_weak(message_id: str) -> bool:
    """Whether an id is so poor that strangers may use it too."""
    local, _at, domain = message_id.partition("@")
    return len(local) < 10 or not domain or domain.startswith("localhost")


def our_id(message: uuid.UUID, domain: str) -> str:
    """The Message-ID of a message of ours, without brackets: known before the first try."""
    return f"{message}@{domain}"


def named_by_us(message_id: str) -> uuid.UUID | None:
    """The message of ours that an id may name."""
    found = _OURS.match(message_id.lower())
    return uuid.UUID(found.group(1)) if found else None


def token_for(message: uuid.UUID) -> str:
    """What stands behind the + of a reply address."""
    return f"r-{message.hex}-{_signature(message)}"


def named_by_token(address: str) -> uuid.UUID | None:
    """The message whose reply address that is, if we made it."""
    found = _TOKEN.search(address)
    if not found:
        return None
    message = uuid.UUID(found.group(1))
    return message if hmac.compare_digest(_signature(message), found.group(2).lower()) else None


def _signature(message: uuid.UUID) -> str:
    key = f"parcours reply address {settings.SECRET_KEY}".encode()
    return hmac.new(key, message.bytes, sha256).hexdigest()[:16]
