"""Words about an erased person outside the rows that go: blacked out in the journal, looked for elsewhere."""

from collections.abc import Collection
from typing import Any

from django.apps import apps
from django.db import connection

from parcours.customers.stitching.same_person import Known

_TEXTS = ("text", "character varying", "jsonb", "json", "ARRAY")
_APART = frozenset({"customers_suppression", "django_session", "django_migrations"})
SHORTEST_TELLING = 8


def telling(identities: Collection[Known]) -> list[str]:
    """The identities that can't be anything else by chance: addresses, phone numbers, long ids."""
    return sorted(
        {value for kind, value in identities if kind in {"email", "phone"} or len(value) >= SHORTEST_TELLING}
    )


def mentions(identities: Collection[Known]) -> dict[str, int]:
    """How many rows of each table still name the person: texts that people wrote, which only people can
    judge. Looks through every column of text, JSON and bytes.
    """
    values = telling(identities)
    if not values:
        return {}
    found = {}
    for table, texts, binaries in _searchable():
        sql, parameters = _condition(texts, binaries, values)
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT count(*) FROM "{table}" WHERE {sql}', parameters)  # noqa: S608 - own names
            rows = int(cursor.fetchone()[0])
        if rows:
            found[table] = rows
    return found


def _condition(texts: list[str], binaries: list[str], values: list[str]) -> tuple[str, list[Any]]:
    patterns = [f"%{escaped(value)}%" for value in values]
    parts = [f'"{column}"::text ILIKE ANY(%s)' for column in texts]
    parameters: list[Any] = [patterns for _column in texts]
    for column in binaries:
        parts += [f"position(convert_to(%s, 'UTF8') IN \"{column}\") > 0"] * len(values)
        parameters += values
    return " OR ".join(parts), parameters


def _searchable() -> list[tuple[str, list[str], list[str]]]:
    """Tables of the installation with their columns of text and of bytes."""
    ours = {model._meta.db_table for model in apps.get_models()} - _APART  # noqa: SLF001
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name, data_type FROM information_schema.columns"
            " WHERE table_schema = current_schema() AND table_name = ANY(%s)"
            " AND data_type = ANY(%s) ORDER BY table_name, ordinal_position",
            [sorted(ours), [*_TEXTS, "bytea"]],
        )
        rows = cursor.fetchall()
    tables: dict[str, tuple[list[str], list[str]]] = {}
    for table, column, kind in rows:
        texts, binaries = tables.setdefault(table, ([], []))
        (binaries if kind == "bytea" else texts).append(column)
    return [(table, texts, binaries) for table, (texts, binaries) in tables.items()]


def escaped(value: str) -> str:
    """For LIKE."""
    return value.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
