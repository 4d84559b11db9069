"""The parts of a mail: its words, its HTML, its files."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message
from typing import Any

from django.utils.translation import gettext as _

from parcours.inbox.channels.base import IncomingFile
from parcours.inbox.channels.email.charsets import decoded
from parcours.inbox.channels.email.headers import words

MOST_PARTS = 300
MOST_DEPTH = 20

_EXTENSIONS = {
    "text/calendar": "ics",
    "message/rfc822": "eml",
    "message/delivery-status": "txt",
    "text/html": "html",
    "text/plain": "txt",
    "application/pdf": "pdf",
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/gif": "gif",
}
_BASE64 = re.compile(r"^[A-Za-z0-9+/=\s]+$")
_UNSAFE = re.compile(r"[\x00-\x1f\x7f/\\]+")


@dataclass(slots=True)
class Bodies:
    """`plain` and `html` are the texts of the mail itself; what belongs to attached mails is in `files`."""

    plain: list[str] = field(default_factory=list)
    html: list[str] = field(default_factory=list)
    files: list[IncomingFile] = field(default_factory=list)


def bodies_of(message: Message) -> Bodies:
    """Everything in it, once. Of alternatives all kinds are read: each may hold what the other lacks."""
    found = Bodies()
    for count, part in enumerate(_leaves(message, 0)):
        if count >= MOST_PARTS:
            break
        _take(part, found)
    return found


def _leaves(message: Message, depth: int) -> Iterator[Message]:
    """Parts that hold something: attached mails are one each, however much is in them."""
    if message.get_content_maintype() == "multipart" and message.is_multipart() and depth < MOST_DEPTH:
        for child in payload_of(message):
            if isinstance(child, Message):
                yield from _leaves(child, depth + 1)
    else:
        yield message


def payload_of(part: Message) -> Any:
    """What the parser has of it: parts, or a text. A charset that is none must not stand in the way."""
    try:
        return part.get_payload()
    except (TypeError, ValueError, LookupError):
        return ""


def _take(part: Message, found: Bodies) -> None:
    kind = part.get_content_type().lower()
    # Several parts that nothing parts are words, too.
    is_torn = part.get_content_maintype() == "multipart" and not part.is_multipart()
    is_text = is_torn or (kind in {"text/plain", "text/html"} and not _is_file(part))
    if is_text:
        text = text_of_part(part)
        if text.strip():
            (found.html if kind == "text/html" else found.plain).append(text)
        return
    content = content_of(part)
    name = name_of(part)
    if not content and not name:
        return
    found.files.append(
        IncomingFile(
            name or _unnamed(part, kind, len(found.files) + 1),
            "application/octet-stream" if kind.startswith("multipart/") else kind,
            content=content,
            content_id=str(part.get("Content-ID", "")).strip().strip("<>")[:255],
            size=len(content),
        )
    )


def _is_file(part: Message) -> bool:
    """A text that is named, or says so, is a file; some programs call the words of a mail an inline file."""
    said = (part.get_content_disposition() or "").lower()
    return said == "attachment" or (bool(name_of(part)) and said != "inline")


def text_of_part(part: Message) -> str:
    """The text of a part in its charset, with soft line ends of `format=flowed` made one line (RFC 3676)."""
    content = content_of(part)
    label = part.get_param("charset", "", unquote=True)
    text = decoded(content, label if isinstance(label, str) else (label[2] if label else ""))
    if part.get_content_type() == "text/html" and not label:
        text = _by_its_own_word(content, text)
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    if str(part.get_param("format", "")).lower() == "flowed":
        text = unflowed(text, delete_space=str(part.get_param("delsp", "")).lower() == "yes")
    return text


def _by_its_own_word(content: bytes, text: str) -> str:
    said = re.search(rb"<meta[^>]{0,200}charset=[\"']?([\w-]{3,30})", content[:4096], re.IGNORECASE)
    return decoded(content, said.group(1).decode("ascii", "ignore")) if said else text


def unflowed(text: str, *, delete_space: bool = False) -> str:
    lines: list[str] = []
    depth_before, is_open = 0, False
    for raw in text.split("\n"):
        depth = len(raw) - len(raw.lstrip(">"))
        line = raw[depth:]
        line = line.removeprefix(" ")
        is_signature = line == "-- "
        if is_open and depth == depth_before and not is_signature:
            lines[-1] += line
        else:
            lines.append(">" * depth + (" " if depth else "") + line)
        is_open = line.endswith(" ") and not is_signature
        if is_open and delete_space:
            lines[-1] = lines[-1][:-1]
        depth_before = depth
    return "\n".join(lines)


def content_of(part: Message) -> bytes:
    """The bytes of a part, decoded as far as they can be; of an attached mail the whole of it."""
    if part.get_content_maintype() in {"message", "multipart"}:
        return _inner(part)
    try:
        content = part.get_payload(decode=True)
    except (TypeError, ValueError, LookupError, AssertionError):
        content = None
    if isinstance(content, bytes) and not _only_says_base64(part):
        return content
    return str(payload_of(part)).encode("utf-8", "surrogateescape")


def _only_says_base64(part: Message) -> bool:
    """Whether the text is written out though the part says that it is encoded."""
    if part.get_content_maintype() != "text":
        return False
    said = str(part.get("Content-Transfer-Encoding", "")).strip().lower()
    first = next((line for line in str(payload_of(part)).splitlines() if line.strip()), "")
    return said == "base64" and not _BASE64.match(first)


def _inner(part: Message) -> bytes:
    inner = payload_of(part)
    pieces = inner if isinstance(inner, list) else [inner]
    made = []
    for piece in pieces:
        if isinstance(piece, Message):
            try:
                made.append(piece.as_bytes())
            except (UnicodeError, ValueError, LookupError, TypeError, AttributeError):
                made.append(str(payload_of(piece)).encode("utf-8", "surrogateescape"))
        else:
            made.append(str(piece).encode("utf-8", "surrogateescape"))
    return b"\n".join(made)


def name_of(part: Message) -> str:
    """A file's name (RFC 2231, or RFC 2047 as many write it), as one that no system stumbles over."""
    try:
        name = part.get_filename() or ""
    except (ValueError, LookupError, UnicodeError, TypeError, AttributeError):
        name = ""
    if not name.isascii():
        name = decoded(name.encode("utf-8", "surrogateescape"))
    return _UNSAFE.sub("_", words(name)).strip(" .")[:200]


def _unnamed(part: Message, kind: str, number: int) -> str:
    if kind == "message/rfc822":
        inner = payload_of(part)
        first = inner[0] if isinstance(inner, list) and inner else None
        subject = words(str(first.get("Subject", ""))) if isinstance(first, Message) else ""
        title = _UNSAFE.sub("_", " ".join(subject.split()))[:80] or _("Attached mail")
        return f"{title}.eml"
    if kind == "application/ms-tnef":
        return "winmail.dat"
    if kind == "text/calendar":
        return _("Invitation") + ".ics"
    extension = _EXTENSIONS.get(kind, "")
    return _("File {n}").format(n=number) + (f".{extension}" if extension else "")
