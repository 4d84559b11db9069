"""Conditions over what a customer did: how often, when, and what the events were like.

`{"event": ["Order Completed"], "op": "at_least", "times": 2, "since": "90d", "before": "2026-06-01",
"where": [{"field": "properties.total", "op": "gte", "value": [50]}]}`. Only `event` must be there.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.utils.translation import ngettext as _n

from parcours.core.conditions import (
    MOST_CONDITIONS,
    MOST_VALUES,
    Allowed,
    Condition,
    parse_condition,
    read_day,
    shown_day,
)
from parcours.core.errors import BadInput
from parcours.core.text import quoted

COUNTS = {
    "at_least": gettext_lazy("at least"),
    "at_most": gettext_lazy("at most"),
    "exactly": gettext_lazy("exactly"),
}
ABOUT_EVENTS = Allowed(frozenset({"channel", "source"}), ("properties.",))
MOST_TIMES = 1_000_000


@dataclass(frozen=True, slots=True)
class Happened:
    """A customer did one of `events` so many `times`, between the days `since` (included) and `before` (not
    included; both as `rules.read_day` gives them, empty when open), with events of which all of `where` is
    true.
    """

    events: tuple[str, ...]
    op: str = "at_least"
    times: int = 1
    since: str = ""
    before: str = ""
    where: tuple[Condition, ...] = ()

    def as_json(self) -> dict[str, Any]:
        known: dict[str, Any] = {"event": list(self.events), "op": self.op, "times": self.times}
        known |= {name: day for name, day in (("since", self.since), ("before", self.before)) if day}
        if self.where:
            known["where"] = [condition.as_json() for condition in self.where]
        return known

    def sentence(self) -> str:
        shown = _(" or ").join(quoted(name) for name in self.events)
        return " ".join(part for part in (self._counted(shown), self._dated(), self._told()) if part)

    def _counted(self, shown: str) -> str:
        if (self.op, self.times) == ("at_least", 1):
            return _("did {events}").format(events=shown)
        if self.op == "at_most" and not self.times:
            return _("did not do {events}").format(events=shown)
        words = {
            "at_least": _n("did {events} at least {n} time", "did {events} at least {n} times", self.times),
            "at_most": _n("did {events} at most {n} time", "did {events} at most {n} times", self.times),
            "exactly": _n("did {events} exactly {n} time", "did {events} exactly {n} times", self.times),
        }
        return words[self.op].format(events=shown, n=self.times)

    def _dated(self) -> str:
        parts = []
        if self.since.endswith("d"):
            parts.append(_("in the last {n} days").format(n=self.since[:-1]))
        elif self.since:
            parts.append(_("since {day}").format(day=shown_day(self.since)))
        if self.before:
            parts.append(_("before {day}").format(day=shown_day(self.before)))
        return " ".join(parts)

    def _told(self) -> str:
        told = _(" and ").join(condition.sentence() for condition in self.where)
        return _("where {conditions}").format(conditions=told) if told else ""


def parse_happened(data: Mapping[str, Any], where: str) -> Happened:
    """Raises BadInput."""
    op = str(data.get("op", "at_least"))
    if op not in COUNTS:
        raise BadInput(
            _("There is no operator “{op}”.").format(op=op),
            where=where,
            remedy=_("Use one of: {known}.").format(known=", ".join(COUNTS)),
        )
    told = data.get("where", [])
    if not isinstance(told, list) or len(told) > MOST_CONDITIONS:
        raise BadInput(_("What is asked of the events is a list of conditions under “where”."), where=where)
    return Happened(
        _names(data.get("event"), where),
        op,
        _times(data.get("times", 1), op, where),
        read_day(data["since"], where) if data.get("since") else "",
        read_day(data["before"], where) if data.get("before") else "",
        tuple(parse_condition(each, where, ABOUT_EVENTS) for each in told),
    )


def _names(value: object, where: str) -> tuple[str, ...]:
    entries = value if isinstance(value, list) else [value]
    names = tuple(dict.fromkeys(name for each in entries if each and (name := str(each).strip())))
    if not names:
        raise BadInput(_("A condition over events names one."), where=where)
    if len(names) > MOST_VALUES:
        raise BadInput(
            _n(
                "A condition has at most {n} value.", "A condition has at most {n} values.", MOST_VALUES
            ).format(n=MOST_VALUES),
            where=where,
        )
    return names


def _times(value: object, op: str, where: str) -> int:
    text = str(value).strip()
    least = 1 if op == "at_least" else 0
    if (
        isinstance(value, bool)
        or not text.isdecimal()
        or len(text) > 7
        or not least <= int(text) <= MOST_TIMES
    ):
        raise BadInput(
            _("“{value}” is no number of times.").format(value=text),
            where=where,
            remedy=_("Write a whole number from {least} on.").format(least=least),
        )
    return int(text)
