"""The next days as hours make them, each with its reason."""

from dataclasses import dataclass
from datetime import date, timedelta

from parcours.inbox.hours.holidays import name_in
from parcours.inbox.hours.reads import NamedHours

DAYS = 14


@dataclass(frozen=True, slots=True)
class DayPreview:
    """`reason` names the holiday or special day; `differs` says that the weekday's hours don't count."""

    day: date
    spans: tuple[tuple[str, str], ...]
    reason: str
    differs: bool


def preview(hours: NamedHours, today: date, days: int = DAYS) -> list[DayPreview]:
    """Today and the days after it."""
    return [_day(hours, today + timedelta(days=ahead)) for ahead in range(days)]


def _day(hours: NamedHours, day: date) -> DayPreview:
    usual = hours.week[day.weekday()]
    special = next((each for each in hours.special_days if each.day == day), None)
    names = dict(hours.holidays.get(day, {}))
    if special is not None:
        return DayPreview(day, special.spans, special.name or name_in(names), True)
    if not names:
        return DayPreview(day, usual, "", False)
    is_worked = names.get("en") in hours.worked_holidays
    return DayPreview(day, usual if is_worked else (), name_in(names), not is_worked)
