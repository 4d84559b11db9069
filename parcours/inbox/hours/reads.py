"""Which hours count for a conversation, an account or a queue."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Protocol

from django.utils.translation import gettext as _

from parcours.core.errors import NotFound
from parcours.inbox.hours.arithmetic import ALWAYS, Hours, Span
from parcours.inbox.hours.lines import hours_in
from parcours.inbox.hours.models import BusinessHours
from parcours.inbox.hours.spans import minutes_of

if TYPE_CHECKING:
    from parcours.inbox.models import ChannelAccount

SETTING = "business_hours"
"""Of an account: the id of its hours."""


class HasHours(Protocol):
    """A queue, as far as hours go."""

    @property
    def hours_id(self) -> uuid.UUID | None: ...


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """A day that differs from its weekday; closed without spans."""

    day: date
    name: str
    spans: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class NamedHours:
    """Hours as people set them; `value` is what is counted with."""

    id: uuid.UUID
    name: str
    time_zone: str
    week: tuple[tuple[tuple[str, str], ...], ...]
    country: str
    subdivision: str
    holidays: Mapping[date, Mapping[str, str]] = field(hash=False)
    worked_holidays: frozenset[str]
    special_days: tuple[SpecialDay, ...]
    is_default: bool
    revision: int
    value: Hours


def all_hours(brand_id: uuid.UUID) -> tuple[NamedHours, ...]:
    """The default ones first, then by name."""
    rows = BusinessHours.objects.filter(brand_id=brand_id, removed_at=None)
    return tuple(named_hours(row) for row in rows.order_by("-is_default", "name", "id"))


def one_of_hours(brand_id: uuid.UUID, hours_id: uuid.UUID) -> NamedHours:
    """Raises NotFound."""
    row = BusinessHours.objects.filter(brand_id=brand_id, pk=hours_id, removed_at=None).first()
    if row is None:
        raise NotFound(_("There are no such hours."))
    return named_hours(row)


def hours_of(
    account: "ChannelAccount | None" = None, queue: HasHours | None = None, *, brand_id: uuid.UUID
) -> Hours:
    """The queue's, else the account's, else the brand's; without any, somebody is always there."""
    rows = BusinessHours.objects.filter(brand_id=brand_id, removed_at=None)
    known = {str(row.pk): row for row in rows}
    wanted = str(queue.hours_id) if queue is not None and queue.hours_id else ""
    if wanted not in known and account is not None:
        wanted = str(account.settings.get(SETTING, ""))
        own = str(account.settings.get("hours", ""))
        if wanted not in known and own and (said := hours_in(own, account.brand.time_zone)):
            return said
    row = known.get(wanted) or next((each for each in known.values() if each.is_default), None)
    return ALWAYS if row is None else value_of(row)


def named_hours(row: BusinessHours) -> NamedHours:
    return NamedHours(
        id=row.pk,
        name=row.name,
        time_zone=row.time_zone,
        week=tuple(tuple((a, b) for a, b in row.spans.get(str(day), [])) for day in range(7)),
        country=row.country,
        subdivision=row.subdivision,
        holidays={date.fromisoformat(day): names for day, names in row.holidays.items()},
        worked_holidays=frozenset(row.worked_holidays),
        special_days=tuple(
            SpecialDay(date.fromisoformat(each["day"]), each["name"], tuple((a, b) for a, b in each["spans"]))
            for each in row.special_days
        ),
        is_default=row.is_default,
        revision=row.revision,
        value=value_of(row),
    )


def value_of(row: BusinessHours) -> Hours:
    """What is counted with: holidays on which nobody works, and over them the special days."""
    exceptions: dict[date, tuple[Span, ...]] = {
        date.fromisoformat(day): ()
        for day, names in row.holidays.items()
        if names.get("en") not in row.worked_holidays
    }
    for each in row.special_days:
        exceptions[date.fromisoformat(each["day"])] = _minutes(each["spans"])
    week = tuple(_minutes(row.spans.get(str(day), [])) for day in range(7))
    return Hours(row.time_zone, week, exceptions)


def _minutes(pairs: Sequence[Sequence[str]]) -> tuple[Span, ...]:
    return tuple(minutes_of(pair) for pair in pairs)
