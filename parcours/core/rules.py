"""The grammar of rules: which events a touchpoint means, which customers a segment holds.

A rule is a list of conditions that must all hold, stored as JSON:
`{"all": [{"field": "name", "op": "is", "value": [...]}]}`.
A value with several entries holds when any of them does (none of them, for `is_not`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.utils.translation import ngettext as _n

from parcours.core.errors import BadInput
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
}
NUMERIC = frozenset({"gte", "gt", "lte", "lt"})
MOST_CONDITIONS = 20
MOST_VALUES = 200


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition. `values` are strings; `numbers` holds them as numbers for the numeric operators."""

    field: str
    op: str
    values: tuple[str, ...] = ()

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
        shown = _(" or ").join(quoted(value) for value in self.values)
        return f"{FIELDS.get(self.field, self.field)} {OPERATORS[self.op]} {shown}".strip()


@dataclass(frozen=True, slots=True)
class Rule:
    """Conditions that must all hold. Without any it holds for everything."""

    conditions: tuple[Condition, ...] = ()

    def holds(self, read: Callable[[str], object]) -> bool:
        """Is it true of the thing whose field values `read(field)` gives?"""
        return all(condition.holds(read(condition.field)) for condition in self.conditions)

    def as_json(self) -> dict[str, Any]:
        return {
            "all": [
                {"field": condition.field, "op": condition.op, "value": list(condition.values)}
                for condition in self.conditions
            ]
        }

    def sentence(self) -> str:
        """The rule in the reader's words."""
        return _(" and ").join(condition.sentence() for condition in self.conditions)


def parse_rule(data: object, *, fields: frozenset[str], prefixes: tuple[str, ...] = ()) -> Rule:
    """Reads a rule from JSON.

    `fields` are the names that may stand in a condition, `prefixes` those that any name may follow, such as
    `properties.`.
    Raises BadInput that says which condition is wrong and what would be right.
    """
    if not isinstance(data, Mapping) or not isinstance(conditions := data.get("all"), list):
        raise BadInput(_("A rule is written as a list of conditions under “all”."), where="rule")
    if len(conditions) > MOST_CONDITIONS:
        raise BadInput(_("A rule has at most {n} conditions.").format(n=MOST_CONDITIONS), where="rule")
    return Rule(
        tuple(
            _condition(condition, number, fields, prefixes) for number, condition in enumerate(conditions, 1)
        )
    )


def _condition(data: object, number: int, fields: frozenset[str], prefixes: tuple[str, ...]) -> Condition:
    where = _("condition {number}").format(number=number)
    if not isinstance(data, Mapping):
        raise BadInput(_("A condition has a field, an operator and a value."), where=where)
    field, op = str(data.get("field", "")).strip(), str(data.get("op", "is")).strip()
    if field not in fields and not any(field.startswith(p) and len(field) > len(p) for p in prefixes):
        known = ", ".join([*sorted(fields), *(f"{prefix}…" for prefix in prefixes)])
        raise BadInput(
            _("“{field}” can't stand in a rule.").format(field=field),
            where=where,
            remedy=_("Use one of: {known}.").format(known=known),
        )
    if op not in OPERATORS:
        raise BadInput(
            _("There is no operator “{op}”.").format(op=op),
            where=where,
            remedy=_("Use one of: {known}.").format(known=", ".join(OPERATORS)),
        )
    return Condition(field, op, () if op == "exists" else _values(data.get("value"), op, where))


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
