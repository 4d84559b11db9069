"""What Telegram calls with: one update a call."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext as _

from parcours.core.clock import now
from parcours.inbox.channels.base import Incoming, IncomingChange, IncomingFile, NotUnderstood, Sender, Told

MEDIA = {
    "document": "application/octet-stream",
    "video": "video/mp4",
    "audio": "audio/mpeg",
    "voice": "audio/ogg",
    "sticker": "image/webp",
    "animation": "video/mp4",
    "video_note": "video/mp4",
}


def read(body: bytes) -> list[Told]:
    """Raises NotUnderstood."""
    try:
        update = json.loads(body)
    except ValueError as error:
        raise NotUnderstood(_("It isn't JSON.")) from error
    if not isinstance(update, Mapping) or "update_id" not in update:
        raise NotUnderstood(_("It is about something else than messages of this channel."))
    for name in ("message", "business_message", "channel_post"):
        if isinstance(message := update.get(name), Mapping):
            return [_message(message)]
    for name in ("edited_message", "edited_business_message"):
        if isinstance(message := update.get(name), Mapping):
            words = str(message.get("text") or message.get("caption") or "")
            return [IncomingChange(name_of(message), _time(message, "edit_date"), text=words)]
    if isinstance(query := update.get("callback_query"), Mapping):
        return [_pressed(query)]
    return []


def name_of(message: Mapping[str, Any]) -> str:
    """Numbers of messages are unique within their chat only."""
    return f"{_inside(message, 'chat').get('id', '')}:{message.get('message_id', '')}"


def _message(message: Mapping[str, Any]) -> Told:
    text, files = str(message.get("text") or message.get("caption") or ""), _files(message)
    text = text or _place(message) or _contact(message)
    if not text and not files:
        text = _("A message of a kind that can’t be shown here.")
    answered = _inside(message, "reply_to_message")
    start = text.removeprefix("/start").strip() if text.startswith("/start") else ""
    return Incoming(
        name_of(message),
        _sender(_inside(message, "from"), _inside(message, "chat")),
        _time(message, "date"),
        text=text,
        files=files,
        reply_to=[name_of({**answered, "chat": message.get("chat")})] if answered else [],
        payload={"type": "message"},
        context={"campaign": start} if start else {},
    )


def _pressed(query: Mapping[str, Any]) -> Told:
    """A button under one of our messages."""
    message = _inside(query, "message")
    return Incoming(
        f"callback {query.get('id', '')}",
        _sender(_inside(query, "from"), _inside(message, "chat")),
        now(),
        text=str(query.get("data", "")),
        reply_to=[name_of(message)] if message else [],
        payload={"type": "callback"},
    )


def _sender(author: Mapping[str, Any], chat: Mapping[str, Any]) -> Sender:
    names = (str(author.get(part, "")) for part in ("first_name", "last_name"))
    handle = str(author.get("username", ""))
    return Sender(
        str(chat.get("id") or author.get("id") or ""),
        " ".join(filter(None, names)) or str(chat.get("title", "")),
        f"@{handle}" if handle else "",
        str(author.get("language_code", ""))[:2],
    )


def _files(message: Mapping[str, Any]) -> Sequence[IncomingFile]:
    photos = [each for each in message.get("photo") or [] if isinstance(each, Mapping)]
    if photos:
        largest = max(photos, key=lambda each: each.get("width", 0))
        remote = {"file": str(largest.get("file_id", ""))}
        return (
            IncomingFile("photo.jpg", "image/jpeg", remote=remote, size=int(largest.get("file_size", 0))),
        )
    for kind, media_type in MEDIA.items():
        found = _inside(message, kind)
        if found:
            return (
                IncomingFile(
                    str(found.get("file_name") or kind),
                    str(found.get("mime_type") or media_type),
                    remote={"file": str(found.get("file_id", ""))},
                    size=int(found.get("file_size", 0)),
                ),
            )
    return ()


def _place(message: Mapping[str, Any]) -> str:
    venue, point = _inside(message, "venue"), _inside(message, "location")
    if not point:
        return ""
    named = ", ".join(str(venue[part]) for part in ("title", "address") if venue.get(part))
    where = f"{point.get('latitude')}, {point.get('longitude')}"
    return f"{named} ({where})" if named else where


def _contact(message: Mapping[str, Any]) -> str:
    contact = _inside(message, "contact")
    parts = (contact.get(part) for part in ("first_name", "last_name", "phone_number"))
    return " ".join(str(part) for part in parts if part)


def _inside(holder: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = holder.get(name)
    return found if isinstance(found, Mapping) else {}


def _time(message: Mapping[str, Any], name: str) -> datetime:
    try:
        return datetime.fromtimestamp(int(message.get(name, "")), UTC)
    except (ValueError, TypeError, OverflowError, OSError):
        return now()
