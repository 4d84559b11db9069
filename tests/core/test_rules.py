import pytest

from parcours.core.errors import BadInput
from parcours.core.rules import Rule, parse_rule

FIELDS = frozenset({"name", "channel"})
PREFIXES = ("properties.",)


def rule(*conditions: tuple[str, str, object]) -> Rule:
    data = {"all": [{"field": field, "op": op, "value": value} for field, op, value in conditions]}
    return parse_rule(data, fields=FIELDS, prefixes=PREFIXES)


def holds(of: Rule, **values: object) -> bool:
    return of.holds(lambda field: values.get(field.replace(".", "_")))


@pytest.mark.parametrize(
    ("op", "value", "actual", "expected"),
    [
        ("is", "web", "web", True),
        ("is", ["web", "app"], "app", True),
        ("is", "web", "Web", False),
        ("is_not", ["web", "app"], "app", False),
        ("is_not", "web", None, True),
        ("contains", "cart", "Cart Viewed", True),
        ("starts_with", "view", "Cart Viewed", False),
        ("gte", 50, 50, True),
        ("gt", "50", "50.0", False),
        ("lt", 50, "cheap", False),
        ("lte", 50, True, False),
        ("exists", None, "", False),
        ("exists", None, 0, True),
        ("is", "true", True, True),
        ("is", "3", 3.0, True),
        ("is", "x", None, False),
    ],
)
def test_a_condition_holds_as_its_words_say(op: str, value: object, actual: object, expected: bool) -> None:
    assert holds(rule(("name", op, value)), name=actual) is expected


def test_all_conditions_must_hold() -> None:
    both = rule(("name", "is", "Cart Viewed"), ("properties.total", "gte", 50))
    assert holds(both, name="Cart Viewed", properties_total="60")
    assert not holds(both, name="Cart Viewed", properties_total="40")


def test_a_rule_survives_storing_and_reading() -> None:
    first = rule(("name", "is", ["Cart Viewed", "Checkout Started"]), ("channel", "exists", None))
    assert parse_rule(first.as_json(), fields=FIELDS, prefixes=PREFIXES) == first


def test_a_rule_reads_as_a_sentence() -> None:
    words = rule(("name", "is", ["Cart Viewed", "Cart Shared"]), ("channel", "is_not", "phone")).sentence()
    assert words == "name is “Cart Viewed” or “Cart Shared” and channel is not “phone”"


@pytest.mark.parametrize(
    ("data", "hint"),
    [
        ([], "list of conditions"),
        ({"any": []}, "list of conditions"),
        ({"all": ["name"]}, "a field, an operator"),
        ({"all": [{"field": "colour", "op": "is", "value": "red"}]}, "name"),
        ({"all": [{"field": "properties.", "op": "is", "value": "red"}]}, "properties"),
        ({"all": [{"field": "name", "op": "equals", "value": "red"}]}, "starts_with"),
        ({"all": [{"field": "name", "op": "is", "value": []}]}, "needs a value"),
        ({"all": [{"field": "name", "op": "gt", "value": "many"}]}, "not a number"),
        ({"all": [{"field": "name", "op": "exists"}] * 21}, "at most"),
    ],
)
def test_a_bad_rule_is_told_what_is_wrong(data: object, hint: str) -> None:
    with pytest.raises(BadInput) as refused:
        parse_rule(data, fields=FIELDS, prefixes=PREFIXES)
    assert hint in str(refused.value)
