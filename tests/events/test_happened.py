"""Segments by what customers did are those that SQL over the same events finds."""

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import duckdb
import pytest

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor
from parcours.core.clock import clock_at
from parcours.core.errors import BadInput
from parcours.customers.reads import SegmentView, segment_counts, segment_members
from parcours.customers.search import search_customers
from parcours.customers.segments.rules import read_segment_rule
from parcours.customers.writes import (
    Profile,
    do_create_segment,
    link_users,
    resolve_identities,
    update_profiles,
)

NOW = datetime(2026, 6, 30, 12, tzinfo=UTC)
NAMES = ("Product Viewed", "Cart Viewed", "Order Completed", "Order Refunded")
CHANNELS = ("web", "app", "store")

RULES: list[tuple[list[dict[str, Any]], str]] = [
    ([{"event": "Order Completed"}], "c IN (SELECT c FROM log WHERE name = 'Order Completed')"),
    (
        [{"event": "Order Completed", "op": "at_least", "times": 2, "since": "90d"}],
        "c IN (SELECT c FROM log WHERE name = 'Order Completed' AND time >= TIMESTAMP '2026-04-01 22:00'"
        " GROUP BY c HAVING count(*) >= 2)",
    ),
    (
        [{"event": "Order Completed", "op": "at_most", "times": 0, "since": "2026-03-01"}],
        "c NOT IN (SELECT c FROM log WHERE name = 'Order Completed'"
        " AND time >= TIMESTAMP '2026-02-28 23:00')",
    ),
    (
        [{"event": ["Cart Viewed", "Product Viewed"], "op": "exactly", "times": 3, "before": "2026-05-01"}],
        "c IN (SELECT c FROM log WHERE name IN ('Cart Viewed', 'Product Viewed')"
        " AND time < TIMESTAMP '2026-04-30 22:00' GROUP BY c HAVING count(*) = 3)",
    ),
    (
        [
            {
                "event": "Order Completed",
                "where": [
                    {"field": "properties.total", "op": "gte", "value": 50},
                    {"field": "channel", "op": "is_not", "value": "store"},
                ],
            }
        ],
        "c IN (SELECT c FROM log WHERE name = 'Order Completed' AND total >= 50 AND channel <> 'store')",
    ),
    (
        [{"field": "last_seen", "op": "before", "value": "60d"}],
        "c IN (SELECT c FROM log GROUP BY c HAVING max(time) < TIMESTAMP '2026-05-01 22:00')",
    ),
    (
        [{"field": "first_seen", "op": "since", "value": "2026-02-01"}],
        "c IN (SELECT c FROM log GROUP BY c HAVING min(time) >= TIMESTAMP '2026-01-31 23:00')",
    ),
    (
        [
            {"field": "country", "op": "is", "value": ["FR"]},
            {"event": "Order Completed"},
            {"event": "Order Refunded", "op": "at_most", "times": 0},
            {"event": "Product Viewed", "op": "at_most", "times": 2},
        ],
        "country = 'FR' AND c IN (SELECT c FROM log WHERE name = 'Order Completed')"
        " AND c NOT IN (SELECT c FROM log WHERE name = 'Order Refunded') AND c NOT IN (SELECT c FROM log"
        " WHERE name = 'Product Viewed' GROUP BY c HAVING count(*) >= 3)",
    ),
    (
        [{"event": "Nothing Of The Kind", "op": "at_most", "times": 0}, {"field": "country", "op": "exists"}],
        "country <> ''",
    ),
    ([{"event": "Nothing Of The Kind"}], "FALSE"),
]


@pytest.fixture
def shop(brand: Brand, take_in: Callable[..., Any]) -> duckdb.DuckDBPyConnection:
    """A random log in the lake, and in DuckDB; `people` are all customers, two of them without an event."""
    chance = random.Random(7)
    rows = []
    for customer in range(60):
        for _ in range(chance.randint(1, 9)):
            time = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=chance.randint(0, 180 * 24 * 60))
            total = chance.choice([10, 49.5, 50, 120])
            rows.append((f"u{customer}", time, chance.choice(NAMES), chance.choice(CHANNELS), total))
    lines = [f"{c},{t.isoformat()},{name},{channel},{total}" for c, t, name, channel, total in rows]
    take_in("\n".join(["customer,time,activity,channel,total", *lines]))
    users = [f"u{n}" for n in range(62)]
    ids = [int(each) for each in resolve_identities(brand, "user_id", users)]
    countries = [chance.choice(["FR", "BE", ""]) for _ in ids]
    update_profiles(
        brand, {each: Profile(country=country) for each, country in zip(ids, countries, strict=True)}
    )
    database = duckdb.connect()
    database.execute("CREATE TABLE people (c VARCHAR, id BIGINT, country VARCHAR)")
    database.executemany("INSERT INTO people VALUES (?, ?, ?)", list(zip(users, ids, countries, strict=True)))
    database.execute(
        "CREATE TABLE log (c VARCHAR, time TIMESTAMP, name VARCHAR, channel VARCHAR, total DOUBLE)"
    )
    database.executemany(
        "INSERT INTO log VALUES (?, ?, ?, ?, ?)", [(r[0], r[1].replace(tzinfo=None), *r[2:]) for r in rows]
    )
    return database


