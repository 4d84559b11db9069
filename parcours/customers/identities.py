"""Who is who: identities looked up and made in bulk, and joined when they turn out to be one customer."""

import uuid
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from parcours.accounts.models import Brand
from parcours.core.clock import now
from parcours.customers.enums import IdentityKind
from parcours.customers.models import Customer, Identity, Merge
from parcours.customers.revision import raise_revision

Ids = npt.NDArray[np.int64]
LONGEST_VALUE = 400
_LOCK_SPACE = 0x1DE7


def clean_identity(value: str, kind: str) -> str:
    """The form in which an identity is kept: e-mail addresses in small letters, phone numbers as digits."""
    value = value.strip()
    if kind == IdentityKind.EMAIL:
        value = value.lower()
    elif kind == IdentityKind.PHONE:
        value = ("+" if value.startswith("+") else "") + "".join(filter(str.isdigit, value))
    return value[:LONGEST_VALUE]


@transaction.atomic
def resolve_identities(brand: Brand, kind: str, values: Sequence[str]) -> Ids:
    """The customer of each value, in the order given; unknown ones become new customers.

    Fast for a hundred thousand distinct values at a time. Safe to call from several processes at once.
    """
    if not len(values):
        return np.empty(0, np.int64)
    cleaned = [clean_identity(value, kind) for value in values]
    distinct = list(dict.fromkeys(cleaned))
    with connection.cursor() as cursor:
        _copy(cursor, "incoming_identity", "value text", ((value,) for value in distinct))
        if _missing(cursor, brand.pk, kind):
            _lock(cursor, brand.pk)
            _create_missing(cursor, brand.pk, kind)
        cursor.execute(
            "SELECT i.value, i.customer_id FROM customers_identity i JOIN incoming_identity USING (value)"
            " WHERE i.brand_id = %s AND i.kind = %s",
            [brand.pk, kind],
        )
        found: dict[str, int] = dict(cursor.fetchall())
        cursor.execute("DROP TABLE incoming_identity")
    return np.fromiter((found[value] for value in cleaned), np.int64, len(cleaned))


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
        "INSERT INTO customers_identity (brand_id, kind, value, customer_id)"
        " SELECT %s, %s, value, customer_id FROM new_identity",
        [brand_id, kind],
    )
    cursor.execute("DROP TABLE new_identity")


class Link(NamedTuple):
    """A visitor's anonymous id that was seen together with a customer's user id."""

    anonymous_id: str
    user_id: str


@transaction.atomic
def link_identities(brand: Brand, pairs: Iterable[Link | tuple[str, str]], *, reason: str) -> dict[int, int]:
    """Joins anonymous visitors to the customers they turned out to be: (anonymous id, user id) in order of
    arrival.

    An anonymous id belongs to the first user it is seen with: on a shared device the second user doesn't get
    the first one's past. Returns {customer that is gone: customer it became}; the lake follows when it next
    takes events in.
    """
    wanted = [Link(*pair) for pair in dict.fromkeys(map(tuple, pairs))]
    if not wanted:
        return {}
    anonymous = resolve_identities(brand, IdentityKind.ANONYMOUS_ID, [link.anonymous_id for link in wanted])
    users = resolve_identities(brand, IdentityKind.USER_ID, [link.user_id for link in wanted])
    apart = [
        (int(visitor), int(user)) for visitor, user in zip(anonymous, users, strict=True) if visitor != user
    ]
    return merge_customers(brand, _first_user_of_each(brand, apart), reason=reason)


def _first_user_of_each(brand: Brand, apart: list[tuple[int, int]]) -> dict[int, int]:
    """Visitors who have no user id of their own yet, with the first user each was seen with."""
    taken = set(
        Identity.objects.filter(
            brand=brand, kind=IdentityKind.USER_ID, customer__in={visitor for visitor, _user in apart}
        ).values_list("customer", flat=True)
    )
    first: dict[int, int] = {}
    for visitor, user in apart:
        if visitor not in taken:
            first.setdefault(visitor, user)
    return first


def link_users(brand: Brand, pairs: Iterable[tuple[str, str]], *, reason: str) -> dict[int, int]:
    """Joins two known users: (previous user id, user id), as an alias message says. Returns as
    `link_identities`.
    """
    wanted = list(dict.fromkeys(pairs))
    before = resolve_identities(brand, IdentityKind.USER_ID, [previous for previous, _user in wanted])
    after = resolve_identities(brand, IdentityKind.USER_ID, [user for _previous, user in wanted])
    return merge_customers(brand, _joined(zip(map(int, before), map(int, after), strict=True)), reason=reason)


