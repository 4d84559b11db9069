"""What whoever leads the team looks at: what presses most, and what was done today."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from django.db.models import Count, F, Q

from parcours.core.clock import now
from parcours.inbox.enums import AuthorKind, ConversationStatus, Direction
from parcours.inbox.models import Conversation, Message
from parcours.inbox.reads.conversations import row_view
from parcours.inbox.shapes import ConversationRow
from parcours.inbox.waiting import NOT_SPAM, WAITING, late_at

MOST_PRESSING = 30
SOON = timedelta(minutes=15)
_ALL = list(ConversationStatus.values)


@dataclass(frozen=True, slots=True)
class Pressing:
    """A conversation in which a customer waits. `due_at` is when its next target ends, if it has any."""

    row: ConversationRow
    queue_id: uuid.UUID | None
    due_at: datetime | None

    @property
    def is_late(self) -> bool:
        return self.due_at is not None and self.due_at <= now()

    @property
    def is_due_soon(self) -> bool:
        return self.due_at is not None and not self.is_late and self.due_at <= now() + SOON


@dataclass(frozen=True, slots=True)
class Today:
    """Since midnight. `first_reply` is the median of seconds from a conversation's start to a person's first
    reply, of those first replies that were given today.
    """

    began: int
    answered: int
    closed: int
    first_reply: float | None


def pressing(brand_id: uuid.UUID, most: int = MOST_PRESSING) -> tuple[Pressing, ...]:
    """The late ones first, then what is due next, then whoever waits longest."""
    rows = Conversation.objects.filter(WAITING | late_at(now()), brand_id=brand_id, merged_into=None)
    found = rows.select_related("account", "contact", "assignee").order_by(
        F("due_at").asc(nulls_last=True), "waiting_since", "id"
    )
    return tuple(Pressing(row_view(row), row.queue_id, row.due_at) for row in found[:most])


def late_by_queue(brand_id: uuid.UUID) -> dict[uuid.UUID | None, tuple[int, int]]:
    """By queue how many are beyond a target, and how many will be within 15 minutes."""
    moment = now()
    rows = Conversation.objects.filter(late_at(moment + SOON), brand_id=brand_id, merged_into=None).order_by()
    counted = rows.values_list("queue_id").annotate(
        late=Count("pk", filter=Q(due_at__lte=moment)), soon=Count("pk", filter=Q(due_at__gt=moment))
    )
    return {queue: (late, soon) for queue, late, soon in counted}


def today(brand_id: uuid.UUID, midnight: datetime) -> Today:
    rows = Conversation.objects.filter(NOT_SPAM, brand_id=brand_id, merged_into=None, status__in=_ALL)
    closed = rows.filter(closed_at__gte=midnight, status=ConversationStatus.CLOSED)
    replied = rows.filter(last_message_at__gte=midnight, first_reply_at__gte=midnight)
    seconds = [
        (first - began).total_seconds()
        for began, first in replied.values_list("created_at", "first_reply_at")
        if first is not None
    ]
    return Today(
        began=rows.filter(created_at__gte=midnight).count(),
        answered=sum(answered_by(brand_id, midnight).values()),
        closed=closed.count(),
        first_reply=median(seconds) if seconds else None,
    )


def answered_by(brand_id: uuid.UUID, midnight: datetime) -> dict[uuid.UUID, int]:
    """How many conversations each colleague answered since then."""
    rows = Message.objects.filter(
        conversation__brand_id=brand_id,
        conversation__status__in=_ALL,
        conversation__last_message_at__gte=midnight,
        direction=Direction.OUT,
        author_kind=AuthorKind.PERSON,
        author__isnull=False,
        at__gte=midnight,
    )
    return dict(rows.order_by().values_list("author_id").annotate(Count("conversation", distinct=True)))
