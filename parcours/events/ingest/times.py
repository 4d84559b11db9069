"""When an event happened, by our clock."""

from datetime import datetime, timedelta
from typing import NamedTuple

CLOCKS_AGREE = timedelta(seconds=5)
"""Within it a difference is the way through the network and not a wrong clock."""
_NEVER = timedelta(0)


class Moment(NamedTuple):
    """`from_the_future`: it would have been later than it arrived, and was moved there."""

    at: datetime
    from_the_future: bool = False


def happened_at(timestamp: datetime | None, *, sent_at: datetime | None, received_at: datetime) -> Moment:
    """The moment that the sender's clock showed, moved by how wrong that clock was when it sent.

    An event without a time happened when it arrived, and none happened later than that.
    """
    if timestamp is None:
        return Moment(received_at)
    wrong = received_at - sent_at if sent_at is not None else _NEVER
    corrected = timestamp + wrong if abs(wrong) > CLOCKS_AGREE else timestamp
    if corrected > received_at:
        return Moment(received_at, corrected - received_at > CLOCKS_AGREE)
    return Moment(corrected)
