"""What counts as work that somebody has now."""

import uuid
from collections.abc import Collection
from datetime import timedelta

from django.db.models import Count, Q, QuerySet

from parcours.core.clock import now
from parcours.inbox.enums import ConversationStatus
from parcours.inbox.models import Conversation
from parcours.inbox.waiting import NOT_SPAM, WAITING

IDLE_AFTER = timedelta(hours=1)
"""A conversation that was answered keeps its agent busy so long; then it counts again when the customer
writes. Whoever never closes conversations gets new ones all the same.
"""


def work(brand_id: uuid.UUID) -> QuerySet[Conversation]:
    """Open conversations in which a customer wrote: no automatic mails, no spam."""
    return Conversation.objects.filter(
        NOT_SPAM,
        brand_id=brand_id,
        status=ConversationStatus.OPEN,
        merged_into=None,
        last_customer_at__isnull=False,
    )


def waiting(brand_id: uuid.UUID) -> QuerySet[Conversation]:
    """Those that wait for somebody, the next one first: urgent ones, then what is due, then who waits
    longest. Their index is in this order. Those of blocked contacts are among them.
    """
    rows = work(brand_id).filter(WAITING, assignee=None)
    return rows.order_by("-priority", "due_at", "waiting_since", "id")


def loads(brand_id: uuid.UUID, people: Collection[uuid.UUID]) -> dict[uuid.UUID, dict[str, int]]:
    """By person and kind of channel, however they got them; in one query."""
    busy = Q(waiting_since__isnull=False) | Q(last_message_at__gt=now() - IDLE_AFTER)
    rows = work(brand_id).filter(busy, assignee__in=list(people), contact__blocked_at=None).order_by()
    found: dict[uuid.UUID, dict[str, int]] = {}
    for person, kind, number in rows.values_list("assignee_id", "account__kind").annotate(Count("pk")):
        found.setdefault(person, {})[kind] = number
    return found
