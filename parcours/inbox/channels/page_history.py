"""Holds a page or profile at Meta against what came of it: messages and comments that never came here.

What Meta has is told as the calls that would have told of it. It tells neither steps nor reactions.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import Q

from parcours.core.clock import now
from parcours.inbox.channels import graph
from parcours.inbox.channels.base import Missed
from parcours.inbox.channels.erased import is_erased
from parcours.inbox.channels.public import is_conversation
from parcours.inbox.enums import Direction
from parcours.inbox.models import ChannelAccount, Contact, Message

ON_ITS_WAY = timedelta(minutes=10)
"""What is younger may still be told of by a call."""
MOST_PAGES = 20
_ATTACHED = "attachments{id,mime_type,name,image_data,video_data,file_url}"
_MESSAGES = f"id,created_time,from,to,message,{_ATTACHED}"
_POSTS_AT_ONCE = "25"

Told = Mapping[str, Any]


def missed_messages(
    account: ChannelAccount, moment: datetime, *, page: str, platform: str
) -> Iterator[Missed]:
    """Of conversations in which something was said since then; `page` is what Meta calls their owner."""
    own = _Own.of(account, platform)
    fields = f"id,updated_time,messages.limit(25){{{_MESSAGES}}}"
    query = {"platform": platform, "fields": fields, "limit": "25"}
    for some in _pages(account, f"{page}/conversations", query):
        lately = [each for each in some if (_moment(each.get("updated_time")) or moment) >= moment]
        for conversation in lately:
            said = _messages(account, conversation, moment)
            for each in _unknown(account, [one for one in said if _is_due(account, one, moment)]):
                told = _as_event(account, each, own)
                if told is not None:
                    yield Missed(_call(account, platform, {"messaging": [told]}))
        if len(lately) < len(some):
            return


def missed_comments(
    account: ChannelAccount, moment: datetime, *, path: str, fields: str, platform: str
) -> Iterator[Told]:
    """Comments of others since then that aren't here, each with the `post` that it stands under.

    Where comments are feedback only, nothing here says which of them came, so none is asked for.
    """
    if not is_conversation(account):
        return
    own = _Own.of(account, platform)
    for posts in _pages(account, path, {"fields": fields, "limit": _POSTS_AT_ONCE}, most=4):
        for post in posts:
            found = [each for top in _inner(post, "comments") for each in (top, *_inner(top, "replies"))]
            due = [each for each in found if _is_due(account, each, moment) and not own.wrote(each)]
            for comment in _unknown(account, due):
                yield {**comment, "post": post}


def call_of_comment(account: ChannelAccount, platform: str, field: str, value: Told, at: datetime) -> Missed:
    change = {"field": field, "value": value}
    return Missed(_call(account, platform, {"changes": [change]}, at))


def moment_of(told: Told) -> datetime:
    return _moment(told.get("created_time") or told.get("timestamp")) or now()


@dataclass(frozen=True, slots=True)
class _Own:
    """What Meta calls us: on Instagram, ids differ from place to place, the name doesn't."""

    id: str
    name: str

    @classmethod
    def of(cls, account: ChannelAccount, platform: str) -> "_Own":
        if platform != "instagram":
            return cls(account.address, "")
        told = graph.graph(account, account.address, query={"fields": "username"})
        return cls(account.address, str(told.get("username", "")))

    def wrote(self, told: Told) -> bool:
        sender = _from(told)
        name = sender.get("username") or told.get("username")
        return str(sender.get("id", "")) == self.id or bool(self.name and name == self.name)


def _pages(
    account: ChannelAccount, path: str, query: Mapping[str, str], *, most: int = MOST_PAGES
) -> Iterator[list[Told]]:
    asked = dict(query)
    for _page in range(most):
        answer = graph.graph(account, path, query=asked)
        yield list(graph.items(answer, "data"))
        after = _after(answer)
        if not after:
            return
        asked["after"] = after


def _after(answer: Told) -> str:
    """Where the next page begins; empty where there is none."""
    paging = answer.get("paging")
    if not isinstance(paging, Mapping) or not paging.get("next"):
        return ""
    cursors = paging.get("cursors")
    return str(cursors.get("after", "")) if isinstance(cursors, Mapping) else ""


