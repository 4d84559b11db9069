"""A rule as the rows of a form: `field`, `op` and `value`, repeated."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from parcours.core.conditions import OPERATORS


@dataclass(frozen=True, slots=True)
class ConditionRow:
    """One row. `value` holds values with commas between them; one that has a comma stands in quotes."""

    field: str
    op: str
    value: str


def rows_of(rule: Mapping[str, Any]) -> tuple[ConditionRow, ...]:
    """A stored rule as rows."""
    return tuple(ConditionRow(each["field"], each["op"], joined(each["value"])) for each in rule["all"])


def sent_rows(sent: QueryDict) -> tuple[ConditionRow, ...]:
    """The rows as a form sent them; one without the value that it needs is left out."""
    columns = (sent.getlist(name) for name in ("field", "op", "value"))
    rows = (
        ConditionRow(field.strip(), op, value.strip()) for field, op, value in zip(*columns, strict=False)
    )
    return tuple(row for row in rows if row.field and (row.value or row.op == "exists"))


def sent_rule(sent: QueryDict) -> dict[str, Any]:
    """The JSON of the rule that the rows of a form say."""
    return {"all": [{"field": row.field, "op": row.op, "value": split(row.value)} for row in sent_rows(sent)]}


def operators() -> tuple[tuple[str, str], ...]:
    return tuple((key, str(label)) for key, label in OPERATORS.items())


def joined(values: list[str]) -> str:
    return ", ".join(_quoted(value) for value in values)


def _quoted(value: str) -> str:
    if not {",", '"'} & set(value):
        return value
    doubled = value.replace('"', '""')
    return f'"{doubled}"'


def split(text: str) -> list[str]:
    return [
        value.strip() for row in csv.reader([text], skipinitialspace=True) for value in row if value.strip()
    ]
