"""What is due of a conversation, as the list and the conversation's head say it."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from parcours.core.clock import now
from parcours.core.formats import span
from parcours.inbox.shapes import ConversationRow
from parcours.inbox.targets.enums import Metric
from parcours.inbox.targets.reads import state_of

_TONES = {"due": "", "warned": "warn", "late": "bad"}


@dataclass(frozen=True, slots=True)
class DueMark:
    """`tone` is the tag's class; `title` says what is due, and when exactly."""

    text: str
    tone: str
    title: str
    at: datetime


def due_mark(row: ConversationRow, zone: str) -> DueMark | None:
    """None where nothing is due."""
    state = state_of(row, now())
    if not state or row.due_at is None:
        return None
    seconds = abs((row.due_at - now()).total_seconds())
    words = _("late by {time}") if state == "late" else _("due in {time}")
    when = date_format(row.due_at.astimezone(ZoneInfo(zone)), "DATETIME_FORMAT")
    title = _("{what}: due {when}").format(what=_metric(row).label, when=when)
    return DueMark(words.format(time=span(seconds)), _TONES[state], title, row.due_at)


def _metric(row: ConversationRow) -> Metric:
    """Which of them is due first."""
    if row.due_at == row.first_reply_due:
        return Metric.FIRST_REPLY
    return Metric.NEXT_REPLY if row.due_at == row.next_reply_due else Metric.RESOLUTION
