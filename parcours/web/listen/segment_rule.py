"""The rule of a segment as a form: rows over what is known, rows over what was done, or the rule's JSON."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from parcours.core.conditions import TIMED
from parcours.core.errors import BadInput
from parcours.web.canvas.rule_form import ConditionRow, joined, operators, rows_of, sent_rows, split

NEVER = "never"
_COLUMNS = ("event", "count", "times", "since", "before", "field", "op", "value")


@dataclass(frozen=True, slots=True)
class HappenedRow:
    """One row over what a customer did; `field`, `op` and `value` ask one thing of the events."""

    event: str
    count: str = "at_least"
    times: str = "1"
    since: str = ""
    before: str = ""
    field: str = ""
    op: str = "is"
    value: str = ""

    def as_json(self) -> dict[str, Any]:
        count, times = ("at_most", "0") if self.count == NEVER else (self.count, self.times or "1")
        said: dict[str, Any] = {"event": split(self.event), "op": count, "times": times}
        said |= {name: day for name, day in (("since", self.since), ("before", self.before)) if day}
        if self.field:
            said["where"] = [{"field": self.field, "op": self.op, "value": split(self.value)}]
        return said


def known_rows(rule: Mapping[str, Any]) -> tuple[ConditionRow, ...]:
    return rows_of({"all": [each for each in rule["all"] if "event" not in each]})


def happened_rows(rule: Mapping[str, Any]) -> tuple[HappenedRow, ...]:
    return tuple(_row(each) for each in rule["all"] if "event" in each)


def fits_rows(rule: Mapping[str, Any]) -> bool:
    """Whether rows can say it: they ask one thing of an event at most."""
    return all(len(each.get("where", [])) < 2 for each in rule["all"])


def sent_happened(sent: QueryDict) -> tuple[HappenedRow, ...]:
    """The rows as a form sent them; one without an event is left out."""
    columns = [[value.strip() for value in sent.getlist(f"happened_{name}")] for name in _COLUMNS]
    return tuple(HappenedRow(*values) for values in zip(*columns, strict=False) if values[0])


def sent_rule(sent: QueryDict) -> object:
    """The rule a form says, for `read_segment_rule` to judge. Raises BadInput for text that isn't JSON."""
    if "json" in sent:
        try:
            return json.loads(str(sent["json"]))
        except ValueError as error:
            raise BadInput(_("This isn't JSON: {error}").format(error=error), where=_("rule")) from error
    known = [{"field": row.field, "op": row.op, "value": split(row.value)} for row in sent_rows(sent)]
    return {"all": [*known, *(row.as_json() for row in sent_happened(sent))]}


def as_text(rule: Mapping[str, Any]) -> str:
    return json.dumps(rule, ensure_ascii=False, indent=2)


def all_operators() -> tuple[tuple[str, str], ...]:
    return (*operators(), *((key, str(label)) for key, label in TIMED.items()))


def _row(said: Mapping[str, Any]) -> HappenedRow:
    never = said["op"] == "at_most" and not said["times"]
    nothing: dict[str, Any] = {"field": "", "op": "is", "value": []}
    where: dict[str, Any] = said["where"][0] if said.get("where") else nothing
    return HappenedRow(
        joined(said["event"]),
        NEVER if never else said["op"],
        "1" if never else str(said["times"]),
        said.get("since", ""),
        said.get("before", ""),
        where["field"],
        where["op"],
        joined(where["value"]),
    )
