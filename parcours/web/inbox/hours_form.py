"""Hours as a form has them: a field a day, special days one a line."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from parcours.core.errors import BadInput
from parcours.inbox.hours.reads import NamedHours, SpecialDay
from parcours.inbox.hours.spans import read_spans, spans_and_name, written
from parcours.inbox.hours.writes import HoursForm

DAYS = range(7)
_USUAL = "09:00-18:00"
_LINE = re.compile(r"(?P<day>\d{4}-\d{2}-\d{2})\s*(?P<rest>.*)")


def weekday_name(day: int) -> str:
    """In the reader's language; Monday is 0."""
    return date_format(date(2024, 1, 1 + day), "l")


def form_of(sent: QueryDict) -> HoursForm:
    """Raises BadInput with the field in `where`."""
    return HoursForm(
        name=str(sent.get("name", "")),
        time_zone=str(sent.get("time_zone", "")),
        week=[read_spans(str(sent.get(f"day{day}", "")), f"day{day}") for day in DAYS],
        country=str(sent.get("country", ""))[:2],
        subdivision=str(sent.get("subdivision", ""))[:16],
        worked_holidays=[str(each) for each in sent.getlist("worked")],
        special_days=_special_days(str(sent.get("special_days", ""))),
        is_default=bool(sent.get("is_default")),
    )


def sent_of(hours: NamedHours | None, time_zone: str, *, is_first: bool) -> dict[str, Any]:
    """What stands in the fields at first; of new hours the usual week."""
    if hours is None:
        week = {f"day{day}": _USUAL if day < 5 else "" for day in DAYS}
        return {**week, "time_zone": time_zone, "is_default": is_first}
    return {
        "name": hours.name,
        "time_zone": hours.time_zone,
        **{f"day{day}": written(hours.week[day]) for day in DAYS},
        "country": hours.country,
        "subdivision": hours.subdivision,
        "special_days": days_text(hours.special_days),
        "is_default": hours.is_default,
        "revision": str(hours.revision),
    }


def days_text(days: Sequence[SpecialDay]) -> str:
    """One a line, as it can be read again."""
    lines = (f"{each.day} {written(each.spans) or _('closed')} {each.name}" for each in days)
    return "\n".join(line.strip() for line in lines)


def _special_days(text: str) -> list[SpecialDay]:
    return [_special_day(line.strip()) for line in text.splitlines() if line.strip()]


def _special_day(line: str) -> SpecialDay:
    found = _LINE.fullmatch(line)
    spans, name = spans_and_name(found["rest"].strip()) if found else ("", "")
    try:
        day = date.fromisoformat(found["day"] if found else "")
    except ValueError as error:
        raise _unreadable(line) from error
    if not spans:
        raise _unreadable(line)
    return SpecialDay(day, name, tuple(read_spans(spans, "special_days")))


def _unreadable(line: str) -> BadInput:
    return BadInput(
        _("“{line}” can’t be read as a special day.").format(line=line[:60]),
        where="special_days",
        remedy=_("Write for instance 2026-12-24 9:00-12:00 Christmas Eve, or 2026-12-31 closed."),
    )
