"""When somebody answers, and how soon an answer has come lately."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import quantiles
from zoneinfo import ZoneInfo

from parcours.core.clock import now
from parcours.inbox.hours.arithmetic import next_opening
from parcours.inbox.hours.reads import hours_of
from parcours.inbox.models import ChannelAccount, Conversation

LATELY = timedelta(days=14)
ENOUGH = 10
"""Answered conversations without which nothing is promised."""
_MOST = 500


@dataclass(frozen=True, slots=True)
class Opening:
    """Does somebody answer now; else when again (by the clock of the hours), as far as they tell."""

    is_open: bool
    again_at: datetime | None = None


def opening(account: ChannelAccount, moment: datetime) -> Opening:
    """By the account's own hours, else the brand's; without any somebody answers at any time."""
    hours = hours_of(account, brand_id=account.brand_id)
    again = next_opening(hours, moment)
    if again is None:
        return Opening(False)
    if again <= moment:
        return Opening(True)
    return Opening(False, again.astimezone(ZoneInfo(hours.time_zone)))


def usual_wait(account: ChannelAccount) -> timedelta | None:
    """Three of four first answers lately came within this; None without enough of them."""
    rows = Conversation.objects.filter(
        account=account, created_at__gte=now() - LATELY, first_reply_at__isnull=False
    )
    answered = rows.order_by("-created_at").values_list("created_at", "first_reply_at")[:_MOST]
    waits = [max((replied - began).total_seconds(), 0) for began, replied in answered if replied]
    return timedelta(seconds=quantiles(waits, n=4)[2]) if len(waits) >= ENOUGH else None
