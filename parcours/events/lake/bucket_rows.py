"""The rows of a bucket, in the order that an index gives them."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from parcours.events.arrow import ChunkedArray, Table, pa, pc, pq
from parcours.events.lake.layout import LABELLED, as_int64


def bucket_table(lake: Path, paths: Sequence[str], columns: Sequence[str]) -> Table:
    """The rows of a bucket in order, with customer, time and the columns; its files are sorted already, each
    by itself.
    """
    several = len(paths) > 1 and "seq" not in columns
    wanted = ["customer", "time", *(["seq"] if several else []), *columns]
    dictionaries = [name for name in columns if name in LABELLED]
    tables = []
    for path in paths:
        with pq.ParquetFile(lake / path, read_dictionary=dictionaries) as file:
            tables.append(file.read(columns=wanted))
    return tables[0] if len(tables) == 1 else _merged(tables)


def _merged(tables: Sequence[Table]) -> Table:
    """Rows of several files, each in order by itself: only customers of more than one need sorting."""
    table = pa.concat_tables(tables)
    customers = as_int64(table["customer"])
    order = np.argsort(customers, kind="stable")  # quick, for it finds the runs
    owners = customers[order]
    origins = np.repeat(np.arange(len(tables)), [len(part) for part in tables])[order]
    torn = owners[1:][(owners[1:] == owners[:-1]) & (origins[1:] != origins[:-1])]
    places = np.flatnonzero(np.isin(owners, torn))
    rows = order[places]
    keys = [as_int64(table[name])[rows] for name in ("seq", "time", "customer")]
    order[places] = rows[np.lexsort(keys)]
    return table.take(pa.array(order))


def coded(column: ChunkedArray, labels: dict[str, int]) -> npt.NDArray[np.int64]:
    """Codes into `labels`, which grows by what is new in the column; -1 where the value is null."""
    parts = []
    for chunk in column.chunks:
        encoded = chunk if pa.types.is_dictionary(chunk.type) else chunk.dictionary_encode()
        table = np.array([labels.setdefault(label, len(labels)) for label in encoded.dictionary.to_pylist()])
        indices = pc.fill_null(encoded.indices, -1).to_numpy(zero_copy_only=False)
        parts.append(np.append(table, -1).astype(np.int64)[indices])
    return np.concatenate(parts) if parts else np.empty(0, np.int64)
