"""Who is who: identities looked up, and made where they are unknown, in bulk."""

import uuid
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from parcours.accounts.models import Brand
from parcours.core.clock import now
from parcours.customers.bulk import copy_into, lock_customers, tell_planner
from parcours.customers.enums import IdentityKind

Ids = npt.NDArray[np.int64]
LONGEST_VALUE = 400


class Owner(NamedTuple):
    """Whose an identity is, and whose it was first: what it brings goes back there when a merge is undone."""

    customer: int
    home: int


def clean_identity(value: str, kind: str) -> str:
    """The form in which an identity is kept: e-mail addresses in small letters, phone numbers as digits."""
    value = value.replace("\0", "").strip()
    if kind == IdentityKind.EMAIL:
        value = value.lower()
    elif kind == IdentityKind.PHONE:
        value = ("+" if value.startswith("+") else "") + "".join(filter(str.isdigit, value))
    return value[:LONGEST_VALUE]


def resolve_identities(brand: Brand, kind: str, values: Sequence[str]) -> Ids:
    """The customer of each value, in the order given; unknown ones become new customers.

    Fast for a hundred thousand distinct values at a time. Safe to call from several processes at once.
    """
    return resolve_with_homes(brand, kind, values)[0]


@transaction.atomic
def resolve_with_homes(brand: Brand, kind: str, values: Sequence[str]) -> tuple[Ids, Ids]:
    """As `resolve_identities`, with the home of each identity: the lake's column `home` of its events."""
    if not len(values):
        return np.empty(0, np.int64), np.empty(0, np.int64)
    cleaned = [clean_identity(value, kind) for value in values]
    with connection.cursor() as cursor:
        copy_into(cursor, "incoming_identity", "value text", ((value,) for value in dict.fromkeys(cleaned)))
        if _missing(cursor, brand.pk, kind):
            lock_customers(cursor, brand.pk)
            _create_missing(cursor, brand.pk, kind)
        found = _found(cursor, brand.pk, kind)
        cursor.execute("DROP TABLE incoming_identity")
    return (
        np.fromiter((found[value].customer for value in cleaned), np.int64, len(cleaned)),
        np.fromiter((found[value].home for value in cleaned), np.int64, len(cleaned)),
    )


def owners_of(brand: Brand, kind: str, values: Iterable[str]) -> dict[str, Owner]:
    """Those of the values, as `clean_identity` writes them, that are known; nothing is made."""
    with transaction.atomic(), connection.cursor() as cursor:
        copy_into(cursor, "incoming_identity", "value text", ((value,) for value in dict.fromkeys(values)))
        found = _found(cursor, brand.pk, kind)
        cursor.execute("DROP TABLE incoming_identity")
    return found


def attach_identities(brand: Brand, kind: str, rows: Iterable[tuple[str, Owner]], *, reason: str) -> None:
    """Gives values that nobody has to customers who are known; whoever has one keeps it."""
    with transaction.atomic(), connection.cursor() as cursor:
        lock_customers(cursor, brand.pk)
        columns = "value text, customer_id bigint, home bigint"
        copy_into(cursor, "attaching", columns, ((value, *owner) for value, owner in rows))
        cursor.execute(
            "INSERT INTO customers_identity (brand_id, kind, value, customer_id, home, since, reason)"
            " SELECT %s, %s, value, customer_id, NULLIF(home, customer_id), %s, %s FROM attaching"
            " ON CONFLICT (brand_id, kind, value) DO NOTHING",
            [brand.pk, kind, now(), reason[:80]],
        )
        tell_planner(cursor, cursor.rowcount)
        cursor.execute("DROP TABLE attaching")


def _found(cursor: CursorWrapper, brand_id: uuid.UUID, kind: str) -> dict[str, Owner]:
    cursor.execute(
        "SELECT i.value, i.customer_id, COALESCE(i.home, i.customer_id)"
        " FROM customers_identity i JOIN incoming_identity USING (value)"
        " WHERE i.brand_id = %s AND i.kind = %s",
        [brand_id, kind],
    )
    return {value: Owner(customer, home) for value, customer, home in cursor.fetchall()}


def _missing(cursor: CursorWrapper, brand_id: uuid.UUID, kind: str) -> bool:
    cursor.execute(
        "SELECT EXISTS (SELECT FROM incoming_identity n WHERE NOT EXISTS (SELECT FROM customers_identity i"
        " WHERE i.brand_id = %s AND i.kind = %s AND i.value = n.value))",
        [brand_id, kind],
    )
    return bool(cursor.fetchone()[0])


def _create_missing(cursor: CursorWrapper, brand_id: uuid.UUID, kind: str) -> None:
    cursor.execute(
        "CREATE TEMP TABLE new_identity ON COMMIT DROP AS"
        " SELECT value, nextval(pg_get_serial_sequence('customers_customer', 'id')) AS customer_id"
        " FROM (SELECT value FROM incoming_identity n WHERE NOT EXISTS (SELECT FROM customers_identity i"
        " WHERE i.brand_id = %s AND i.kind = %s AND i.value = n.value)) missing",
        [brand_id, kind],
    )
    cursor.execute(
        "INSERT INTO customers_customer (id, brand_id, created_at, name, email, country, language, traits)"
        " OVERRIDING SYSTEM VALUE"
        " SELECT customer_id, %s, %s, '', '', '', '', '{}' FROM new_identity",
        [brand_id, now()],
    )
    cursor.execute(
        "INSERT INTO customers_identity (brand_id, kind, value, customer_id, since)"
        " SELECT %s, %s, value, customer_id, %s FROM new_identity",
        [brand_id, kind, now()],
    )
    tell_planner(cursor, cursor.rowcount)
    cursor.execute("DROP TABLE new_identity")
