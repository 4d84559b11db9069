"""When somebody answers, and how soon an answer has come lately."""

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from statistics import quantiles
from zoneinfo import ZoneInfo

from parcours.core.clock import now
from parcours.inbox.models import ChannelAccount, Conversation

LATELY = timedelta(days=14)
ENOUGH = 10
"""Answered conversations without which nothing is promised."""
_MOST = 500
_DAYS = (("mon", "lun"), ("tue", "mar"), ("wed", "mer"), ("thu", "jeu"), ("fri", "ven"), ("sat", "sam"),
         ("sun", "dim"))  # fmt: skip
_NUMBER = {name: number for number, names in enumerate(_DAYS) for name in names}
_SPAN = re.compile(
    r"(?P<first>[a-z]{3})\w*(?:\s*[-–]\s*(?P<last>[a-z]{3})\w*)?\s+"
    r"(?P<from>\d{1,2})[:h](?P<from_minutes>\d{2})?\s*[-–]\s*(?P<to>\d{1,2})[:h](?P<to_minutes>\d{2})?"
)


@dataclass(frozen=True, slots=True)
class Opening:
    """Does somebody answer now; else when again (in the brand's time zone), as far as the hours tell."""

    is_open: bool
    again_at: datetime | None = None


def opening(account: ChannelAccount, moment: datetime) -> Opening:
    """By the account's own hours; without any somebody answers at any time."""
    spans = spans_of(str(account.settings.get("hours", "")))
    if not spans:
        return Opening(True)
    here = moment.astimezone(ZoneInfo(account.brand.time_zone))
    for ahead in range(8):
        day = here.date() + timedelta(days=ahead)
        for begin, end in sorted(spans.get(day.weekday(), ())):
            start = datetime.combine(day, begin, here.tzinfo)
            if ahead == 0 and begin <= here.time() < end:
                return Opening(True)
            if start > here:
                return Opening(False, start)
    return Opening(False)


def unreadable(text: str) -> list[str]:
    """The lines that say nothing."""
    return [line for line in text.splitlines() if line.strip() and not spans_of(line)]


def spans_of(text: str) -> dict[int, list[tuple[time, time]]]:
    """By weekday (Monday is 0). A line that can't be read says nothing."""
    spans: dict[int, list[tuple[time, time]]] = {}
    for line in text.lower().splitlines():
        found = _SPAN.fullmatch(line.strip())
        if found is None or found["first"] not in _NUMBER or (found["last"] or "mon") not in _NUMBER:
            continue
        begin, end = _time(found["from"], found["from_minutes"]), _time(found["to"], found["to_minutes"])
        if begin is None or end is None or begin >= end:
            continue
        first = _NUMBER[found["first"]]
        last = _NUMBER[found["last"]] if found["last"] else first
        for step in range((last - first) % 7 + 1):
            spans.setdefault((first + step) % 7, []).append((begin, end))
    return spans


def usual_wait(account: ChannelAccount) -> timedelta | None:
    """Three of four first answers lately came within this; None without enough of them."""
    rows = Conversation.objects.filter(
        account=account, created_at__gte=now() - LATELY, first_reply_at__isnull=False
    )
    answered = rows.order_by("-created_at").values_list("created_at", "first_reply_at")[:_MOST]
    waits = [max((replied - began).total_seconds(), 0) for began, replied in answered if replied]
    return timedelta(seconds=quantiles(waits, n=4)[2]) if len(waits) >= ENOUGH else None


def _time(hours: str, minutes: str | None) -> time | None:
    hour, minute = int(hours), int(minutes or 0)
    if (hour, minute) == (24, 0):
        return time.max
    return time(hour, minute) if hour < 24 and minute < 60 else None
