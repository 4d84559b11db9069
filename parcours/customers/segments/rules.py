"""Which customers a rule means, as far as profiles, groups and consents say: one SQL condition.

What customers did is for `members`.
"""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from parcours.core.conditions import Condition
from parcours.core.errors import BadInput
from parcours.core.rules import Rule, parse_rule
from parcours.customers.consent.ledger import consent_sql
from parcours.customers.segments.generations import GENERATION_BY_KEY

FIELDS = frozenset({"generation", "birth_year", "country", "language", "name", "email", "group"})
PREFIXES = ("traits.", "consent.")
MOMENTS = frozenset({"first_seen", "last_seen"})
STATES = frozenset({"unknown", "granted", "denied"})
_NUMBER = r"^\s*[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d{1,3})?\s*$"

Sql = tuple[str, list[Any]]


def read_segment_rule(data: object) -> Rule:
    """The rule of a segment from JSON. Raises BadInput."""
    rule = parse_rule(data, fields=FIELDS, prefixes=PREFIXES, moments=MOMENTS, happened=True)
    for condition in rule.conditions:
        _check_generation(condition)
        _check_consent(condition)
    return rule


def condition_sql(rule: Rule) -> Sql:
    """A condition over the columns of `customers_customer`, and its parameters; true for everybody when the
    rule is empty. Conditions over moments and events are left out.
    """
    parts: list[str] = []
    parameters: list[Any] = []
    for condition in rule.conditions:
        if condition.field in MOMENTS:
            continue
        sql, values = _one(condition)
        parts.append(f"({sql})")
        parameters += values
    return " AND ".join(parts) or "TRUE", parameters


def _one(condition: Condition) -> Sql:
    if condition.field == "generation":
        return _generation(condition)
    if condition.field == "group":
        return _group(condition)
    if condition.field.startswith("consent."):
        return _consent(condition)
    if condition.field == "birth_year":
        return _compare("birth_year::text", condition, [])
    if condition.field.startswith("traits."):
        return _compare("traits ->> %s", condition, [condition.field.removeprefix("traits.")])
    return _compare(f"NULLIF({condition.field}, '')", condition, [])


def _compare(expression: str, condition: Condition, named: list[Any]) -> Sql:
    """`named` are the parameters inside `expression`, which is text or null."""
    return _COMPARE[condition.op](expression, condition, named)


def _is(expression: str, condition: Condition, named: list[Any]) -> Sql:
    return f"{expression} = ANY(%s)", [*named, list(condition.values)]


def _is_not(expression: str, condition: Condition, named: list[Any]) -> Sql:
    return f"{expression} IS NULL OR {expression} <> ALL(%s)", [*named, *named, list(condition.values)]


def _like(before: str) -> Callable[[str, Condition, list[Any]], Sql]:
    def build(expression: str, condition: Condition, named: list[Any]) -> Sql:
        patterns = [before + _escaped(value) + "%" for value in condition.values]
        return f"{expression} ILIKE ANY(%s)", [*named, patterns]

    return build


def _number(operator: str) -> Callable[[str, Condition, list[Any]], Sql]:
    def build(expression: str, condition: Condition, named: list[Any]) -> Sql:
        several = " OR ".join([f"({expression})::double precision {operator} %s"] * len(condition.values))
        values = [part for value in condition.values for part in (*named, float(value))]
        # CASE keeps the cast away from text that is no number.
        return f"CASE WHEN {expression} ~ %s THEN {several} ELSE FALSE END", [*named, _NUMBER, *values]

    return build


def _exists(expression: str, _condition: Condition, named: list[Any]) -> Sql:
    return f"NULLIF({expression}, '') IS NOT NULL", named


_COMPARE: dict[str, Callable[[str, Condition, list[Any]], Sql]] = {
    "is": _is,
    "is_not": _is_not,
    "contains": _like("%"),
    "starts_with": _like(""),
    "gte": _number(">="),
    "gt": _number(">"),
    "lte": _number("<="),
    "lt": _number("<"),
    "exists": _exists,
}


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _generation(condition: Condition) -> Sql:
    if condition.op == "exists":
        return "birth_year IS NOT NULL", []
    ranges = [_born(key) for key in condition.values]
    any_of = " OR ".join(sql for sql, _values in ranges)
    parameters = [value for _sql, values in ranges for value in values]
    if condition.op == "is":
        return any_of, parameters
    return f"birth_year IS NULL OR NOT ({any_of})", parameters


def _born(key: str) -> Sql:
    generation = GENERATION_BY_KEY[key]
    parts = [("birth_year >= %s", generation.first), ("birth_year <= %s", generation.last)]
    known = [(sql, year) for sql, year in parts if year is not None]
    return "(" + " AND ".join(sql for sql, _year in known) + ")", [year for _sql, year in known]


_MEMBERS = (
    "SELECT COALESCE(m.merged_into_id, m.id) FROM customers_groupmember gm"
    " JOIN customers_group g ON g.id = gm.group_id JOIN customers_customer m ON m.id = gm.customer_id"
)


def _group(condition: Condition) -> Sql:
    """Somebody may be in several groups; `is_not` means in none of these. Groups go by key or name."""
    if condition.op == "exists":
        return f"id IN ({_MEMBERS})", []
    asked = Condition(condition.field, "is" if condition.op == "is_not" else condition.op, condition.values)
    parts = [_compare(f"g.{column}", asked, []) for column in ("key", "name")]
    any_of = " OR ".join(f"({sql})" for sql, _values in parts)
    sql = f"id {'NOT ' if condition.op == 'is_not' else ''}IN ({_MEMBERS} WHERE {any_of})"
    return sql, [value for _sql, values in parts for value in values]


def _consent(condition: Condition) -> Sql:
    """What somebody said to a purpose; who never spoke is `unknown`."""
    said, parameters = consent_sql(condition.field.removeprefix("consent."))
    if condition.op == "exists":
        return f"id IN (SELECT owner FROM ({said}) s(owner, state))", parameters  # noqa: S608
    states = [value for value in condition.values if value != "unknown"]
    sql = f"id IN (SELECT owner FROM ({said}) s(owner, state) WHERE state = ANY(%s))"  # noqa: S608
    values: list[Any] = [*parameters, states]
    if "unknown" in condition.values:
        sql += f" OR id NOT IN (SELECT owner FROM ({said}) s(owner, state))"  # noqa: S608
        values += parameters
    return (f"NOT ({sql})" if condition.op == "is_not" else sql), values


def _check_consent(condition: Condition) -> None:
    if not condition.field.startswith("consent."):
        return
    if condition.op not in {"is", "is_not", "exists"} or not STATES.issuperset(condition.values):
        raise BadInput(
            _("What somebody allows is granted, denied or unknown."),
            where=condition.field,
            remedy=_("Use “is” or “is not” with one of these."),
        )


def _check_generation(condition: Condition) -> None:
    if condition.field != "generation":
        return
    known = ", ".join(GENERATION_BY_KEY)
    if condition.op not in {"is", "is_not", "exists"}:
        raise BadInput(
            _("A generation can only be compared with “is” and “is not”."), where=_("generation"), remedy=""
        )
    for value in condition.values:
        if value not in GENERATION_BY_KEY:
            raise BadInput(
                _("There is no generation “{value}”.").format(value=value),
                where=_("generation"),
                remedy=_("Use one of: {known}.").format(known=known),
            )
