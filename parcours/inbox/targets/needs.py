"""What is due of a conversation, and when: pure, but for the hours and turns it is given."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from parcours.inbox.enums import ConversationStatus
from parcours.inbox.hours.arithmetic import (
    ALWAYS,
    Hours,
    NeverOpenError,
    add_business_time,
    business_time,
)
from parcours.inbox.models import Conversation
from parcours.inbox.targets.enums import Metric
from parcours.inbox.targets.models import Target
from parcours.inbox.targets.turns import Run
from parcours.inbox.waiting import SPAM


@dataclass(frozen=True, slots=True)
class Need:
    """Something that is due. `began_at` tells one waiting from the next."""

    metric: str
    began_at: datetime
    warn_at: datetime
    due_at: datetime


def needs_of(
    conversation: Conversation, target: Target, hours: Hours, runs: Sequence[Run] = ()
) -> list[Need]:
    """What is due now; nothing of a closed conversation, of spam and of blocked contacts, and no answer while
    it is the customer's turn.
    """
    if conversation.status == ConversationStatus.CLOSED or conversation.merged_into_id:
        return []
    if SPAM in conversation.tags or conversation.contact.blocked_at is not None:
        return []
    counted = hours if target.in_business_time else ALWAYS
    found: list[Need | None] = []
    if conversation.waiting_since is not None:
        waits = Run(max(conversation.waiting_since, conversation.created_at))
        if conversation.first_reply_at is None:
            found.append(_need(Metric.FIRST_REPLY, target.first_reply, target, counted, [waits]))
        else:
            found.append(_need(Metric.NEXT_REPLY, target.next_reply, target, counted, [waits]))
    if runs:
        found.append(_need(Metric.RESOLUTION, target.resolution, target, counted, runs))
    return [need for need in found if need is not None]


def _need(metric: str, minutes: int | None, target: Target, hours: Hours, runs: Sequence[Run]) -> Need | None:
    if not minutes or runs[-1].end is not None:
        return None
    span = timedelta(minutes=minutes)
    try:
        warn_at = reached(hours, runs, span * target.warn_at / 100)
        return Need(metric, runs[0].begin, warn_at, reached(hours, runs, span))
    except NeverOpenError:
        return None


def reached(hours: Hours, runs: Sequence[Run], span: timedelta) -> datetime:
    """When that much time has run, the last run going on for ever. Raises NeverOpenError."""
    left = span
    for run in runs[:-1]:
        worked = business_time(hours, run.begin, run.end or run.begin)
        if worked >= left:
            return add_business_time(hours, run.begin, left)
        left -= worked
    return add_business_time(hours, runs[-1].begin, left)
