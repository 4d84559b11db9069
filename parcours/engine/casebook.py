"""The cases of `dropoff` apart from their log, whose events may lie in parts elsewhere."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from parcours.engine import funnel
from parcours.engine.arrays import Int64s, Labelled, Mask
from parcours.engine.arrow import arrow, numbers, one_array, table, take
from parcours.engine.columns import Column
from parcours.engine.features import MOST_CELLS, Past, past_of
from parcours.engine.first import NEVER, first_event, next_activity
from parcours.engine.spread import adds_up, in_order, rows

if TYPE_CHECKING:
    import pyarrow as pa

    from parcours.engine.log import EventLog

LOST = -1


@dataclass(frozen=True, slots=True)
class CaseBook:
    """One entry for each customer who reached `at`, with what is known of him at his first event of it."""

    time: Int64s
    took: Int64s
    """From `at` to `to` in microseconds; LOST."""
    following: Int64s
    """The code of the activity behind, or -1."""
    past: Past
    channel: Any
    columns: dict[str, Any]

    @property
    def lost(self) -> Mask:
        lost: Mask = self.took == LOST
        return lost

    def chosen(self, kept: Mask) -> "CaseBook":
        past, places = self.past, np.flatnonzero(kept)
        return CaseBook(
            self.time[kept],
            self.took[kept],
            self.following[kept],
            Past(past.counts[kept], past.latest[kept], past.sizes[kept]),
            None if self.channel is None else self.channel[kept],
            {name: take(values, places) for name, values in self.columns.items()},
        )

    def log(self, whole: "EventLog") -> "EventLog":
        """A log of these events alone, with the labels of the whole one."""
        from parcours.engine.log import EventLog

        size = len(self.time)
        nothing: Any = np.full(size, whole.activity.none, dtype=whole.activity.codes.dtype)
        return EventLog(
            customers=numbers(np.arange(size)),
            offsets=np.arange(size + 1),
            time=self.time,
            activity=Labelled(nothing, whole.activities),
            channel=None if self.channel is None else Labelled(self.channel, whole.channels),
            columns={name: Column.of_values(values) for name, values in self.columns.items()},
        )


def _together(books: list[CaseBook]) -> CaseBook:
    def joined(arrays: list[Any]) -> Any:
        return np.concatenate(arrays)

    wide = min(each.past.counts.shape[1] for each in books)
    if sum(len(each.time) for each in books) * wide > MOST_CELLS:
        wide = 0
    past = Past(
        joined([each.past.counts[:, :wide] for each in books]),
        joined([each.past.latest for each in books]),
        joined([each.past.sizes for each in books]),
    )
    columns = {
        name: one_array(arrow().chunked_array([_plain(each.columns[name]) for each in books]))
        for name in books[0].columns
    }
    return CaseBook(
        joined([each.time for each in books]),
        joined([each.took for each in books]),
        joined([each.following for each in books]),
        past,
        None if books[0].channel is None else joined([each.channel for each in books]),
        columns,
    )


def _plain(values: Any) -> Any:
    """Dictionaries of parts differ."""
    return values.dictionary_decode() if arrow().types.is_dictionary(values.type) else values


@adds_up(_together)
def case_book(log: "EventLog", at: str, to: str, within: int, values: bool = True) -> CaseBook:
    """Everybody who reached `at`, however late; the properties at that event only with `values`."""
    chains = funnel.follow(log, [at, to], within)
    events = first_event(log, at)
    customers = np.flatnonzero(events != NEVER)
    events = events[customers]
    columns = log.columns.items() if values else ()
    return CaseBook(
        time=log.time[events],
        took=_took(chains)[customers],
        following=next_activity(log, events, log.offsets[customers + 1]),
        past=past_of(log, customers, events),
        channel=log.channel.codes[events] if log.channel else None,
        columns={
            name: column.take(customers if column.per == "customer" else events).arrow
            for name, column in columns
        },
    )


@in_order(rows)
def chances(log: "EventLog", at: str, to: str, within: int) -> "pa.Table":
    """began, took: of each customer, the time of the first `at` and how long it took to `to`; or null."""
    chains = funnel.follow(log, [at, to], within)
    events = first_event(log, at)
    never, took = events == NEVER, _took(chains)
    began = log.time[np.maximum(events, 0)] if len(log) else np.zeros(len(events), np.int64)
    pa = arrow()
    return table({"began": pa.array(began, mask=never), "took": pa.array(took, mask=took == LOST)})


def _took(chains: funnel.Chains) -> Int64s:
    return np.where(chains.reached == 2, chains.gaps[0], LOST)
