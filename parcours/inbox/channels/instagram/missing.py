"""What the account has of the last days and never came here: messages, and comments under new posts."""

from collections.abc import Iterator
from datetime import datetime

from parcours.inbox.channels.base import Missed
from parcours.inbox.channels.page_history import (
    call_of_comment,
    missed_comments,
    missed_messages,
    moment_of,
)
from parcours.inbox.models import ChannelAccount

_SAID = "id,text,timestamp,username,from,parent_id"
_COMMENTS = f"id,comments.limit(50){{{_SAID},replies.limit(50){{{_SAID}}}}}"


def missing_since(account: ChannelAccount, moment: datetime) -> Iterator[Missed]:
    """The token is that of the page which the account is linked to: `me` is that page."""
    yield from missed_messages(account, moment, page="me", platform="instagram")
    path = f"{account.address}/media"
    for comment in missed_comments(account, moment, path=path, fields=_COMMENTS, platform="instagram"):
        value = {
            "id": comment["id"],
            "text": comment.get("text") or "",
            "from": comment.get("from") or {"username": comment.get("username") or ""},
            "media": {"id": str(comment["post"].get("id", ""))},
            **({"parent_id": comment["parent_id"]} if comment.get("parent_id") else {}),
        }
        yield call_of_comment(account, "instagram", "comments", value, moment_of(comment))
