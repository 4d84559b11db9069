"""What the list shows of a conversation, counted from its messages: the one rule for it."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from parcours.core.text import one_line
from parcours.inbox.enums import AuthorKind, Direction
from parcours.inbox.models import Attachment, Message
from parcours.inbox.writes.common import PREVIEW


@dataclass(frozen=True, slots=True)
class Said:
    """`automatic` was written by a machine, ours or theirs; `file` is the first one's name."""

    at: datetime
    direction: str
    author_kind: str
    text: str
    automatic: bool
    file: str = ""

    @property
    def is_courtesy(self) -> bool:
        """An automatic answer of ours: it counts, and the list goes on showing what the customer wants."""
        return self.automatic and self.direction == Direction.OUT


@dataclass(frozen=True, slots=True)
class Counted:
    """`unanswered_since` is when the customer wrote first after the last reply; empty when nothing waits."""

    messages: int = 0
    last_at: datetime | None = None
    preview: str = ""
    preview_direction: str = ""
    last_customer_at: datetime | None = None
    first_reply_at: datetime | None = None
    last_reply: Said | None = None
    unanswered_since: datetime | None = None


def count(said: Sequence[Said]) -> Counted:
    """`said` in the order in which it is read."""
    shown = [each for each in said if not each.is_courtesy] or list(said)
    if not shown:
        return Counted()
    last = shown[-1]
    asked = [each for each in said if each.direction == Direction.IN and not each.automatic]
    replies = [
        each
        for each in said
        if each.direction == Direction.OUT and each.author_kind != AuthorKind.BOT and not each.automatic
    ]
    open_questions = [each.at for each in asked if not replies or each.at > replies[-1].at]
    return Counted(
        messages=len(said),
        last_at=last.at,
        preview=one_line(last.text)[:PREVIEW] or last.file,
        preview_direction=last.direction,
        last_customer_at=asked[-1].at if asked else None,
        first_reply_at=replies[0].at if replies else None,
        last_reply=replies[-1] if replies else None,
        unanswered_since=open_questions[0] if open_questions else None,
    )


def said_in(conversation_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[Said]]:
    """By conversation what both sides said, in the order in which it is read; two queries for all."""
    rows = (
        Message.objects.filter(conversation__in=list(conversation_ids))
        .filter(direction__in=[Direction.IN, Direction.OUT])
        .order_by("at", "id")
        .values_list("conversation_id", "pk", "at", "direction", "author_kind", "text", "payload__automatic")
    )
    found: dict[uuid.UUID, list[tuple[Any, ...]]] = defaultdict(list)
    for talk, *facts in rows.iterator(chunk_size=1_000):
        found[talk].append(tuple(facts))
    files = _first_files([facts[0] for every in found.values() for facts in every if not facts[4].strip()])
    return {
        talk: [
            Said(at, direction, author, text[: PREVIEW * 4], bool(automatic), files.get(pk, ""))
            for pk, at, direction, author, text, automatic in found[talk]
        ]
        for talk in conversation_ids
    }


def _first_files(message_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    rows = Attachment.objects.filter(message__in=list(message_ids)).order_by("-id")
    return dict(rows.values_list("message_id", "name"))
