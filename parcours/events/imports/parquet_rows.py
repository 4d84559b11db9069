"""Parquet files, read a batch at a time."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from django.utils.translation import gettext as _

from parcours.core.errors import BadInput
from parcours.events.arrow import pa, pq
from parcours.events.imports.properties import object_of
from parcours.events.imports.rows import Progress, Rows
from parcours.events.imports.tables import rows_of_table

BATCH = 65_536


class ParquetSource:
    """A Parquet file; its rows are numbered from 1. Raises BadInput for one that is broken."""

    format = "parquet"

    def __init__(self, path: Path) -> None:
        self.path = path
        self.notices: list[str] = []
        self._done = 0
        try:
            with pq.ParquetFile(path) as file:
                self._rows = file.metadata.num_rows
                self.columns = list(file.schema_arrow.names)
        except (pa.ArrowException, OSError) as error:
            raise self._unreadable(error) from error
        if not self._rows:
            raise BadInput(_("The file has no rows; nothing was stored."), where=str(path))

    def sample(self, rows: int) -> list[dict[str, Any]]:
        for batch in self._batches(rows):
            found: list[dict[str, Any]] = batch.to_pylist()
            return found
        return []

    def chunks(self, roles: Mapping[str, str], traits: Mapping[str, str]) -> Iterator[Rows]:
        self._done = 0
        for batch in self._batches(BATCH):
            table = pa.Table.from_batches([batch])
            lines = np.arange(self._done + 1, self._done + 1 + len(batch), dtype=np.int64)
            self._done += len(batch)
            yield rows_of_table(
                table,
                lines=lines,
                raw=lambda row, table=table: _text(table.slice(row, 1).to_pylist()[0]),  # type: ignore[misc]
                roles=roles,
                traits=traits,
            )

    def progress(self) -> Progress:
        return Progress(self._done, self._rows)

    def _batches(self, size: int) -> Iterator[Any]:
        try:
            with pq.ParquetFile(self.path) as file:
                yield from file.iter_batches(batch_size=size)
        except (pa.ArrowException, OSError) as error:
            raise self._unreadable(error) from error

    def _unreadable(self, error: Exception) -> BadInput:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        return BadInput(
            _("The file can't be read as Parquet: {reason}").format(reason=reason), where=str(self.path)
        )


def _text(values: dict[str, Any]) -> str:
    return object_of(
        {name: value if isinstance(value, int | float) else str(value) for name, value in values.items()}
    )
