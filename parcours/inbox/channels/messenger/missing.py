"""What the page has of the last days and never came here: messages, and comments under its newest posts."""

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

_COMMENTS = (
    "id,permalink_url,comments.filter(stream).order(reverse_chronological).limit(100)"
    "{id,message,created_time,from,parent,permalink_url}"
)


def missing_since(account: ChannelAccount, moment: datetime) -> Iterator[Missed]:
    page = account.address
    yield from missed_messages(account, moment, page=page, platform="messenger")
    path = f"{page}/feed"
    for comment in missed_comments(account, moment, path=path, fields=_COMMENTS, platform="messenger"):
        at, parent = moment_of(comment), comment.get("parent") or {}
        post = str(comment["post"].get("id", ""))
        value = {
            "item": "comment",
            "verb": "add",
            "comment_id": comment["id"],
            "post_id": post,
            "parent_id": parent.get("id") or post,
            "from": comment.get("from"),
            "message": comment.get("message") or "",
            "permalink_url": comment.get("permalink_url") or "",
            "created_time": int(at.timestamp()),
        }
        yield call_of_comment(account, "messenger", "feed", value, at)
