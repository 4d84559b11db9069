"""Customers found by name, address or number, a page at a time; a million of them stay fast."""

import unicodedata
from typing import Any

import numpy as np
from django.db import connection

from parcours.accounts.models import Brand
from parcours.core.text import storable
from parcours.customers.members import asks_the_lake, members_of
from parcours.customers.reads import CustomerView, profiles, segment
from parcours.customers.segments import condition_sql

MOST_COUNTED = 10_000
"""Counting goes no further: it means so many or more."""
MOST_WORDS = 8

_WORDS = (
    "to_tsvector('simple', regexp_replace(normalize(lower(translate(name || ' ' || email, '@._+-''',"
    " '      ')), NFD), '[\\u0300-\\u036f]', '', 'g'))"
)
"""As the index `customer_words` has it."""


def search_customers(
    brand: Brand, *, text: str = "", segment_key: str = "", after: int = 0, limit: int = 50
) -> tuple[list[CustomerView], int]:
    """A page of customers by id after `after`, and how many there are in all: of a search or a segment by
    profile no more than `MOST_COUNTED`.

    `text` is looked for at the beginning of identities, and, word by word and without accents, at the
    beginning of the words of names and e-mail addresses. Raises NotFound for a segment that isn't there.
    """
    text = storable(text).strip()
    where, values = "c.brand_id = %s AND c.merged_into_id IS NULL", [brand.pk]
    total: int | None = None
    if segment_key:
        rule = segment(brand, segment_key).rule
        if asks_the_lake(rule):
            members = members_of(brand, rule)
            total = len(members)
            if not text:
                members = members[np.searchsorted(members, after, side="right") :][:limit]
            where, values = f"{where} AND c.id = ANY(%s)", [*values, members.tolist()]
        else:
            sql, more = condition_sql(rule)
            where, values = f"{where} AND ({sql})", [*values, *more]
    if text:
        found_by, more = _found_by(brand, text)
        where, values, total = f"{where} AND c.id IN ({found_by})", [*values, *more], None
    with connection.cursor() as cursor:
        if total is None:
            total = _count(cursor, where, values)
        cursor.execute(
            f"SELECT c.id FROM customers_customer c WHERE {where} AND c.id > %s ORDER BY c.id LIMIT %s",  # noqa: S608
            [*values, after, limit],
        )
        ids = [row[0] for row in cursor.fetchall()]
    found = profiles(brand, ids)
    return [found[each] for each in ids], total


def _count(cursor: Any, where: str, values: list[Any]) -> int:
    cursor.execute(
        f"SELECT count(*) FROM (SELECT 1 FROM customers_customer c WHERE {where} LIMIT %s) counted",  # noqa: S608
        [*values, MOST_COUNTED],
    )
    return int(cursor.fetchone()[0])


def _found_by(brand: Brand, text: str) -> tuple[str, list[Any]]:
    """The ids of those whom a text means, as SQL: each way of meaning them has an index of its own."""
    beginning = text.lower().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    parts = ["SELECT customer_id FROM customers_identity WHERE brand_id = %s AND lower(value) LIKE %s"]
    values: list[Any] = [brand.pk, beginning]
    if words := _words(text):
        parts.append(
            "SELECT id FROM customers_customer WHERE brand_id = %s"  # noqa: S608 - fixed names
            f" AND (name <> '' OR email <> '') AND {_WORDS} @@ to_tsquery('simple', %s)"
        )
        values += [brand.pk, " & ".join(f"{word}:*" for word in words)]
    if text.isdecimal() and len(text) < 19:
        parts.append("SELECT %s::bigint")
        values.append(int(text))
    return " UNION ALL ".join(parts), values


def _words(text: str) -> list[str]:
    letters = (each for each in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(each))
    return "".join(each if each.isalnum() else " " for each in letters).split()[:MOST_WORDS]
