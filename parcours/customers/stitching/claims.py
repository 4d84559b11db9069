"""Identities that two customers are said to have: kept as hints, for a person to judge."""

from collections.abc import Iterable

from django.db import connection, transaction

from parcours.accounts.models import Brand
from parcours.core.clock import now
from parcours.customers.bulk import copy_into

Claimed = tuple[str, str, int]
"""Kind and value of an identity, and the customer who was said to have it."""


@transaction.atomic
def note_claims(brand: Brand, claims: Iterable[Claimed]) -> int:
    """Keeps those of the claims whose identity belongs to another customer; returns how many are new."""
    rows = list(dict.fromkeys(claims))
    if not rows:
        return 0
    with connection.cursor() as cursor:
        copy_into(cursor, "claimed", "kind text, value text, customer_id bigint", rows)
        cursor.execute(
            "INSERT INTO customers_claim (brand_id, kind, value, customer_id, at)"
            " SELECT i.brand_id, c.kind, c.value, c.customer_id, %s FROM claimed c"
            " JOIN customers_identity i ON i.brand_id = %s AND i.kind = c.kind AND i.value = c.value"
            " WHERE i.customer_id <> c.customer_id"
            " ON CONFLICT (brand_id, kind, value, customer_id) DO NOTHING",
            [now(), brand.pk],
        )
        new = int(cursor.rowcount)
        cursor.execute("DROP TABLE claimed")
    return new
