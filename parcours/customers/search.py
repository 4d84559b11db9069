"""Customers found by name, address or number, a page at a time; a million of them stay fast."""

import unicodedata
from typing import Any, Literal

import numpy as np
from django.db import connection

from parcours.accounts.models import Brand
from parcours.core.text import storable
from parcours.customers.reads import CustomerView, profiles, segment
from parcours.customers.segments.members import Ids, asks_the_lake, members_of
from parcours.customers.segments.rules import condition_sql

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
    members: Ids | None = None
    if segment_key:
        rule = segment(brand, segment_key).rule
        if asks_the_lake(rule):
            members = members_of(brand, rule)
        else:
            sql, more = condition_sql(rule)
            where, values = f"{where} AND ({sql})", [*values, *more]
    if members is not None and not text:
        page = members[np.searchsorted(members, after, side="right") :][:limit].tolist()
        return _shown(brand, page), len(members)
    if members is not None:
        where, values = f"{where} AND c.id = ANY(%s)", [*values, members.tolist()]
    most = None if segment_key else MOST_COUNTED
    named = _named(brand, text, 0, most) if text else None
    total = _asked("count", where, values, named, most=MOST_COUNTED)[0]
    if named is not None and after and len(named) >= MOST_COUNTED:
        named = _named(brand, text, after, most)
    return _shown(brand, _asked("page", where, values, named, after=after, most=limit)), total


def _asked(
    what: Literal["count", "page"],
    where: str,
    values: list[Any],
    named: list[int] | None,
    *,
    after: int = 0,
    most: int,
) -> list[int]:
    """The ids of a page, or the one number of how many there are, up to `most` either way."""
    if named is not None:
        # The ids themselves, not the search inside the query: the planner would expect far too many.
        where, values = f"{where} AND c.id = ANY(%s)", [*values, named]
    query = f"SELECT c.id FROM customers_customer c WHERE {where} AND c.id > %s"  # noqa: S608 - fixed names
    if what == "count":
        query = f"SELECT count(*) FROM ({query} LIMIT %s) counted"  # noqa: S608 - fixed names
    else:
        query += " ORDER BY c.id LIMIT %s"
    with connection.cursor() as cursor:
        cursor.execute(query, [*values, after, most])
        return [row[0] for row in cursor.fetchall()]


def _shown(brand: Brand, ids: list[int]) -> list[CustomerView]:
    found = profiles(brand, ids)
    return [found[each] for each in ids if each in found]


def _named(brand: Brand, text: str, after: int, most: int | None) -> list[int]:
    """The ids of those whom a text means, up to so many by each way; each way has an index of its own."""
    beginning = text.lower().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    found = {int(text)} if text.isdecimal() and len(text) < 19 else set()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT customer_id FROM customers_identity"
            " WHERE brand_id = %s AND lower(value) LIKE %s AND customer_id > %s LIMIT %s",
            [brand.pk, beginning, after, most],
        )
        found.update(row[0] for row in cursor.fetchall())
        if words := _words(text):
            cursor.execute(
                "SELECT id FROM customers_customer WHERE brand_id = %s"  # noqa: S608 - fixed names
                f" AND (name <> '' OR email <> '') AND {_WORDS} @@ to_tsquery('simple', %s)"
                " AND id > %s LIMIT %s",
                [brand.pk, " & ".join(f"{word}:*" for word in words), after, most],
            )
            found.update(row[0] for row in cursor.fetchall())
    return sorted(found)


def _words(text: str) -> list[str]:
    letters = (each for each in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(each))
    return "".join(each if each.isalnum() else " " for each in letters).split()[:MOST_WORDS]