def test_every_rule_finds_whom_sql_finds(brand: Brand, shop: duckdb.DuckDBPyConnection) -> None:
    assert brand.time_zone == "Europe/Paris"
    with clock_at(NOW):
        for conditions, where in RULES:
            view = SegmentView("x", "x", read_segment_rule({"all": conditions}), builtin=False)
            expected = [
                row[0] for row in shop.sql(f"SELECT id FROM people WHERE {where} ORDER BY id").fetchall()
            ]
            assert segment_members(brand, view).tolist() == expected, conditions
            assert segment_counts(brand, [view]) == {"x": len(expected)}


def test_a_merged_customer_did_what_both_did_before_the_lake_follows(
    brand: Brand, shop: duckdb.DuckDBPyConnection
) -> None:
    rule = read_segment_rule({"all": [{"event": list(NAMES), "op": "at_least", "times": 10}]})
    counts = dict(shop.sql("SELECT c, count(*) FROM log GROUP BY c").fetchall())
    one, other = [customer for customer, events in sorted(counts.items()) if 5 <= events <= 9][:2]
    view = SegmentView("x", "x", rule, builtin=False)
    assert len(segment_members(brand, view)) == 0

    link_users(brand, [(one, other)], reason="test")

    assert segment_members(brand, view).tolist() == resolve_identities(brand, "user_id", [other]).tolist()


def test_a_segment_by_events_is_paged_and_searched(
    brand: Brand, shop: duckdb.DuckDBPyConnection, system: Actor
) -> None:
    rule = {"all": [{"event": "Order Completed"}]}
    made = do_create_segment(brand, "Buyers", rule, acting_user=system)
    expected = segment_members(brand, str(made.pk)).tolist()

    first, total = search_customers(brand, segment_key=str(made.pk), limit=7)
    then, _total = search_customers(brand, segment_key=str(made.pk), after=first[-1].id, limit=500)

    assert [each.id for each in [*first, *then]] == expected
    assert total == len(expected)
    found, _total = search_customers(brand, segment_key=str(made.pk), text="u1", limit=500)
    assert {each.id for each in found} < set(expected)


def test_a_rule_over_events_reads_as_a_sentence_and_survives_storing() -> None:
    rule = read_segment_rule(
        {
            "all": [
                {"event": "Order Completed", "times": 2, "since": "90d"},
                {"event": ["Cart Viewed"], "op": "at_most", "times": 0, "before": "2026-05-01"},
                {"field": "last_seen", "op": "before", "value": "60d"},
            ]
        }
    )

    assert read_segment_rule(rule.as_json()) == rule
    assert rule.sentence() == (
        "last event is before 60 days ago and did “Order Completed” at least 2 times in the last 90 days"
        " and did not do “Cart Viewed” before 1 May 2026"
    )


@pytest.mark.parametrize(
    "condition",
    [
        {"event": ""},
        {"event": "A", "op": "often"},
        {"event": "A", "times": 0},
        {"event": "A", "times": "two"},
        {"event": "A", "since": "yesterday"},
        {"event": "A", "where": [{"field": "country", "op": "is", "value": "FR"}]},
        {"event": "A", "where": "x"},
        {"field": "last_seen", "op": "is", "value": "2026-01-01"},
        {"field": "last_seen", "op": "before", "value": "soon"},
        {"field": "country", "op": "before", "value": "2026-01-01"},
        {"field": "consent.marketing", "op": "is", "value": "maybe"},
    ],
)
def test_a_condition_that_cannot_be_is_refused(condition: dict[str, Any]) -> None:
    with pytest.raises(BadInput):
        read_segment_rule({"all": [condition]})
