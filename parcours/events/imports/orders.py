"""Lines of orders become orders: one event each, whatever the order of the lines in the file."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
from django.utils.translation import gettext as _

from parcours.events.arrow import pa, pc
from parcours.events.imports.mapping import AMOUNT, ORDER, PRICE, QUANTITY
from parcours.events.imports.rejects import Reject
from parcours.events.imports.rows import Rows
from parcours.events.imports.shaping import Shaped, as_keys

COMPLETED, CANCELLED = "Order Completed", "Order Cancelled"
_BATCH = 65_536
_SCHEMA = pa.schema(
    [
        ("nth", pa.int64()),
        ("line", pa.int64()),
        ("number", pa.string()),
        ("key", pa.string()),
        ("kind", pa.string()),
        ("time", pa.int64()),
        ("channel", pa.string()),
        ("quantity", pa.float64()),
        ("amount", pa.float64()),
    ]
)


class OrderLines:
    """Collects lines on disk and gives back orders."""

    def __init__(self, folder: Path, cancelled_prefix: str = "") -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._path = folder / "lines.arrows"
        self._prefix = cancelled_prefix
        self._writer = pa.ipc.new_stream(str(self._path), _SCHEMA)
        self.lines = 0
        self.orders = 0

    def add(self, rows: Rows, shaped: Shaped) -> list[Reject]:
        """Keeps the shaped lines; returns those that have no order number or no amount."""
        take = pa.array(shaped.good)
        numbers = as_keys(rows.roles[ORDER]).take(take)
        quantity = _number(rows.roles.get(QUANTITY), len(rows.lines)).take(take)
        amount = self._amounts(rows).take(take)
        no_number, no_amount = np.asarray(numbers.is_null()), np.asarray(amount.is_null())
        rejects = [
            Reject(
                int(shaped.lines[place]),
                _("There is no order number.") if no_number[place] else _("The amount can't be read."),
                rows.raw(int(shaped.good[place])),
            )
            for place in np.flatnonzero(no_number | no_amount)
        ]
        count = len(shaped.good)
        table = pa.Table.from_arrays(
            [
                pa.array(np.arange(self.lines, self.lines + count)),
                pa.array(shaped.lines),
                numbers,
                shaped.keys,
                shaped.kinds,
                pa.array(shaped.time),
                shaped.channels,
                quantity,
                amount,
            ],
            schema=_SCHEMA,
        )
        self._writer.write_table(table.filter(pa.array(~(no_number | no_amount))))
        self.lines += count - len(rejects)
        return rejects

    def shaped(self) -> Iterator[Shaped]:
        """The orders as events, in the order of their first lines."""
        self._writer.close()
        if not self.lines:
            return
        database = duckdb.connect(
            config={"memory_limit": "256MB", "threads": "2", "temp_directory": str(self._folder / "scratch")}
        )
        with pa.OSFile(str(self._path), "rb") as file, pa.ipc.open_stream(file) as reader:
            database.register("lines", reader)
            orders = database.sql(
                _GROUPED.format(completed=COMPLETED, cancelled=CANCELLED), params=[self._prefix] * 2
            )
            for batch in orders.to_arrow_reader(_BATCH):
                self.orders += len(batch)
                yield _as_shaped(batch)
        database.close()

    def _amounts(self, rows: Rows) -> Any:
        count = len(rows.lines)
        if AMOUNT in rows.roles:
            return _number(rows.roles[AMOUNT], count)
        return pc.multiply(_number(rows.roles[QUANTITY], count), _number(rows.roles[PRICE], count))


_GROUPED = """
WITH grouped AS (
  SELECT number, min(nth) AS nth, arg_min(line, nth) AS line, arg_min(key, nth) AS key, arg_min(kind, nth) AS
  kind,
    arg_min(time, nth) AS time, arg_min(channel, nth) AS channel, count(*) AS products,
    sum(abs(quantity)) AS quantity, round(sum(amount), 2) AS total
  FROM lines GROUP BY number),
named AS (
  SELECT *, CASE WHEN total < 0 OR (? <> '' AND starts_with(number, ?)) THEN '{cancelled}' ELSE '{completed}'
  END
    AS name FROM grouped)
SELECT line, key, kind, time, name, channel, 'order:' || name || ':' || number AS id,
  json_object('order_id', number, 'products', products, 'quantity', quantity, 'total', abs(total))::VARCHAR
  AS properties
FROM named ORDER BY nth
"""


def _as_shaped(batch: Any) -> Shaped:
    return Shaped(
        good=np.arange(len(batch)),
        lines=batch.column("line").to_numpy(),
        keys=batch.column("key"),
        kinds=batch.column("kind"),
        time=batch.column("time").to_numpy(),
        names=batch.column("name"),
        channels=batch.column("channel"),
        ids=batch.column("id"),
        properties=batch.column("properties"),
        rejects=[],
    )


def _number(column: Any, count: int) -> Any:
    """Numbers, null where there is none; a decimal comma is read when there is no point."""
    if column is None:
        return pa.nulls(count, pa.float64())
    column = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    if pa.types.is_string(column.type):
        texts = pc.replace_substring_regex(pc.utf8_trim_whitespace(column), r"^(-?\d+),(\d+)$", r"\1.\2")
        valid = pc.match_substring_regex(texts, r"^[-+]?(\d+(\.\d*)?|\.\d+)$")
        column = pc.if_else(valid, texts, pa.scalar(None, pa.string()))
    numbers = column.cast(pa.float64(), safe=False)
    return pc.if_else(pc.is_finite(numbers), numbers, pa.scalar(None, pa.float64()))
