"""The grammar of rules: which events a touchpoint means, which customers a segment holds.

A rule is a list of conditions that must all hold, stored as JSON:
`{"all": [{"field": "name", "op": "is", "value": [...]}]}`.
A value with several entries holds when any of them does (none of them, for `is_not`).
Rules about customers may also ask when (`{"field": "last_seen", "op": "before", "value": "90d"}`) and what
they did; see `core.happened`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from parcours.core.conditions import MOST_CONDITIONS, Allowed, Condition, parse_condition
from parcours.core.errors import BadInput
from parcours.core.happened import Happened, parse_happened
from parcours.core.text import storable


@dataclass(frozen=True, slots=True)
class Rule:
    """Conditions that must all hold. Without any it holds for everything. `happened` are those over what a
    customer did, which `holds` knows nothing of.
    """

    conditions: tuple[Condition, ...] = ()
    happened: tuple[Happened, ...] = ()

    def holds(self, read: Callable[[str], object]) -> bool:
        """Is it true of the thing whose field values `read(field)` gives?"""
        return all(condition.holds(read(condition.field)) for condition in self.conditions)

    def as_json(self) -> dict[str, Any]:
        return {
            "all": [
                *(condition.as_json() for condition in self.conditions),
                *(condition.as_json() for condition in self.happened),
            ]
        }

    def sentence(self) -> str:
        """The rule in the reader's words."""
        parts = [condition.sentence() for condition in self.conditions]
        parts += [condition.sentence() for condition in self.happened]
        return _(" and ").join(parts)


def parse_rule(
    data: object,
    *,
    fields: frozenset[str],
    prefixes: tuple[str, ...] = (),
    moments: frozenset[str] = frozenset(),
    happened: bool = False,
) -> Rule:
    """Reads a rule from JSON; what may stand in it is as in `Allowed`.

    Raises BadInput that says which condition is wrong and what would be right.
    """
    allowed = Allowed(fields, prefixes, moments, happened)
    data = storable(data)
    if not isinstance(data, Mapping) or not isinstance(conditions := data.get("all"), list):
        raise BadInput(_("A rule is written as a list of conditions under “all”."), where="rule")
    if len(conditions) > MOST_CONDITIONS:
        raise BadInput(_("A rule has at most {n} conditions.").format(n=MOST_CONDITIONS), where="rule")
    plain: list[Condition] = []
    events: list[Happened] = []
    for number, condition in enumerate(conditions, 1):
        where = _("condition {number}").format(number=number)
        if allowed.happened and isinstance(condition, Mapping) and "event" in condition:
            events.append(parse_happened(condition, where))
        else:
            plain.append(parse_condition(condition, where, allowed))
    return Rule(tuple(plain), tuple(events))
