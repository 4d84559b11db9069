"""Headers of mails as people sent them, not as standards wish: read without ever failing.

The parser of the standard library keeps raw values (`policy.compat32`); what its newer policy would make of
broken ones are exceptions.
"""

import binascii
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime
from typing import NamedTuple

from parcours.inbox.channels.email.charsets import decoded

_MOST_HEADER = 20_000
_FOLD = re.compile(r"\r?\n[ \t]?")
_ID = re.compile(r"<([^<>\s]+)>")
_BARE_ID = re.compile(r"^[^<>\s@,;\"]+@[^<>\s@,;\"]+$")
_ADDRESS = re.compile(r"[^\s<>@,;:\"()\[\]\\]+@[^\s<>@,;:\"()\[\]\\]+")
_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)


class Address(NamedTuple):
    """`address` in small letters."""

    name: str
    address: str


def raw_values(message: Message, name: str) -> Iterator[str]:
    """All values of a header, unfolded; bytes beyond ASCII read as text."""
    wanted = name.lower()
    for key, value in message.raw_items():
        if key.lower() == wanted:
            yield _unfolded(value)


def raw_value(message: Message, name: str) -> str:
    return next(raw_values(message, name), "")


def _unfolded(value: object) -> str:
    text = _FOLD.sub(" ", str(value)[:_MOST_HEADER])
    if not text.isascii():
        text = decoded(text.encode("utf-8", "surrogateescape"))
    return text.replace("\x00", "").strip()


def text_of(message: Message, name: str) -> str:
    """The first value of a header with its encoded words put into letters (RFC 2047)."""
    return words(raw_value(message, name))


def words(value: str) -> str:
    """Encoded words put into letters; what can't be is left as it stands."""
    if "=?" not in value:
        return value
    try:
        parts = decode_header(value)
    except (binascii.Error, ValueError, LookupError):
        return value
    pieces: list[tuple[bytes, str]] = []
    for content, charset in parts:
        content_bytes = content if isinstance(content, bytes) else content.encode("utf-8", "surrogateescape")
        label = charset or ""
        if pieces and label and pieces[-1][1] == label:  # letters may be torn between two words
            pieces[-1] = (pieces[-1][0] + content_bytes, label)
        else:
            pieces.append((content_bytes, label))
    return " ".join("".join(decoded(content, label) for content, label in pieces).split())


def addresses_of(message: Message, name: str) -> list[Address]:
    """Everybody whom a header names by an address."""
    found: list[Address] = []
    for value in raw_values(message, name):
        try:
            pairs = getaddresses([value])
        except (ValueError, IndexError, TypeError):
            pairs = []
        good = [
            Address(words(label), address.lower()) for label, address in pairs if _ADDRESS.fullmatch(address)
        ]
        if not good:
            good = [Address("", each.lower().rstrip(".")) for each in _ADDRESS.findall(words(value))[:20]]
        found += good
    return [each for each in found if len(each.address) <= 254]


def message_ids(value: str) -> list[str]:
    """The ids in a header without their brackets, in its order, each once; empty ones are none."""
    found = _ID.findall(value)
    if not found:
        found = [each for each in re.split(r"[\s,]+", value) if _BARE_ID.match(each)]
    return list(dict.fromkeys(each for each in found if each.strip("@.") and len(each) <= 380))


def date_of(message: Message) -> datetime | None:
    """When it says that it was written; nothing for what can't be a date of a mail."""
    for name in ("Date", "Resent-Date"):
        value = raw_value(message, name)
        try:
            moment = parsedate_to_datetime(value)
        except (TypeError, ValueError, IndexError, OverflowError):
            continue
        try:
            moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
        except (OverflowError, ValueError):
            continue
        if moment >= _EARLIEST:
            return moment
    return None
