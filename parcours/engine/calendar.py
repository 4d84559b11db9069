"""Calendar periods: the days, weeks (from Monday), months, quarters and years that moments fall in."""

from datetime import date, datetime
from typing import Any, Literal

import numpy as np

from parcours.engine.arrays import Int64s
from parcours.engine.arrow import arrow, as_numpy, compute, numbers
from parcours.engine.errors import QuestionError, TimesError
from parcours.engine.moments import DAY_US
from parcours.engine.words import gettext as _

Period = Literal["day", "week", "month", "quarter", "year"]
PERIODS = ("day", "week", "month", "quarter", "year")
# 1970 began on a Thursday, the fourth day of its week.
_THURSDAY = 3


def local_microseconds(time: Int64s, timezone: str | None) -> Int64s:
    """Clock times in a zone as if they were UTC; `time` itself without a zone. Raises TimesError."""
    if timezone is None or timezone.upper() == "UTC":
        return time
    pa: Any = arrow()
    try:
        placed = numbers(time, pa.timestamp("us", "UTC")).cast(pa.timestamp("us", timezone))
        local: Int64s = as_numpy(compute().local_timestamp(placed).cast(pa.int64()))
    except pa.ArrowException as error:
        raise TimesError(
            _("“{zone}” is not a known time zone. Name it like “Europe/Paris”.").format(zone=timezone)
        ) from error
    return local


def number_of(local: Int64s, period: str) -> Int64s:
    """The number of the period each moment falls in, counted from 1970. Raises QuestionError."""
    if period not in PERIODS:
        raise QuestionError(
            _("“{period}” is not a period. Known: {periods}.").format(
                period=period, periods=", ".join(PERIODS)
            )
        )
    days: Int64s = np.floor_divide(local, DAY_US)
    if period == "day" or not len(days):
        return days
    # There are few days and many events.
    first = int(days.min())
    found: Int64s = _number_of_day(np.arange(first, int(days.max()) + 1), period)[days - first]
    return found


def _number_of_day(days: Int64s, period: str) -> Int64s:
    if period == "week":
        return np.floor_divide(days + _THURSDAY, 7)
    months = days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    return np.floor_divide(months, {"month": 1, "quarter": 3, "year": 12}[period])


def first_day(number: int, period: str) -> date:
    """The day a period begins with."""
    if period == "day":
        return _date(np.datetime64(number, "D"))
    if period == "week":
        return _date(np.datetime64(number * 7 - _THURSDAY, "D"))
    return _date(np.datetime64(number * {"month": 1, "quarter": 3, "year": 12}[period], "M"))


def _date(moment: np.datetime64) -> date:
    found = moment.astype("datetime64[D]").astype(datetime)
    return date(found.year, found.month, found.day)
