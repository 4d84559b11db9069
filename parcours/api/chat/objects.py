"""What the chat answers, as JSON."""

import uuid
from typing import Any

from django.core import signing
from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format

from parcours.core.clock import now
from parcours.inbox.chat.answers import day_of, promise
from parcours.inbox.chat.hours import opening
from parcours.inbox.chat.shapes import VisitorMessage, VisitorState
from parcours.inbox.models import ChannelAccount

FILES_LAST_SECONDS = 12 * 3600
_SALT = "chat file"


def config_object(account: ChannelAccount, language: str) -> dict[str, Any]:
    """What the page needs to draw the button and the first screen."""
    said = account.settings
    with translation.override(language):
        now_open = opening(account, now())
        expect = promise(account)
        at = now_open.again_at
        again = f"{day_of(at)} {date_format(at, 'H:i')}" if at else ""
    topics = [line.strip() for line in str(said.get("topics", "")).splitlines() if line.strip()]
    return {
        "account": str(account.pk),
        "name": account.brand.name,
        "language": language,
        "greeting": said.get(f"greeting_{language}") or said.get("greeting_en") or "",
        "colour": said.get("colour") or "#1f5c4d",
        "position": said.get("position") or "right",
        "ask": {name: said.get(f"ask_{name}") or "no" for name in ("name", "email", "topic")},
        "topics": topics[:20],
        "open": now_open.is_open,
        "again": again,
        "expect": expect,
        "form": not now_open.is_open and said.get("away") == "form",
    }


def message_object(request: HttpRequest, account_id: uuid.UUID, message: VisitorMessage) -> dict[str, Any]:
    """Files are reached by addresses that work for some hours, for nobody but whoever was given them."""
    return {
        "id": str(message.id),
        "client": message.client_id,
        "author": message.author,
        "name": message.name,
        "text": message.text,
        "at": message.at.isoformat(),
        "seen": message.is_seen,
        "deleted": message.is_deleted,
        "files": [
            {
                "name": each.name,
                "type": each.media_type,
                "size": each.size,
                "url": _file_url(request, account_id, each.id) if each.digest else "",
            }
            for each in message.files
        ],
    }


def state_object(state: VisitorState) -> dict[str, Any]:
    return {
        "status": state.status,
        "agent": state.agent,
        "rating": state.rating,
        "unread": state.unread,
        "asksRating": state.asks_rating,
    }


def opens_file(key: str, file_id: uuid.UUID) -> uuid.UUID | None:
    """The account whose file this key opens; None for a key that doesn't, or no longer."""
    try:
        account, named = signing.loads(key, salt=_SALT, max_age=FILES_LAST_SECONDS)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return uuid.UUID(account) if named == str(file_id) else None


def _file_url(request: HttpRequest, account_id: uuid.UUID, file_id: uuid.UUID) -> str:
    key = signing.dumps([str(account_id), str(file_id)], salt=_SALT)
    return request.build_absolute_uri(reverse("chat_file", args=[file_id])) + f"?key={key}"
