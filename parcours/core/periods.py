"""Periods of time as pages and commands name them, in the brand's time zone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from parcours.core.clock import now
from parcours.core.errors import BadInput

PRESETS = (7, 30, 90, 365)


@dataclass(frozen=True, slots=True)
class Period:
    """From `start` (inclusive) to `end` (exclusive), both aware UTC; None is open.

    `key` is how the address names it.
    """

    key: str
    start: datetime | None
    end: datetime | None
    label: str
    first_day: str = ""
    last_day: str = ""

    def as_query(self) -> dict[str, str]:
        """The words of an address that name this period again."""
        if self.key != "custom":
            return {"period": self.key}
        return {name: day for name, day in (("from", self.first_day), ("to", self.last_day)) if day}


def read_period(query: Mapping[str, str], time_zone: str, default: str = "90d") -> Period:
    """The period a query names: `period=30d|90d|365d|all`, or `from=2026-01-01&to=2026-03-31`, both included.

    Days begin at midnight in `time_zone`; `90d` is today and the 89 days before it. Raises BadInput.
    """
    if query.get("from") or query.get("to"):
        return _custom(query.get("from", ""), query.get("to", ""), ZoneInfo(time_zone))
    key = query.get("period") or default
    if key == "all":
        return Period("all", None, None, _("All time"))
    if not (key.endswith("d") and key[:-1].isdecimal() and 0 < int(key[:-1]) <= 3_660):
        raise BadInput(
            _("“{key}” is not a period.").format(key=key),
            where="period",
            remedy=_("Write 30d, 90d, 365d or all, or from=2026-01-01 and to=2026-03-31."),
        )
    days = int(key[:-1])
    tomorrow = now().astimezone(ZoneInfo(time_zone)).date() + timedelta(days=1)
    return Period(
        key,
        _midnight(tomorrow - timedelta(days=days), ZoneInfo(time_zone)),
        _midnight(tomorrow, ZoneInfo(time_zone)),
        _("Last {days} days").format(days=days),
    )


def _custom(first: str, last: str, zone: ZoneInfo) -> Period:
    start, end = _day(first, "from"), _day(last, "to")
    if start and end and end < start:
        raise BadInput(_("The period ends before it begins."), where=f"from={first}&to={last}")
    label = " – ".join(date_format(day, "SHORT_DATE_FORMAT") if day else "…" for day in (start, end))
    return Period(
        "custom",
        _midnight(start, zone) if start else None,
        _midnight(end + timedelta(days=1), zone) if end else None,
        label,
        first,
        last,
    )


def _day(text: str, where: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise BadInput(
            _("“{text}” is not a day.").format(text=text), where=where, remedy=_("Write it as 2026-01-31.")
        ) from error


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time.min, zone).astimezone(UTC)
