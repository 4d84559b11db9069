"""What Facebook calls with: messages, and comments under the page's posts."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext as _

from parcours.core.clock import now
from parcours.inbox.channels.base import Incoming, IncomingChange, Published, Sender, Told
from parcours.inbox.channels.graph import COMMENT, entries, envelope, items
from parcours.inbox.channels.page_messages import told_by


def read(body: bytes) -> list[Told]:
    """Raises NotUnderstood."""
    told: list[Told] = []
    for entry in entries(envelope(body, "page")):
        told += told_by(entry)
        for change in items(entry, "changes"):
            found = _comment(change, str(entry.get("id", "")))
            if found is not None:
                told.append(found)
    return told


def _comment(change: Mapping[str, Any], account: str) -> Told | None:
    """A comment of somebody else; the page's own are known from when it wrote them."""
    value = change.get("value")
    if change.get("field") == "mention" and isinstance(value, Mapping):
        return _mention(value, account)
    if change.get("field") != "feed" or not isinstance(value, Mapping) or value.get("item") != "comment":
        return None
    author = value.get("from")
    author = author if isinstance(author, Mapping) else {}
    comment_id, at = str(value.get("comment_id", "")), _time(value)
    if not comment_id or str(author.get("id", "")) == account:
        return None
    if value.get("verb") == "remove":
        return IncomingChange(comment_id, at, deleted=True, account=account, published=True)
    if value.get("verb") == "edited":
        return IncomingChange(
            comment_id, at, text=str(value.get("message", "")), account=account, published=True
        )
    post, parent = str(value.get("post_id", "")), str(value.get("parent_id", ""))
    root = parent if parent and parent != post else comment_id
    return Incoming(
        comment_id,
        _author(author.get("id"), author.get("name"), f"{COMMENT}{comment_id}"),
        at,
        text=str(value.get("message", "")) or str(value.get("photo") or value.get("video") or ""),
        thread=f"{COMMENT}{root}",
        reply_to=[parent] if root == parent else [],
        payload={"type": "comment", "post": post, "on": "messenger"},
        context={
            "post": post,
            **({"page": str(value["permalink_url"])} if value.get("permalink_url") else {}),
        },
        account=account,
        published=Published(
            properties={"network": "facebook", "post": post, "link": str(value.get("permalink_url", ""))}
        ),
    )


def _mention(value: Mapping[str, Any], account: str) -> Told | None:
    """The page is named in a post or comment of somebody else; it is answered under that."""
    post, comment = str(value.get("post_id", "")), str(value.get("comment_id", ""))
    named = comment or post
    if not named or value.get("verb") == "remove":
        return None
    return Incoming(
        f"mention {named}",
        _author(value.get("sender_id"), value.get("sender_name"), f"mention {named}"),
        _time(value),
        text=str(value.get("message", "")) or _("Your page was mentioned."),
        thread=f"{COMMENT}{named}",
        payload={"type": "mention", "post": post, "comment": comment},
        context={"post": post} if post else {},
        account=account,
        published=Published(properties={"network": "facebook", "post": post}),
    )


def _author(known: object, name: object, otherwise: str) -> Sender:
    """Facebook names authors only to apps that may know them."""
    if known:
        return Sender(str(known), str(name or ""))
    return Sender(otherwise, str(name or _("Somebody on Facebook")), nameless=True)


def _time(value: Mapping[str, Any]) -> datetime:
    try:
        return datetime.fromtimestamp(int(value.get("created_time", "")), UTC)
    except (ValueError, TypeError, OverflowError, OSError):
        return now()
