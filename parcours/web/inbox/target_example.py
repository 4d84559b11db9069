"""An example of a target: when a mail of Friday evening is due, and why."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from parcours.core.clock import now
from parcours.core.formats import span
from parcours.inbox.hours.arithmetic import ALWAYS, Hours, add_business_time, next_opening, worked
from parcours.inbox.targets.enums import Metric

BEFORE_CLOSING = timedelta(minutes=10)
_MOST_REASONS = 4


@dataclass(frozen=True, slots=True)
class Example:
    """`begun` and `due` by the clock of the hours; `reasons` are sentences, the first day first."""

    metric: str
    begun: str
    due: str
    reasons: list[str]


def examples(
    hours: Hours, times: dict[str, int | None], zone: str, *, in_business_time: bool
) -> list[Example]:
    """One for each time that a target has, of a mail that comes on Friday, shortly before closing."""
    counted = hours if in_business_time else ALWAYS
    place = ZoneInfo(hours.time_zone if hours is not ALWAYS else zone)
    begun = _friday_evening(hours, place)
    return [
        _example(Metric(metric), minutes, begun, counted, place)
        for metric, minutes in times.items()
        if minutes and next_opening(counted, begun) is not None
    ]


def _example(metric: Metric, minutes: int, begun: datetime, hours: Hours, place: ZoneInfo) -> Example:
    due = add_business_time(hours, begun, timedelta(minutes=minutes))
    parts = list(worked(hours, begun, due)) if not hours.is_always else []
    reasons = [_part(opens, closes, place) for opens, closes in parts]
    if len(reasons) > _MOST_REASONS:
        left = len(reasons) - _MOST_REASONS
        more = ngettext("and {n} more span", "and {n} more spans", left).format(n=left)
        reasons = [*reasons[: _MOST_REASONS - 1], more, reasons[-1]]
    return Example(str(metric.label), _moment(begun, place), _moment(due, place), reasons)


def _friday_evening(hours: Hours, place: ZoneInfo) -> datetime:
    """Ten minutes before the end of the next Friday's work, or at 17:50."""
    today = now().astimezone(place).date()
    friday: date = today + timedelta(days=(4 - today.weekday()) % 7)
    midnight = datetime.combine(friday, time(), place)
    parts = [] if hours.is_always else list(worked(hours, midnight, midnight + timedelta(days=1)))
    return parts[-1][1] - BEFORE_CLOSING if parts else datetime.combine(friday, time(17, 50), place)


def _part(opens: datetime, closes: datetime, place: ZoneInfo) -> str:
    first, last = opens.astimezone(place), closes.astimezone(place)
    return _("{time} on {day}, {begin}–{end}").format(
        time=_length(round((closes - opens).total_seconds() / 60)),
        day=date_format(first, "l"),
        begin=date_format(first, "H:i"),
        end=date_format(last, "H:i"),
    )


def _length(minutes: int) -> str:
    """To the minute: 110 → “1 h 50 min”."""
    hours, rest = divmod(minutes, 60)
    return " ".join(span(part * unit) for part, unit in ((hours, 3600), (rest, 60)) if part)


def _moment(moment: datetime, place: ZoneInfo) -> str:
    return date_format(moment.astimezone(place), "l j F, H:i")
