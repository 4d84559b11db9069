"""What visitors hand over: messages and files."""

import json
import re
import uuid
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from parcours.core.clock import now
from parcours.core.errors import BadInput, Conflict
from parcours.core.text import one_line, storable
from parcours.inbox.chat.models import ChatSession, ChatUpload
from parcours.inbox.chat.reads import visitor_message
from parcours.inbox.chat.sessions import sender_of
from parcours.inbox.chat.shapes import VisitorMessage
from parcours.inbox.files import store
from parcours.inbox.models import Arrival, Message
from parcours.inbox.writes import keep

LONGEST_TEXT = 10_000
LARGEST_FILE = 10 * 1024 * 1024
MOST_FILES = 5
MOST_WAITING_FILES = 20
_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
_BEGINNINGS = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"%PDF-", "application/pdf"),
)

TAKEN = frozenset({"image/webp", *(kind for _beginning, kind in _BEGINNINGS)})
"""Media types that visitors may send, and browsers may show."""


@transaction.atomic
def post(
    session: ChatSession, client_id: str, text: str, upload_ids: Sequence[uuid.UUID]
) -> VisitorMessage | None:
    """Keeps a message raw and makes it one of the conversation; the same id again changes nothing.

    None when it is kept and can't be shown (yet). Raises BadInput, Conflict for a file that is gone.
    """
    if not _ID.fullmatch(client_id):
        raise BadInput(_("A message's id has 8 to 64 letters, digits, - or _."), where="id")
    name = f"{session.pk}/{client_id}"
    words = storable(text).strip()
    if not words and not upload_ids:
        raise BadInput(_("Write something first."), where="text")
    if len(words) > LONGEST_TEXT:
        raise BadInput(
            _("This text has {n} characters; at most {most} fit here.").format(
                n=len(words), most=LONGEST_TEXT
            ),
            where="text",
        )
    if upload_ids and _is_kept(session, name):  # its files are the message's already
        return _kept(session, name)
    uploads = _taken(session, upload_ids)
    receipt = keep(session.account, _body(session, name, words, uploads), name=name)
    for each in uploads:
        each.delete()
    if receipt.duplicate or uploads or not receipt.messages:
        return _kept(session, name)
    return visitor_message(receipt.messages[0], session.pk, files=())


@transaction.atomic
def upload(session: ChatSession, name: str, content: bytes) -> ChatUpload:
    """A picture or PDF, by its first bytes, whatever its name says. Raises BadInput."""
    if len(content) > LARGEST_FILE:
        raise BadInput(_("A file may have {n} MB.").format(n=LARGEST_FILE // 1024 // 1024), where="file")
    media_type = kind_of(content)
    if not media_type:
        raise BadInput(
            _("Only pictures (PNG, JPEG, GIF, WebP) and PDF files can be sent here."), where="file"
        )
    if session.uploads.count() >= MOST_WAITING_FILES:
        raise Conflict(_("Send the files that wait first."), where="file")
    return ChatUpload.objects.create(
        session=session,
        name=one_line(storable(name))[:255] or _("File"),
        media_type=media_type,
        size=len(content),
        digest=store(content),
    )


def kind_of(content: bytes) -> str:
    """The media type that the first bytes tell; empty for any that isn't taken."""
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    return next((kind for beginning, kind in _BEGINNINGS if content.startswith(beginning)), "")


def _taken(session: ChatSession, upload_ids: Sequence[uuid.UUID]) -> list[ChatUpload]:
    if not upload_ids:
        return []
    if len(upload_ids) > MOST_FILES:
        raise BadInput(_("At most {n} files fit into a message.").format(n=MOST_FILES), where="files")
    found = {row.pk: row for row in session.uploads.select_for_update().filter(pk__in=upload_ids)}
    if len(found) < len(set(upload_ids)):
        raise Conflict(_("A file is gone; add it once more."), where="files")
    return [found[each] for each in dict.fromkeys(upload_ids)]


def _body(session: ChatSession, name: str, text: str, uploads: Sequence[ChatUpload]) -> bytes:
    sender = sender_of(session)
    topic = session.details.get("topic", "")
    return json.dumps(
        {
            "id": name,
            "at": now().isoformat(),
            "text": text,
            "from": {
                "id": sender.external_id,
                "name": sender.name,
                "handle": sender.handle,
                "language": sender.language,
                "profile": dict(sender.profile),
                "identities": dict(sender.identities),
            },
            "files": [
                {"name": each.name, "media_type": each.media_type, "digest": each.digest} for each in uploads
            ],
            "context": {**session.context, **({"topic": topic} if topic else {})},
        }
    ).encode()


def _is_kept(session: ChatSession, name: str) -> bool:
    return Arrival.objects.filter(account_id=session.account_id, external_id=name).exists()


def _kept(session: ChatSession, name: str) -> VisitorMessage | None:
    rows = Message.objects.filter(account_id=session.account_id, external_id=name)
    found = rows.prefetch_related("attachments").select_related("author").first()
    return visitor_message(found, session.pk) if found is not None else None
