"""What Instagram calls with: messages as on Messenger, comments and mentions."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext as _

from parcours.core.clock import now
from parcours.inbox.channels.base import Incoming, Published, Sender, Told
from parcours.inbox.channels.graph import COMMENT, MENTION, entries, envelope, items
from parcours.inbox.channels.page_messages import told_by


def read(body: bytes) -> list[Told]:
    """Raises NotUnderstood."""
    told: list[Told] = []
    for entry in entries(envelope(body, "instagram")):
        told += told_by(entry)
        account, at = str(entry.get("id", "")), _time(entry)
        for change in items(entry, "changes"):
            value = change.get("value")
            if not isinstance(value, Mapping):
                continue
            if change.get("field") in {"comments", "live_comments"}:
                told += _comment(value, account, at)
            elif change.get("field") == "mentions":
                told.append(_mention(value, account, at))
    return told


def _comment(value: Mapping[str, Any], account: str, at: datetime) -> list[Told]:
    """A comment of somebody else; the account's own are known from when it wrote them."""
    author, media = _inside(value, "from"), _inside(value, "media")
    comment_id = str(value.get("id", ""))
    if not comment_id or str(author.get("id", "")) == account:
        return []
    parent = str(value.get("parent_id", ""))
    name = str(author.get("username", ""))
    return [
        Incoming(
            comment_id,
            _author(author, name, comment_id),
            at,
            text=str(value.get("text", "")),
            thread=f"{COMMENT}{parent or comment_id}",
            reply_to=[parent] if parent else [],
            payload={"type": "comment", "post": str(media.get("id", "")), "on": "instagram"},
            context={"post": str(media.get("id", ""))} if media.get("id") else {},
            account=account,
            published=Published(properties={"network": "instagram", "post": str(media.get("id", ""))}),
        )
    ]


def _author(author: Mapping[str, Any], name: str, comment_id: str) -> Sender:
    """By their id; by their name where Instagram tells no more; else nobody knows."""
    known = str(author.get("id", "")) or name
    return Sender(
        known or f"{COMMENT}{comment_id}",
        name or ("" if known else _("Somebody on Instagram")),
        f"@{name}" if name else "",
        nameless=not known,
    )


def _mention(value: Mapping[str, Any], account: str, at: datetime) -> Told:
    """Instagram names the post and, for a comment, its id; the words are to be read there."""
    comment, media = str(value.get("comment_id", "")), str(value.get("media_id", ""))
    named = comment or media
    return Incoming(
        f"{MENTION}{named}",
        Sender(f"{MENTION}{named}", _("Somebody on Instagram"), nameless=True),
        at,
        text=_("You were mentioned in a comment.") if comment else _("You were mentioned in a post."),
        thread=f"{MENTION}{named}",
        payload={"type": "mention", "post": media, "comment": comment},
        context={"post": media} if media else {},
        account=account,
        published=Published(properties={"network": "instagram", "post": media}),
    )


def _inside(holder: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = holder.get(name)
    return found if isinstance(found, Mapping) else {}


def _time(entry: Mapping[str, Any]) -> datetime:
    """Seconds, or milliseconds, since 1970: Instagram sends both."""
    try:
        moment = int(entry.get("time", ""))
        return datetime.fromtimestamp(moment / 1000 if moment > 10**11 else moment, UTC)
    except (ValueError, TypeError, OverflowError, OSError):
        return now()
