"""One condition of a rule: a field, an operator and values."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.utils.translation import ngettext as _n

from parcours.core.clock import now
from parcours.core.errors import BadInput
from parcours.core.property_names import property_label
from parcours.core.text import quoted

OPERATORS = {
    "is": gettext_lazy("is"),
    "is_not": gettext_lazy("is not"),
    "contains": gettext_lazy("contains"),
    "starts_with": gettext_lazy("starts with"),
    "gte": gettext_lazy("is at least"),
    "gt": gettext_lazy("is more than"),
    "lte": gettext_lazy("is at most"),
    "lt": gettext_lazy("is less than"),
    "exists": gettext_lazy("is known"),
}
FIELDS = {
    "name": pgettext_lazy("field of a rule", "name"),
    "channel": pgettext_lazy("field of a rule", "channel"),
    "source": pgettext_lazy("field of a rule", "source"),
    "generation": pgettext_lazy("field of a rule", "generation"),
    "birth_year": pgettext_lazy("field of a rule", "year of birth"),
    "country": pgettext_lazy("field of a rule", "country"),
    "language": pgettext_lazy("field of a rule", "language"),
    "email": pgettext_lazy("field of a rule", "e-mail address"),
    "group": pgettext_lazy("field of a rule", "group"),
    "first_seen": pgettext_lazy("field of a rule", "first event"),
    "last_seen": pgettext_lazy("field of a rule", "last event"),
}
TIMED = {"before": gettext_lazy("is before"), "since": gettext_lazy("is on or after")}
NUMERIC = frozenset({"gte", "gt", "lte", "lt"})
MOST_CONDITIONS = 20
MOST_VALUES = 200
MOST_DAYS = 36_600


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition. `values` are strings; `numbers` holds them as numbers for the numeric operators."""

    field: str
    op: str
    values: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return {"field": self.field, "op": self.op, "value": list(self.values)}

    def holds(self, actual: object) -> bool:
        """Is it true of this value? None, a missing value, only satisfies `is_not`."""
        if self.op == "exists":
            return actual is not None and actual != ""
        if actual is None:
            return self.op == "is_not"
        if self.op in NUMERIC:
            number = as_number(actual)
            return number is not None and any(
                _COMPARE[self.op](number, float(value)) for value in self.values
            )
        text = as_text(actual)
        if self.op == "is_not":
            return text not in self.values
        return any(_MATCH[self.op](text, value) for value in self.values)

    def sentence(self) -> str:
        if self.op in TIMED:
            return f"{field_label(self.field)} {TIMED[self.op]} {shown_day(self.values[0])}"
        shown = _(" or ").join(quoted(value) for value in self.values)
        return f"{field_label(self.field)} {OPERATORS[self.op]} {shown}".strip()


def field_label(field: str) -> str:
    """A field of a rule in the reader's words."""
    return str(FIELDS[field]) if field in FIELDS else property_label(field)


@dataclass(frozen=True, slots=True)
class Allowed:
    """What may stand in a rule: names of fields, prefixes that any name may follow, such as `properties.`,
    fields that are moments, and, with `happened`, conditions over what a customer did.
    """

    fields: frozenset[str]
    prefixes: tuple[str, ...] = ()
    moments: frozenset[str] = frozenset()
    happened: bool = False

    def knows(self, field: str) -> bool:
        if field in self.fields or field in self.moments:
            return True
        return any(field.startswith(prefix) and len(field) > len(prefix) for prefix in self.prefixes)

    def listed(self) -> str:
        return ", ".join([*sorted(self.fields | self.moments), *(f"{prefix}…" for prefix in self.prefixes)])


def parse_condition(data: object, where: str, allowed: Allowed) -> Condition:
    """One condition over a field. Raises BadInput."""
    if not isinstance(data, Mapping):
        raise BadInput(_("A condition has a field, an operator and a value."), where=where)
    field, op = str(data.get("field", "")).strip(), str(data.get("op", "is")).strip()
    if not allowed.knows(field):
        raise BadInput(
            _("“{field}” can't stand in a rule.").format(field=field),
            where=where,
            remedy=_("Use one of: {known}.").format(known=allowed.listed()),
        )
    operators = TIMED if field in allowed.moments else OPERATORS
    if op not in operators:
        raise BadInput(
            _("There is no operator “{op}”.").format(op=op),
            where=where,
            remedy=_("Use one of: {known}.").format(known=", ".join(operators)),
        )
    if op in TIMED:
        return Condition(field, op, (read_day(data.get("value"), where),))
    return Condition(field, op, () if op == "exists" else _values(data.get("value"), op, where))


def read_day(value: object, where: str) -> str:
    """A day (`2026-01-31`) or a number of days back (`90d`: today and the 89 before). Raises BadInput."""
    text = str(value[0] if isinstance(value, list) and len(value) == 1 else value or "").strip()
    if text.endswith("d") and text[:-1].isdecimal() and 0 < int(text[:-1]) <= MOST_DAYS:
        return f"{int(text[:-1])}d"
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise BadInput(
            _("“{text}” is not a day.").format(text=text),
            where=where,
            remedy=_("Write it as 2026-01-31, or 90d for 90 days back."),
        ) from error


def day_begins(day: str, time_zone: str) -> datetime:
    """When a day of `read_day` begins, in UTC."""
    zone = ZoneInfo(time_zone)
    if day.endswith("d"):
        first = now().astimezone(zone).date() - timedelta(days=int(day[:-1]) - 1)
    else:
        first = date.fromisoformat(day)
    return datetime.combine(first, time.min, zone).astimezone(UTC)


def shown_day(day: str) -> str:
    """A day of `read_day` in the reader's words."""
    if day.endswith("d"):
        return _("{n} days ago").format(n=day[:-1])
    return date_format(date.fromisoformat(day), "SHORT_DATE_FORMAT")


def _values(value: object, op: str, where: str) -> tuple[str, ...]:
    entries = value if isinstance(value, list) else [value]
    texts = tuple(as_text(entry) for entry in entries if entry is not None and as_text(entry) != "")
    if not texts:
        raise BadInput(_("A condition needs a value."), where=where)
    if len(texts) > MOST_VALUES:
        raise BadInput(
            _n(
                "A condition has at most {n} value.", "A condition has at most {n} values.", MOST_VALUES
            ).format(n=MOST_VALUES),
            where=where,
        )
    if op in NUMERIC and any(as_number(text) is None for text in texts):
        raise BadInput(_("“{value}” is not a number.").format(value=", ".join(texts)), where=where)
    return texts


def as_text(value: object) -> str:
    """How a JSON value is written in a rule: booleans as true/false, whole floats without the point."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def as_number(value: object) -> float | None:
    """The value as a number, or None."""
    if isinstance(value, bool):
        return None
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return None
    return number if number == number else None  # noqa: PLR0124 - NaN is not a number to compare with


_COMPARE: dict[str, Callable[[float, float], bool]] = {
    "gte": lambda actual, value: actual >= value,
    "gt": lambda actual, value: actual > value,
    "lte": lambda actual, value: actual <= value,
    "lt": lambda actual, value: actual < value,
}
_MATCH: dict[str, Callable[[str, str], bool]] = {
    "is": lambda actual, value: actual == value,
    "contains": lambda actual, value: value.casefold() in actual.casefold(),
    "starts_with": lambda actual, value: actual.casefold().startswith(value.casefold()),
}
