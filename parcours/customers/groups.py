"""Groups of customers (companies, clubs, households), as group messages tell of them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec
from django.db import connection, transaction

from parcours.accounts.models import Brand
from parcours.core.clock import now
from parcours.customers.bulk import copy_into
from parcours.customers.models import Customer, Group, GroupMember
from parcours.customers.revision import raise_revision

LONGEST_KEY = 400


@dataclass(frozen=True, slots=True)
class Grouped:
    """A customer belongs to a group; `traits` say what the group is like, its name among them."""

    customer: int
    group: str
    traits: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class GroupView:
    key: str
    name: str
    traits: dict[str, Any]
    since: datetime

    @property
    def label(self) -> str:
        return self.name or self.key


@transaction.atomic
def note_groups(brand: Brand, said: Iterable[Grouped]) -> int:
    """Makes groups that are unknown, writes what is said about them over what was known, and adds members.

    In bulk, in the order of arrival; the same again changes nothing. Returns how many memberships are new.
    """
    rows = [(each.customer, clean_key(each.group), each.traits) for each in said]
    rows = [row for row in rows if row[1]]
    if not rows:
        return 0
    traits: dict[str, dict[str, Any]] = {}
    for _customer, key, more in rows:
        traits.setdefault(key, {}).update(more)
    with connection.cursor() as cursor:
        columns = "key text, name text, traits text"
        copy_into(cursor, "said_group", columns, ((key, _name(of), _json(of)) for key, of in traits.items()))
        cursor.execute(_GROUPS, [brand.pk])
        columns = "customer_id bigint, key text"
        copy_into(cursor, "said_member", columns, dict.fromkeys((row[0], row[1]) for row in rows))
        cursor.execute(_MEMBERS, [now(), brand.pk])
        new = int(cursor.rowcount)
        cursor.execute("DROP TABLE said_group, said_member")
    if new:
        raise_revision(brand)
    return new


_GROUPS = """
INSERT INTO customers_group (brand_id, key, name, traits) SELECT %s, key, name, traits::jsonb FROM said_group
ON CONFLICT (brand_id, key) DO UPDATE SET name = COALESCE(NULLIF(EXCLUDED.name, ''), customers_group.name),
  traits = customers_group.traits || EXCLUDED.traits
  WHERE NOT customers_group.traits @> EXCLUDED.traits
    OR (EXCLUDED.name <> '' AND EXCLUDED.name <> customers_group.name)
"""
_MEMBERS = """
INSERT INTO customers_groupmember (group_id, customer_id, since)
SELECT g.id, m.customer_id, %s FROM said_member m
JOIN customers_group g ON g.brand_id = %s AND g.key = m.key ON CONFLICT (group_id, customer_id) DO NOTHING
"""


def groups_of(brand: Brand, customer_id: int) -> list[GroupView]:
    """The groups of a customer and of those who were merged into it, each once."""
    ids = [customer_id, *Customer.objects.filter(merged_into=customer_id).values_list("pk", flat=True)]
    found: dict[str, GroupView] = {}
    for row in (
        GroupMember.objects.filter(customer__in=ids, group__brand=brand)
        .select_related("group")
        .order_by("since", "pk")
    ):
        view = GroupView(row.group.key, row.group.name, row.group.traits, row.since)
        found.setdefault(view.key, view)
    return list(found.values())


def group_names(brand: Brand, most: int = 200) -> list[str]:
    """Keys of groups, for a form to offer."""
    return list(Group.objects.filter(brand=brand).order_by("key").values_list("key", flat=True)[:most])


def clean_key(key: str) -> str:
    return key.replace("\0", "").strip()[:LONGEST_KEY]


def _name(traits: dict[str, Any]) -> str:
    name = traits.get("name")
    return name.replace("\0", "").strip()[:200] if isinstance(name, str) else ""


def _json(traits: dict[str, Any]) -> str:
    return msgspec.json.encode(traits).decode().replace("\\u0000", "")
