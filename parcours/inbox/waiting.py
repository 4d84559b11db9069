"""Which conversations are the team's to answer: one rule, for the list, its counts, the wall and the map.

What is tagged `spam` is nobody's question: no customer waits there, nothing of it is due, and neither the
wall nor the map counts it. Putting a conversation off stops no clock: what is due of it is due, and late when
that has passed. What is closed, spam, or a blocked contact's has no `due_at` (see `targets.needs`).
"""

import uuid
from collections.abc import Collection
from datetime import datetime

from django.db.models import Q

from parcours.inbox.enums import ConversationStatus
from parcours.inbox.models import STANDING

SPAM = "spam"
"""The tag of what takes nobody's time."""

NOT_SPAM = ~Q(tags__contains=[SPAM])
WAITING = NOT_SPAM & Q(status=ConversationStatus.OPEN, waiting_since__isnull=False)
DUE = STANDING & Q(due_at__isnull=False)


def late_at(moment: datetime) -> Q:
    """What is beyond its target, put off or not."""
    return STANDING & Q(due_at__lte=moment)


def no_home(stages: Collection[uuid.UUID]) -> Q:
    """What belongs to none of these stages, which are all that stand on a map. What was placed at a stage
    that was removed keeps its word, should the stage come back.
    """
    return NOT_SPAM & (Q(stage_id=None) | ~Q(stage_id__in=list(stages)))
