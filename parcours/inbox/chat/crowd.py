"""How busy those are who answer the chat: known where people say that they are there."""

import uuid
from dataclasses import dataclass
from datetime import timedelta
from statistics import median

from django.db.models import Q

from parcours.core.clock import now
from parcours.inbox.chat.hours import ENOUGH, LATELY
from parcours.inbox.enums import ConversationStatus
from parcours.inbox.models import ChannelAccount, Conversation
from parcours.inbox.routing.fitting import Able
from parcours.inbox.routing.floor import floor_of, online
from parcours.inbox.routing.load import waiting

KIND = "chat"
_MOST = 500


@dataclass(frozen=True, slots=True)
class Crowd:
    """Everybody is busy: `place` is whose turn comes then, from 1; `wait` how long that usually takes, where
    enough chats were closed lately to tell.
    """

    place: int
    wait: timedelta | None = None


def crowd(account: ChannelAccount, conversation: Conversation | None = None) -> Crowd | None:
    """Of a conversation, or of one that would begin now. None while somebody has room, and where nobody has
    said that they are there.
    """
    people = online(account.brand_id)
    if not people:
        return None
    floor = floor_of(account.brand, people)
    line = floor.line_of(conversation.queue_id if conversation else None)
    agents = [each for each in floor.agents if line is None or line.id in each.queues]
    slots = sum(_slots(each) for each in agents)
    if not slots or any(each.has_room_for(KIND) for each in agents):
        return None
    ahead = _ahead(account.brand_id, line.id if line else None, floor.default, conversation)
    lasts = _lasts(account)
    return Crowd(ahead + 1, lasts * (ahead + 1) / slots if lasts is not None else None)


def _slots(able: Able) -> int:
    """How many chats somebody takes at a time."""
    if able.kinds and KIND not in able.kinds:
        return 0
    return min(able.most.get(KIND, able.capacity), able.capacity)


def _ahead(
    brand_id: uuid.UUID,
    queue_id: uuid.UUID | None,
    default: uuid.UUID | None,
    conversation: Conversation | None,
) -> int:
    """How many chats wait in the same queue, and longer."""
    rows = waiting(brand_id).filter(account__kind=KIND)
    there = Q(queue_id=queue_id)
    rows = rows.filter(there | Q(queue_id=None) if queue_id == default else there)
    if conversation is None:
        return rows.count()
    rows = rows.exclude(pk=conversation.pk)
    since = conversation.waiting_since
    return rows.filter(waiting_since__lt=since).count() if since is not None else rows.count()


def _lasts(account: ChannelAccount) -> timedelta | None:
    """How long a chat keeps somebody: half of those closed lately took longer."""
    rows = Conversation.objects.filter(
        account=account,
        status=ConversationStatus.CLOSED,
        closed_at__gte=now() - LATELY,
        first_reply_at__isnull=False,
    )
    told = rows.order_by("-closed_at").values_list("first_reply_at", "closed_at")[:_MOST]
    spans = [(closed - began).total_seconds() for began, closed in told if began and closed]
    return timedelta(seconds=max(median(spans), 0)) if len(spans) >= ENOUGH else None
