"""Which queue a conversation belongs to, and why: the first rule that fits decides."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import connection

from parcours.accounts.models import Brand
from parcours.customers.reads import SegmentView, segments
from parcours.customers.segments.members import asks_the_lake
from parcours.customers.segments.rules import condition_sql
from parcours.inbox.routing.conditions import Conditions, Facts, Judged, judge
from parcours.inbox.routing.models import Queue, RoutingRule


@dataclass(frozen=True, slots=True)
class Tried:
    """A rule with what became of it."""

    rule_id: uuid.UUID
    name: str
    judged: Judged


@dataclass(frozen=True, slots=True)
class Decision:
    """`tried` are the rules up to the one that fits, in their order; without `rule` it is the default."""

    queue: Queue
    rule: RoutingRule | None
    found: Conditions = field(default_factory=dict, hash=False)
    tried: Sequence[Tried] = field(default=(), hash=False)


def decide(brand: Brand, facts: Facts, default: Queue) -> Decision:
    """One query, and those that `facts.segments` takes when a rule asks for a segment. A rule whose queue was
    archived leads to the default queue.
    """
    tried = []
    rules = RoutingRule.objects.filter(brand=brand, enabled=True).select_related("queue")
    for rule in rules.order_by("order", "created_at"):
        judged = judge(rule.conditions, facts)
        tried.append(Tried(rule.pk, rule.name, judged))
        if judged.holds:
            stands = rule.queue is not None and rule.queue.archived_at is None
            queue = rule.queue if stands and rule.queue is not None else default
            return Decision(queue, rule, judged.found, tried)
    return Decision(default, None, tried=tried)


def quick_segments(brand: Brand) -> tuple[SegmentView, ...]:
    """Those that a rule may ask for: what profiles say is known while the customer waits; what customers did
    would take a look at everybody.
    """
    return tuple(each for each in segments(brand) if not asks_the_lake(each.rule))


def segments_of_customer(brand: Brand, customer_id: int | None) -> frozenset[str]:
    """The keys of all of them, in two queries."""
    asked = quick_segments(brand) if customer_id is not None else ()
    if not asked:
        return frozenset()
    rules = [condition_sql(each.rule) for each in asked]
    columns = ", ".join(f"coalesce(({sql}), false)" for sql, _parameters in rules)
    parameters = [value for _sql, values in rules for value in values]
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {columns} FROM customers_customer WHERE brand_id = %s AND id = %s",  # noqa: S608 - fixed names and placeholders
            [*parameters, brand.pk, customer_id],
        )
        row = cursor.fetchone() or ()
    return frozenset(each.key for each, belongs in zip(asked, row, strict=False) if belongs)
