"""Durations and moments as people write them, in microseconds."""

import re
from datetime import UTC, date, datetime, timedelta
from math import isnan

from parcours.engine.errors import QuestionError
from parcours.engine.words import gettext as _

MICROSECOND = timedelta(microseconds=1)
SECOND_US = 1_000_000
DAY_US = 86_400 * SECOND_US
FOREVER = 2**63 - 1

_UNITS = {
    "us": 1,
    "ms": 1_000,
    "s": SECOND_US,
    "sec": SECOND_US,
    "m": 60 * SECOND_US,
    "min": 60 * SECOND_US,
    "h": 3_600 * SECOND_US,
    "d": DAY_US,
    "w": 7 * DAY_US,
}
_PART = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([a-z]+)\s*", re.IGNORECASE)

Duration = str | timedelta | int | float
Moment = str | datetime | date | int


def microseconds(duration: Duration) -> int:
    """“7d”, “1h 30min”, “45s”, “2w”, a timedelta, or a number of seconds, as microseconds.

    Raises QuestionError when it cannot be read or is negative. Zero is a duration.
    """
    if isinstance(duration, timedelta):
        length = duration // MICROSECOND
    elif isinstance(duration, bool) or (isinstance(duration, float) and isnan(duration)):
        raise QuestionError(_unreadable(duration))
    elif isinstance(duration, int | float):
        length = round(max(min(duration * SECOND_US, FOREVER), -1))
    else:
        length = _parse(duration)
    if length < 0:
        raise QuestionError(_("A duration cannot be negative: {duration}.").format(duration=duration))
    return min(length, FOREVER)


def _parse(text: str) -> int:
    total, position = 0.0, 0
    while position < len(text):
        part = _PART.match(text, position)
        unit = _UNITS.get(part[2].lower()) if part else None
        if part is None or unit is None:
            raise QuestionError(_unreadable(text))
        total += float(part[1]) * unit
        position = part.end()
    if not text.strip():
        raise QuestionError(_unreadable(text))
    return round(min(total, FOREVER))


def _unreadable(duration: object) -> str:
    return _("“{text}” is not a duration. Write it like “45s”, “30min”, “3h”, “7d” or “2w”.").format(
        text=duration
    )


def moment(value: Moment) -> int:
    """Microseconds since 1970 in UTC of a datetime or date (naive is UTC), ISO text, or microseconds."""
    if isinstance(value, int):
        return value
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError as error:
            raise QuestionError(
                _("“{text}” is not a moment. Write it like “2026-03-01T08:00:00Z”.").format(text=value)
            ) from error
    if not isinstance(value, datetime):
        value = datetime(value.year, value.month, value.day, tzinfo=UTC)
    if value.tzinfo is None:
        value = value.replace(tzinfo=UTC)
    return (value - datetime(1970, 1, 1, tzinfo=UTC)) // MICROSECOND


def as_datetime(microseconds_utc: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=microseconds_utc)
