"""The rules of touchpoints: which fields of an event may stand in them."""

from typing import Any

from parcours.core.rules import Rule, parse_rule

FIELDS = frozenset({"name", "channel", "source"})
PREFIXES = ("properties.",)


def touchpoint_rule(data: object) -> Rule:
    """The rule that the JSON says. Raises BadInput that names the condition which is wrong."""
    return parse_rule(data, fields=FIELDS, prefixes=PREFIXES)


def name_rule(*names: str) -> dict[str, Any]:
    """The rule for events with one of these names."""
    return {"all": [{"field": "name", "op": "is", "value": list(names)}]}