def _messages(account: ChannelAccount, conversation: Told, moment: datetime) -> Iterator[Told]:
    """Of a conversation, the newest first, until before that moment."""
    inner = conversation.get("messages")
    inner = inner if isinstance(inner, Mapping) else {}
    first = graph.items(inner, "data")
    yield from first
    after = _after(inner)
    if after and first and moment_of(first[-1]) >= moment:
        query = {"fields": _MESSAGES, "limit": "100", "after": after}
        for some in _pages(account, f"{conversation.get('id')}/messages", query, most=5):
            yield from some
            if not some or moment_of(some[-1]) < moment:
                return


def _is_due(account: ChannelAccount, told: Told, moment: datetime) -> bool:
    return max(moment, account.created_at) <= moment_of(told) <= now() - ON_ITS_WAY


def _unknown(account: ChannelAccount, told: Sequence[Told]) -> list[Told]:
    """The oldest first: those that no message bears, of people who aren't blocked."""
    ids = [str(each.get("id", "")) for each in told]
    rows = Message.objects.filter(account=account, external_id__in=ids)
    known = set(rows.values_list("external_id", flat=True)) | _parts_of_ours(account, ids)
    senders = [str(_from(each).get("id", "")) for each in told]
    blocked = Contact.objects.filter(account=account, external_id__in=senders).exclude(blocked_at=None)
    refused = set(blocked.values_list("external_id", flat=True))
    new = [
        each
        for each, name, sender in zip(told, ids, senders, strict=True)
        if name
        and name not in known
        and sender not in refused
        and not is_erased(account, sender, moment_of(each))
    ]
    return sorted(new, key=moment_of)


def _parts_of_ours(account: ChannelAccount, ids: Iterable[str]) -> set[str]:
    """Messages that left as several: files one by one, then the words."""
    wanted = [Q(payload__sent_as__contains=[each]) for each in ids if each]
    if not wanted:
        return set()
    either = wanted[0]
    for each in wanted[1:]:
        either |= each
    rows = Message.objects.filter(either, account=account, direction=Direction.OUT)
    return {name for payload in rows.values_list("payload", flat=True) for name in payload["sent_as"]}


def _as_event(account: ChannelAccount, told: Told, own: _Own) -> dict[str, Any] | None:
    """As in a call; None where nobody else is named in it."""
    written_by_us = own.wrote(told)
    other = next(iter(_inner(told, "to")), {}) if written_by_us else _from(told)
    customer = str(other.get("id", ""))
    if not customer or customer == own.id:
        return None
    message: dict[str, Any] = {"mid": told.get("id"), "text": told.get("message") or ""}
    attachments = [each for each in map(_attachment, _inner(told, "attachments")) if each]
    if attachments:
        message["attachments"] = attachments
    if written_by_us:
        message["is_echo"] = True
    ends = (account.address, customer) if written_by_us else (customer, account.address)
    return {
        "sender": {"id": ends[0]},
        "recipient": {"id": ends[1]},
        "timestamp": int(moment_of(told).timestamp() * 1000),
        "message": message,
    }


def _attachment(told: Told) -> dict[str, Any] | None:
    for name, kind in (("image_data", "image"), ("video_data", "video")):
        data = told.get(name)
        if isinstance(data, Mapping) and data.get("url"):
            return {"type": kind, "payload": {"url": data["url"]}}
    if not told.get("file_url"):
        return None
    kind = "audio" if str(told.get("mime_type", "")).startswith("audio/") else "file"
    return {"type": kind, "payload": {"url": told["file_url"]}}


def _call(
    account: ChannelAccount, platform: str, entry: Mapping[str, Any], at: datetime | None = None
) -> bytes:
    kind = "instagram" if platform == "instagram" else "page"
    when = {"time": int(at.timestamp())} if at else {}
    return json.dumps({"object": kind, "entry": [{"id": account.address, **when, **entry}]}).encode()


def _from(told: Told) -> Told:
    sender = told.get("from")
    return sender if isinstance(sender, Mapping) else {}


def _inner(told: Told, name: str) -> list[Told]:
    """A list inside, as Meta nests them: in `data`."""
    inner = told.get(name)
    return list(graph.items(inner, "data")) if isinstance(inner, Mapping) else []


def _moment(text: object) -> datetime | None:
    try:
        found = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
