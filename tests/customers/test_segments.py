"""A segment is a rule over profiles; the generations are built in."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor
from parcours.core.errors import BadInput, Conflict, NotFound
from parcours.core.rules import Rule
from parcours.customers.consent.ledger import Said, record_consents
from parcours.customers.groups import Grouped, note_groups
from parcours.customers.reads import (
    SegmentView,
    customers_revision,
    segment_counts,
    segment_members,
    segments,
)
from parcours.customers.segments.rules import read_segment_rule
from parcours.customers.writes import (
    Profile,
    do_change_segment,
    do_create_segment,
    do_delete_segment,
    link_users,
    resolve_identities,
    segment_to_change,
    update_profiles,
)

PEOPLE = {
    "old": Profile(birth_year=1945, country="FR", language="fr", traits={"orders": 12, "plan": "Gold 100%"}),
    "boomer": Profile(birth_year=1946, country="BE", traits={"orders": "3", "vip": True}),
    "young": Profile(birth_year=2013, country="FR", traits={"orders": "many"}),
    "nobody": Profile(),
}


@pytest.fixture
def people(brand: Brand) -> dict[int, str]:
    """Names by id."""
    ids = resolve_identities(brand, "user_id", list(PEOPLE))
    update_profiles(brand, dict(zip(map(int, ids), PEOPLE.values(), strict=True)))
    return dict(zip(map(int, ids), PEOPLE, strict=True))


def rule_of(*conditions: tuple[Any, ...]) -> dict[str, Any]:
    return {"all": [dict(zip(("field", "op", "value"), each, strict=False)) for each in conditions]}


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        ([], {"old", "boomer", "young", "nobody"}),
        ([("country", "is", ["FR"])], {"old", "young"}),
        ([("country", "is", ["FR", "BE"]), ("birth_year", "lt", 2000)], {"old", "boomer"}),
        ([("country", "is_not", ["FR"])], {"boomer", "nobody"}),
        ([("generation", "is", ["silent", "alpha"])], {"old", "young"}),
        ([("generation", "is_not", ["silent"])], {"boomer", "young", "nobody"}),
        ([("generation", "exists")], {"old", "boomer", "young"}),
        ([("traits.orders", "gte", 3)], {"old", "boomer"}),
        ([("traits.orders", "gt", 3)], {"old"}),
        ([("traits.orders", "exists")], {"old", "boomer", "young"}),
        ([("traits.plan", "contains", "d 100%")], {"old"}),
        ([("traits.plan", "starts_with", "gold")], {"old"}),
        ([("traits.plan", "starts_with", "g%d")], set()),
        ([("traits.vip", "is", "true")], {"boomer"}),
        ([('traits.it\'s "odd" %s', "exists")], set()),
    ],
)
def test_a_rule_finds_its_customers(
    brand: Brand, people: dict[int, str], conditions: list[tuple[Any, ...]], expected: set[str]
) -> None:
    view = SegmentView("x", "x", read_segment_rule(rule_of(*conditions)), builtin=False)

    members = segment_members(brand, view)

    assert {people[int(member)] for member in members} == expected
    assert list(members) == sorted(members)
    assert segment_counts(brand, [view]) == {"x": len(expected)}


def test_members_are_found_while_django_keeps_its_statements(brand: Brand, people: dict[int, str]) -> None:
    rule = read_segment_rule(rule_of(("traits.plan", "starts_with", "gold")))

    with CaptureQueriesContext(connection):
        found = segment_members(brand, SegmentView("x", "x", rule, builtin=False))

    assert {people[int(member)] for member in found} == {"old"}


def test_a_rule_means_the_same_in_the_database_as_in_the_grammar(
    brand: Brand, people: dict[int, str]
) -> None:
    rule = read_segment_rule(rule_of(("traits.orders", "lte", 12), ("country", "is_not", ["BE"])))
    by_grammar = {
        name
        for name, profile in PEOPLE.items()
        if rule.holds(
            lambda field, profile=profile: (  # type: ignore[misc]
                profile.traits.get(field[7:])
                if field.startswith("traits.")
                else getattr(profile, field) or None
            )
        )
    }

    members = segment_members(brand, SegmentView("x", "x", rule, builtin=False))

    assert {people[int(member)] for member in members} == by_grammar == {"old"}


def test_every_birth_year_is_of_one_generation(brand: Brand, people: dict[int, str]) -> None:
    counts = segment_counts(brand, segments(brand))

    assert counts == {"silent": 1, "boomers": 1, "x": 0, "millennials": 0, "z": 0, "alpha": 1}


def test_merged_customers_count_once(brand: Brand, people: dict[int, str]) -> None:
    link_users(brand, [("old", "young")], reason="test")

    assert len(segment_members(brand, SegmentView("x", "x", Rule(), builtin=False))) == 3


@pytest.mark.parametrize(
    "rule",
    [
        {},
        rule_of(("password", "is", "x")),
        rule_of(("generation", "is", "lost")),
        rule_of(("generation", "gt", "z")),
        rule_of(("birth_year", "gt", "young")),
    ],
)
def test_a_rule_that_cannot_be_is_refused(brand: Brand, system: Actor, rule: dict[str, Any]) -> None:
    with pytest.raises(BadInput):
        do_create_segment(brand, "x", rule, acting_user=system)


def test_segments_are_made_changed_and_deleted(brand: Brand, system: Actor, people: dict[int, str]) -> None:
    made = do_create_segment(brand, " French ", rule_of(("country", "is", "FR")), acting_user=system)
    revision = customers_revision(brand)
    assert len(segment_members(brand, str(made.pk))) == 2
    with pytest.raises(Conflict):
        do_create_segment(brand, "French", rule_of(), acting_user=system)

    changed = segment_to_change(brand, made.pk)
    do_change_segment(changed, name="Belgian", rule=rule_of(("country", "is", "BE")), acting_user=system)
    assert len(segment_members(brand, str(made.pk))) == 1
    assert customers_revision(brand) > revision
    assert [view.name for view in segments(brand)][-1] == "Belgian"

    do_delete_segment(changed, acting_user=system)
    with pytest.raises(NotFound):
        segment_members(brand, str(made.pk))


def test_segments_of_another_brand_are_not_there(brand: Brand, other_brand: Brand, system: Actor) -> None:
    made = do_create_segment(brand, "French", rule_of(("country", "is", "FR")), acting_user=system)

    with pytest.raises(NotFound):
        segment_members(other_brand, str(made.pk))
    with pytest.raises(NotFound):
        segment_to_change(other_brand, made.pk)


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (("group", "is", "acme"), {"old", "young"}),
        (("group", "is", "Acme & Co"), {"old", "young"}),
        (("group", "is_not", "acme"), {"boomer", "nobody"}),
        (("group", "exists"), {"old", "young", "boomer"}),
        (("group", "starts_with", "cl"), {"boomer"}),
        (("consent.marketing.email", "is", "granted"), {"old"}),
        (("consent.marketing.email", "is", ["denied", "unknown"]), {"boomer", "young", "nobody"}),
        (("consent.marketing.email", "is_not", "denied"), {"old", "young", "nobody"}),
        (("consent.marketing.email", "exists"), {"old", "boomer"}),
        (("consent.marketing", "is", "granted"), {"old"}),
    ],
)
def test_a_rule_asks_for_groups_and_for_what_customers_allow(
    brand: Brand, system: Actor, people: dict[int, str], condition: tuple[Any, ...], expected: set[str]
) -> None:
    id_of = {name: customer for customer, name in people.items()}
    note_groups(
        brand,
        [
            Grouped(id_of["old"], "acme", {"name": "Acme & Co"}),
            Grouped(id_of["young"], "acme"),
            Grouped(id_of["boomer"], "club"),
        ],
    )
    said = [
        Said(id_of["old"], "marketing", "granted", "email"),
        Said(id_of["boomer"], "marketing", "denied", "email"),
    ]
    record_consents(brand, said, method="agent", acting_user=system)

    view = SegmentView("x", "x", read_segment_rule(rule_of(condition)), builtin=False)

    assert {people[int(member)] for member in segment_members(brand, view)} == expected
    assert segment_counts(brand, [view]) == {"x": len(expected)}
