"""Time counted while somebody works. Pure: no database, no clock.

A time of day means the first moment at which the clock of the place shows it, or has gone past it: so a span
that begins in the hour that is skipped in spring begins when the clock jumps, and one that ends in the hour
that comes twice in autumn ends the first time.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

Span = tuple[int, int]
"""Begin and end in minutes since midnight; an end beyond 1440 is on the next day."""

DAY = 24 * 60
HORIZON_DAYS = 800
"""For how long an opening is looked for."""
_A_DAY = timedelta(days=1)


class NeverOpenError(ValueError):
    """Hours that don't open within the horizon: nothing can be counted in them."""


@dataclass(frozen=True, slots=True)
class Hours:
    """`week` has the spans of Monday to Sunday; `exceptions` those of days that differ, none for a closed
    one. A span belongs to the day on which it begins.
    """

    time_zone: str
    week: tuple[tuple[Span, ...], ...]
    exceptions: Mapping[date, tuple[Span, ...]] = field(default_factory=dict, hash=False)

    def spans_on(self, day: date) -> tuple[Span, ...]:
        special = self.exceptions.get(day)
        return self.week[day.weekday()] if special is None else special

    @property
    def is_always(self) -> bool:
        return not self.exceptions and all(spans == ((0, DAY),) for spans in self.week)


ALWAYS = Hours("UTC", (((0, DAY),),) * 7)


def is_open(hours: Hours, moment: datetime) -> bool:
    begin, _end = next(_openings(hours, moment), (None, None))
    return begin is not None and begin <= moment


def next_opening(hours: Hours, moment: datetime) -> datetime | None:
    """The moment itself while somebody works; None when nobody ever does again. In UTC."""
    begin, _end = next(_openings(hours, moment), (None, None))
    return None if begin is None else max(begin, moment.astimezone(UTC))


def business_time(hours: Hours, begin: datetime, end: datetime) -> timedelta:
    """How much of the time between two moments somebody worked; nothing when the end is before the begin."""
    if hours.is_always:
        return max(end - begin, timedelta())
    return sum((closes - opens for opens, closes in worked(hours, begin, end)), timedelta())


def worked(hours: Hours, begin: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
    """The times between two moments in which somebody worked. In UTC."""
    for opens, closes in _openings(hours, begin):
        if opens >= end:
            break
        yield max(opens, begin.astimezone(UTC)), min(closes, end.astimezone(UTC))


def add_business_time(hours: Hours, moment: datetime, span: timedelta) -> datetime:
    """The first moment by which that much time has been worked since. In UTC. Raises NeverOpenError."""
    moment = moment.astimezone(UTC)
    if span <= timedelta() or hours.is_always:
        return moment + max(span, timedelta())
    left = span
    for opens, closes in _openings(hours, moment):
        begin = max(opens, moment)
        if closes - begin >= left:
            return begin + left
        left -= closes - begin
    raise NeverOpenError


def _openings(hours: Hours, moment: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Spans in UTC that end after the moment, in order, none overlapping another."""
    zone = ZoneInfo(hours.time_zone)
    day = moment.astimezone(zone).date() - 2 * _A_DAY
    done = datetime.min.replace(tzinfo=UTC)
    days_closed = 0
    while days_closed < HORIZON_DAYS:
        days_closed += 1
        for begin, end in sorted(hours.spans_on(day)):
            opens, closes = max(_shown(day, begin, zone), done), _shown(day, end, zone)
            if closes > max(opens, moment):
                yield opens, closes
                days_closed = 0
            done = max(done, closes)
        day += _A_DAY


def _shown(day: date, minute: int, zone: ZoneInfo) -> datetime:
    """When the clock of the zone first shows that minute of the day, or one after it. In UTC."""
    local = datetime.combine(day, time()) + timedelta(minutes=minute)
    by_clock_before = local.replace(tzinfo=zone).astimezone(UTC)
    by_clock_after = local.replace(tzinfo=zone, fold=1).astimezone(UTC)
    if by_clock_before <= by_clock_after:
        return by_clock_before
    # The clock skips this minute: it jumps somewhere between the two.
    too_early, jumped = by_clock_after, by_clock_before
    while jumped - too_early > timedelta(minutes=1):
        middle = too_early + timedelta(minutes=(jumped - too_early) // timedelta(minutes=2))
        if middle.astimezone(zone).replace(tzinfo=None) >= local:
            jumped = middle
        else:
            too_early = middle
    return jumped