def _joined(pairs: Iterable[tuple[int, int]]) -> dict[int, int]:
    """Losers and their final winners, for pairs that may form chains and rings."""
    next_of: dict[int, int] = {}

    def end_of(customer: int) -> int:
        while customer in next_of:
            customer = next_of[customer]
        return customer

    for old, new in pairs:
        loser, winner = end_of(old), end_of(new)
        if loser != winner:
            next_of[loser] = winner
    return {loser: end_of(loser) for loser in next_of}


@transaction.atomic
def merge_customers(brand: Brand, winners: dict[int, int], *, reason: str) -> dict[int, int]:
    """Makes each loser part of its winner: identities move, what the winner's profile lacks is taken over.

    `winners` maps losers to winners and must hold no chains. The rows stay, marked with `merged_into`, and a
    Merge tells how to undo it. Returns what was merged.
    """
    winners = {loser: winner for loser, winner in winners.items() if loser != winner}
    if not winners:
        return {}
    with connection.cursor() as cursor:
        _lock(cursor, brand.pk)
        _copy(cursor, "merging", "loser bigint, winner bigint", winners.items())
        for statement in _MERGE:
            cursor.execute(statement, {"brand": brand.pk})
        moved = _moved_identities(cursor)
        cursor.execute("DROP TABLE merging")
    Merge.objects.bulk_create(
        Merge(brand=brand, loser_id=loser, winner_id=winner, reason=reason[:200], moved=moved.get(loser, []))
        for loser, winner in winners.items()
    )
    raise_revision(brand)
    return winners


def _moved_identities(cursor: CursorWrapper) -> dict[int, list[list[str]]]:
    cursor.execute(
        "WITH moved AS (UPDATE customers_identity i SET customer_id = m.winner FROM merging m"
        " WHERE i.customer_id = m.loser RETURNING m.loser, i.kind, i.value)"
        " SELECT loser, json_agg(json_build_array(kind, value)) FROM moved GROUP BY loser"
    )
    return dict(cursor.fetchall())


_MERGE = (
    # Whoever was merged into a loser before goes on to the winner.
    "UPDATE customers_customer c SET merged_into_id = m.winner FROM merging m"
    " WHERE c.brand_id = %(brand)s AND c.merged_into_id = m.loser",
    "UPDATE customers_customer w SET name = COALESCE(NULLIF(w.name, ''), l.name),"
    " email = COALESCE(NULLIF(w.email, ''), l.email), birth_year = COALESCE(w.birth_year, l.birth_year),"
    " country = COALESCE(NULLIF(w.country, ''), l.country),"
    " language = COALESCE(NULLIF(w.language, ''), l.language),"
    " traits = l.traits || w.traits, created_at = LEAST(w.created_at, l.created_at)"
    " FROM merging m JOIN customers_customer l ON l.id = m.loser WHERE w.id = m.winner",
    "UPDATE customers_customer c SET merged_into_id = m.winner FROM merging m WHERE c.id = m.loser",
)


def merges_not_in_lake(brand: Brand) -> dict[int, int]:
    """Losers whose events the lake still holds under their old id, with the customer each has become."""
    losers = Merge.objects.filter(brand=brand, in_lake_at=None).values_list("loser_id", flat=True)
    return dict(
        Customer.objects.filter(pk__in=list(losers), merged_into__isnull=False).values_list(
            "pk", "merged_into_id"
        )
    )


def note_merges_in_lake(brand: Brand, losers: Iterable[int]) -> None:
    """The lake holds these losers' events under the winners' ids now; called in the transaction that swaps
    its files.
    """
    Merge.objects.filter(brand=brand, in_lake_at=None, loser_id__in=list(losers)).update(in_lake_at=now())


def _copy(cursor: CursorWrapper, table: str, columns: str, rows: Iterable[tuple[Any, ...]]) -> None:
    """Fills a temporary table, gone at the end of the transaction, through COPY."""
    cursor.execute(f"CREATE TEMP TABLE {table} ({columns}) ON COMMIT DROP")
    names = ", ".join(column.split()[0] for column in columns.split(", "))
    with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
    cursor.execute(f"ANALYZE {table}")


def _lock(cursor: CursorWrapper, brand_id: uuid.UUID) -> None:
    """Those who make or join customers of a brand do so one after the other, so that no identity is made
    twice.
    """
    cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK_SPACE, brand_id.int & 0x7FFFFFFF])
