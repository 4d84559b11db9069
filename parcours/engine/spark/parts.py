"""Parts of a log as they stand on the workers: whole customers, as sorted arrays."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from parcours.engine.arrays import Int64s, Labelled, code_type
from parcours.engine.arrow import one_array
from parcours.engine.columns import Column
from parcours.engine.log import EventLog
from parcours.engine.reading.build import build
from parcours.engine.reading.source import Names, Piece, Source
from parcours.engine.spread import Ranks

RANK = "(rank)"


@dataclass(frozen=True, slots=True)
class Part:
    """The arrays of an EventLog, with its own labels, and the columns that were asked for."""

    customers: Any
    ranks: Ranks
    """One number a customer, in the order of the customers of the whole log."""
    offsets: Int64s
    time: Int64s
    activity: Labelled
    channel: Labelled | None
    columns: dict[str, Any]
    skipped: dict[str, int]

    def log(self, activities: Sequence[str], channels: Sequence[str] | None) -> EventLog:
        """The part as a log with the labels of the whole log, and the ranks as a column `RANK`."""
        columns = {name: Column.of_values(values) for name, values in self.columns.items()}
        return EventLog(
            customers=self.customers,
            offsets=self.offsets,
            time=self.time,
            activity=_relabelled(self.activity, activities),
            channel=_relabelled(self.channel, channels) if self.channel and channels is not None else None,
            columns=columns | {RANK: Column.of_values(self.ranks, per="customer")},
            skipped=self.skipped,
        )


def _relabelled(labelled: Labelled, labels: Sequence[str]) -> Labelled:
    kind = code_type(len(labels))
    place = {label: code for code, label in enumerate(labels)}
    code_of = np.full(labelled.none + 1, np.iinfo(kind).max, dtype=kind)
    code_of[: len(labelled.labels)] = [place[label] for label in labelled.labels]
    codes: Any = code_of[labelled.codes]
    return Labelled(codes, tuple(labels))


class Rows:
    """A table as a source: its columns as they are."""

    defaults: Mapping[str, str] = {}

    def __init__(self, table: Any) -> None:
        self.table = table
        self.names: list[str] = list(table.column_names)
        self.rows: int = table.num_rows

    def load(self, names: list[str]) -> dict[str, Any]:
        return {name: self.table[name] for name in names}

    def pieces(self) -> list[Piece]:
        return []


def of_bucket(source: Source, names: Names, timezone: str | None, columns: Sequence[str], first: int) -> Part:
    """A part of rows that stand together in the whole log, where they begin at row `first`."""
    log = build(source, names, timezone)
    return _of(log, columns, first + np.arange(log.n_customers))


def of_rows(source: Source, names: Names, timezone: str | None, columns: Sequence[str], row: str) -> Part:
    """A part of rows from anywhere, which the column `row` numbers as the whole log does."""
    log = build(source, names, timezone)
    numbers = log.column(row).arrow.to_numpy()
    ranks = np.minimum.reduceat(numbers, log.offsets[:-1]) if log.n_customers else np.empty(0, dtype=np.int64)
    return _of(log, columns, ranks)


def _of(log: EventLog, columns: Sequence[str], ranks: Ranks) -> Part:
    return Part(
        customers=log.customers,
        ranks=ranks,
        offsets=log.offsets,
        time=log.time,
        activity=log.activity,
        channel=log.channel,
        columns={name: one_array(log.column(name).arrow) for name in columns},
        skipped=log.skipped,
    )
