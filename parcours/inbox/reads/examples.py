"""What colleagues said of conversations: examples to learn from."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Q

from parcours.core.clock import now
from parcours.inbox.enums import ConversationStatus, Direction, PlacedBy
from parcours.inbox.models import Conversation, Message

MOST = 2_000
FIRST_MESSAGES = 3
AT_ONCE = 200
CLOSED_LATELY = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Example:
    """A conversation whose topic a colleague named; `text` is what the customer wrote first."""

    message_id: uuid.UUID
    topic: str
    text: str


@dataclass(frozen=True, slots=True)
class ToPlace:
    """A conversation that nobody placed yet: what it says and where it came from."""

    id: uuid.UUID
    kind: str
    text: str
    context: dict[str, object]
    customer_id: int | None


def examples(brand_id: uuid.UUID) -> list[Example]:
    """The newest corrections, at most 2,000."""
    named = Conversation.objects.filter(brand_id=brand_id, topic_by=PlacedBy.PERSON).exclude(topic="")
    topics = dict(named.order_by("-last_message_at").values_list("pk", "topic")[:MOST])
    said = first_words(topics)
    return [
        Example(message_id, topics[conversation_id], text)
        for conversation_id, (message_id, text) in said.items()
    ]


def to_place(brand_id: uuid.UUID, *, most: int = AT_ONCE) -> list[ToPlace]:
    """Conversations without a word about their stage or topic, the newest first: open ones, and those that
    were closed before anybody looked.
    """
    wanted = ~Q(status=ConversationStatus.CLOSED) | Q(created_at__gte=now() - CLOSED_LATELY)
    rows = (
        Conversation.objects.filter(wanted, brand_id=brand_id, merged_into=None, looked_at=None)
        .select_related("account")
        .order_by("-created_at")[:most]
    )
    found = {row.pk: row for row in rows}
    said = first_words(found)
    return [
        ToPlace(
            pk, row.account.kind, said[pk][1] if pk in said else row.subject, row.context, row.customer_id
        )
        for pk, row in found.items()
    ]


def first_words(conversation_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, tuple[uuid.UUID, str]]:
    """By conversation, the id of its first message and what the customer wrote first, in one query."""
    rows = (
        Message.objects.filter(conversation__in=list(conversation_ids), direction=Direction.IN)
        .exclude(text="")
        .order_by("conversation", "at", "id")
        .values_list("conversation_id", "pk", "text")
    )
    found: dict[uuid.UUID, tuple[uuid.UUID, str]] = {}
    counts: dict[uuid.UUID, int] = {}
    for conversation_id, message_id, text in rows.iterator(chunk_size=1000):
        counts[conversation_id] = counts.get(conversation_id, 0) + 1
        if counts[conversation_id] == 1:
            found[conversation_id] = (message_id, text)
        elif counts[conversation_id] <= FIRST_MESSAGES:
            first, before = found[conversation_id]
            found[conversation_id] = (first, f"{before} {text}")
    return found
