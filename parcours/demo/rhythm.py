"""When things happen at Foulée: seasons, weekdays, hours, and the shifts of the service team.

Times are seconds since 1970 in UTC; opening hours and rhythms are those of Paris.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from parcours.demo.arrays import Flags, Floats, Ints, Random

PARIS = ZoneInfo("Europe/Paris")
HOUR, DAY = 3_600, 86_400
DAYS = 365

_MONTHS = (1.15, 0.9, 1.1, 1.3, 1.35, 1.15, 0.85, 0.75, 1.4, 1.05, 1.1, 0.95)
"""January's good resolutions, spring races, a quiet August, the return to sport in September."""
_WEEKDAYS = (1.05, 0.95, 1.0, 0.95, 0.85, 0.95, 1.3)
_WEB_HOURS = (4, 2, 1, 1, 1, 2, 5, 10, 13, 14, 15, 16, 22, 20, 15, 14, 15, 18, 22, 27, 36, 38, 28, 13)
_DESK_HOURS = (0, 0, 0, 0, 0, 0, 0, 0, 0, 22, 26, 22, 14, 12, 18, 20, 20, 18, 14, 0, 0, 0, 0, 0)

CAMPAIGN = (58, 44)
"""Posters all over town: from and to, in days before today."""

OPENS, CLOSES = 9 * HOUR, 19 * HOUR
"""The service team works from Monday to Saturday."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """The year that is told: `DAYS` whole days in Paris that end with the midnight before `today`."""

    today: date
    start: int
    end: int
    _midnights: Ints
    _offsets: Ints

    @classmethod
    def until(cls, today: date) -> "Calendar":
        # Two years more, for customers from before and journeys that end later than the log.
        days = [today + timedelta(days=day) for day in range(-DAYS - 400, 801)]
        midnights = np.array([_midnight(day) for day in days], dtype=np.int64)
        noons = [datetime.combine(day, time(12), PARIS).utcoffset() for day in days]
        offsets = np.array([offset.total_seconds() if offset else 0 for offset in noons], dtype=np.int64)
        return cls(today, _midnight(today - timedelta(days=DAYS)), _midnight(today), midnights, offsets)

    def days_ago(self, days: float) -> int:
        return self.end - int(days * DAY)

    def local(self, moments: Ints) -> tuple[Ints, Ints]:
        """Weekday (0 is Monday) and seconds since midnight, in Paris."""
        position = np.searchsorted(self._midnights, moments, side="right") - 1
        clock = moments + self._offsets[position]
        return (clock // DAY + 3) % 7, clock % DAY

    def draw_days(self, random: Random, count: int) -> Ints:
        """Midnights of days of the year, busy days more often."""
        first = int(np.searchsorted(self._midnights, self.start))
        weights = np.array([_weight(self.today - timedelta(days=DAYS - day)) for day in range(DAYS)])
        weights[DAYS - CAMPAIGN[0] : DAYS - CAMPAIGN[1]] *= 1.8
        drawn: Ints = random.choice(DAYS, count, p=weights / weights.sum())
        return self._midnights[first + drawn]

    def at_web_hours(self, random: Random, moments: Ints) -> Ints:
        """The same days, at an hour at which people browse; never earlier than the moment itself."""
        return self._redraw(random, moments, _WEB_HOURS)

    def at_desk_hours(self, random: Random, moments: Ints) -> Ints:
        """The same days or the next working ones, at an hour at which the lines are open."""
        return self.next_open(self._redraw(random, moments, _DESK_HOURS))

    def _redraw(self, random: Random, moments: Ints, hours: tuple[int, ...]) -> Ints:
        weights = np.array(hours, dtype=float)
        drawn = random.choice(24, len(moments), p=weights / weights.sum()) * HOUR
        _weekday, seconds = self.local(moments)
        there = moments - seconds + drawn + random.integers(0, HOUR, len(moments))
        return np.where(there < moments, there + DAY, there)

    def is_open(self, moments: Ints) -> Flags:
        weekday, seconds = self.local(moments)
        open_now: Flags = (weekday != 6) & (seconds >= OPENS) & (seconds < CLOSES)
        return open_now

    def next_open(self, moments: Ints) -> Ints:
        """The moment itself when the team is there, else a few minutes after it next opens."""
        weekday, seconds = self.local(moments)
        evening = seconds >= CLOSES
        waits = np.where(weekday == 6, 1, np.where(evening & (weekday == 5), 2, np.where(evening, 1, 0)))
        today = np.searchsorted(self._midnights, moments, side="right") - 1
        opening = self._midnights[today + waits] + OPENS + moments % 1_500
        return np.where(self.is_open(moments), moments, opening)


def _midnight(day: date) -> int:
    return int(datetime.combine(day, time.min, PARIS).astimezone(UTC).timestamp())


def _weight(day: date) -> float:
    return _MONTHS[day.month - 1] * _WEEKDAYS[day.weekday()] * (2.4 if is_black_friday_week(day) else 1.0)


def is_black_friday_week(day: date) -> bool:
    """From the Friday after the fourth Thursday of November to the Monday after it."""
    first = date(day.year, 11, 1)
    thursday = first + timedelta(days=(3 - first.weekday()) % 7 + 21)
    return timedelta(days=1) <= day - thursday <= timedelta(days=4)


def spread(random: Random, count: int, median: float, sigma: float) -> Floats:
    """Waiting times: log-normal around `median`, in its unit."""
    return median * np.exp(sigma * random.standard_normal(count))
