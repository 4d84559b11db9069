"""How many customers are written at a time: temporary tables filled through COPY, one writer a brand."""

import uuid
from collections.abc import Iterable
from typing import Any

from django.db.backends.utils import CursorWrapper

MANY = 10_000
"""From so many new rows on the planner is told of them: its old guesses make the next joins slow."""

_LOCK_SPACE = 0x1DE7


def copy_into(cursor: CursorWrapper, table: str, columns: str, rows: Iterable[tuple[Any, ...]]) -> None:
    """Fills a temporary table, gone at the end of the transaction."""
    cursor.execute(f"CREATE TEMP TABLE {table} ({columns}) ON COMMIT DROP")
    names = ", ".join(column.split()[0] for column in columns.split(", "))
    with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
    cursor.execute(f"ANALYZE {table}")


def lock_customers(cursor: CursorWrapper, brand_id: uuid.UUID) -> None:
    """Those who make or join customers of a brand do so one after the other, so that no identity is made
    twice.
    """
    cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK_SPACE, brand_id.int & 0x7FFFFFFF])


def tell_planner(cursor: CursorWrapper, rows: int) -> None:
    if rows >= MANY:
        cursor.execute("ANALYZE customers_customer, customers_identity")
