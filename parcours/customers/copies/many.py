"""Customers as a file: everybody, or a segment. The file can be taken in again and changes nothing."""

import csv
import json
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor
from parcours.core.cells import harmless
from parcours.core.errors import BadInput
from parcours.core.rules import Rule
from parcours.customers.profiles import profile_field
from parcours.customers.reads import CustomerView, profiles, segment
from parcours.customers.segments.members import members_of
from parcours.customers.tables import OWN_ID, TRAIT
from parcours.journal.writes import record

if TYPE_CHECKING:
    import pyarrow as pa

KINDS = ("csv", "parquet", "jsonl")
BATCH = 2_000
MOST_TRAITS = 500
_FIELDS = ("user_id", "name", "email", "phone", "birth_year", "country", "language")
Row = dict[str, Any]


def kind_of(path: Path) -> str:
    """By the name's end. Raises BadInput for an end that says nothing."""
    kind = path.suffix.lower().removeprefix(".")
    if kind not in KINDS:
        raise BadInput(
            _("What kind of file this is can't be told from its name."),
            where=str(path),
            remedy=_("Let it end in one of: {known}.").format(known=", ".join(f".{kind}" for kind in KINDS)),
        )
    return kind


def do_export_customers(
    brand: Brand, file: IO[bytes], kind: str, *, segment_key: str = "", acting_user: Actor
) -> int:
    """Writes a row for each customer of the segment, or for everybody; returns how many.

    Several numbers or addresses of one customer stand with the first only. Raises NotFound, Forbidden.
    """
    acting_user.require("customers.import")
    rule = segment(brand, segment_key).rule if segment_key else Rule()
    ids = members_of(brand, rule).tolist()
    traits = _trait_columns(brand, ids)
    batches = _batches(brand, ids, traits)
    _WRITERS[kind](file, _columns(traits), batches)
    with transaction.atomic():
        told = {"rows": len(ids), "segment": segment_key, "kind": kind}
        record(acting_user, "customers exported", "brand", brand.pk, told)
    return len(ids)


def _columns(traits: dict[str, str]) -> list[str]:
    return [OWN_ID, *_FIELDS, *traits.values()]


def _trait_columns(brand: Brand, ids: list[int]) -> dict[str, str]:
    """The traits that these customers have, each with its column; one that is called like a field stands
    apart from it.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT key FROM customers_customer, jsonb_object_keys(traits) AS key"
            " WHERE brand_id = %s AND id = ANY(%s) ORDER BY key LIMIT %s",
            [brand.pk, ids, MOST_TRAITS],
        )
        found = [row[0] for row in cursor.fetchall()]
    taken = {OWN_ID, *_FIELDS}
    return {
        key: f"{TRAIT}{key}" if key in taken or key.startswith(TRAIT) or profile_field(key) else key
        for key in found
    }


def _batches(brand: Brand, ids: list[int], traits: dict[str, str]) -> Iterator[list[Row]]:
    for start in range(0, len(ids), BATCH):
        chosen = ids[start : start + BATCH]
        known = profiles(brand, chosen)
        yield [_row(known[each], traits) for each in chosen if each in known]


def _row(customer: CustomerView, traits: dict[str, str]) -> Row:
    def first(kind: str) -> str:
        return next((each.value for each in customer.identities if each.kind == kind), "")

    return {
        OWN_ID: customer.id,
        "user_id": first("user_id"),
        "name": customer.name,
        "email": customer.email,
        "phone": first("phone"),
        "birth_year": customer.birth_year,
        "country": customer.country,
        "language": customer.language,
        **{column: customer.traits.get(key) for key, column in traits.items()},
    }


def _write_csv(file: IO[bytes], columns: list[str], batches: Iterator[list[Row]]) -> None:
    file.write("\N{BYTE ORDER MARK}".encode())
    file.write(_lines([columns]))
    for rows in batches:
        file.write(_lines([[_cell(row[column]) for column in columns] for row in rows]))


def _lines(rows: list[list[Any]]) -> bytes:
    text = StringIO()
    csv.writer(text).writerows([harmless(cell) for cell in row] for row in rows)
    return text.getvalue().encode()


def _cell(value: Any) -> Any:
    """Text for a cell: lists and objects as JSON, booleans as JSON has them."""
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _write_jsonl(file: IO[bytes], _columns: list[str], batches: Iterator[list[Row]]) -> None:
    for rows in batches:
        for row in rows:
            said = {name: value for name, value in row.items() if value is not None and value != ""}
            file.write((json.dumps(said, ensure_ascii=False) + "\n").encode())


def _write_parquet(file: IO[bytes], columns: list[str], batches: Iterator[list[Row]]) -> None:
    import pyarrow.parquet as pq

    schema = _schema(columns)
    with pq.ParquetWriter(file, schema, compression="zstd") as writer:
        for rows in batches:
            writer.write_table(_table(rows, schema))


def _schema(columns: list[str]) -> "pa.Schema":
    import pyarrow as pa

    kinds = {OWN_ID: pa.int64(), "birth_year": pa.int16()}
    return pa.schema([(column, kinds.get(column, pa.string())) for column in columns])


def _table(rows: list[Row], schema: "pa.Schema") -> "pa.Table":
    import pyarrow as pa

    columns = []
    for named in schema:
        values = [row[named.name] for row in rows]
        if pa.types.is_string(named.type):
            values = [None if value is None or value == "" else str(_cell(value)) for value in values]
        columns.append(pa.array(values, named.type))
    return pa.Table.from_arrays(columns, schema=schema)


_WRITERS: dict[str, Callable[[IO[bytes], list[str], Iterator[list[Row]]], None]] = {
    "csv": _write_csv,
    "jsonl": _write_jsonl,
    "parquet": _write_parquet,
}
