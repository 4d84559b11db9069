"""A log whose events stay on a Spark cluster: the same questions, the same answers."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any, NoReturn

import numpy as np

from parcours.engine.arrays import Int64s, Labelled, Mask, code_type
from parcours.engine.arrow import arrow, one_array
from parcours.engine.columns import Column
from parcours.engine.filters import customer_mask
from parcours.engine.log import CUSTOMER, EventLog
from parcours.engine.moments import Moment, as_datetime
from parcours.engine.spark import jobs
from parcours.engine.spark.asking import Asked, Contents, Filter, contents, filtered
from parcours.engine.spark.errors import StaysOnClusterError
from parcours.engine.spark.store import PartStore
from parcours.engine.spread import Question, Ranks, Spread, in_order, rows
from parcours.engine.words import gettext as _


class SparkLog(Spread, EventLog):
    """An EventLog in parts on a cluster.

    Every question that is marked in `parcours.engine.spread` works as in memory: each part answers it on a
    worker, and what comes back is put together here. What needs the events themselves raises
    StaysOnClusterError.
    """

    def __init__(self, store: PartStore, filters: tuple[Filter, ...] = ()) -> None:
        """For the engine itself; use `EventLog.read(…, runner="spark")`."""
        self._store = store
        self._filters = filters
        self.activity = _labelled(store.activities)
        self.channel = None if store.channels is None else _labelled(store.channels)
        self.columns = {name: Column(_refuse_column) for name in store.properties}
        self.skipped = dict(store.skipped)

    @property
    def spark(self) -> Any:
        """The SparkContext of this process; `log.spark.stop()` ends the connection."""
        return self._store.context

    def close(self) -> None:
        """Let the cluster forget what it keeps of this log, and of all that were made from it by `where`."""
        self._store.forget()

    # What it is

    def __len__(self) -> int:
        return self._contents.events

    @property
    def n_customers(self) -> int:
        return self._contents.customers

    @property
    def span(self) -> tuple[datetime, datetime] | None:
        found = self._contents
        if found.first is None or found.last is None:
            return None
        return as_datetime(found.first), as_datetime(found.last)

    @cached_property
    def customers(self) -> Any:
        return one_array(_ids(self)[CUSTOMER])

    @cached_property
    def _contents(self) -> Contents:
        return contents(self)

    @property
    def nbytes(self) -> None:
        """The events lie on the cluster."""
        return

    def __repr__(self) -> str:
        return super().__repr__().replace("EventLog", "SparkLog", 1)

    # What it is not

    @property
    def offsets(self) -> Int64s:  # type: ignore[override]
        _refuse(_("This question needs the events themselves."))

    @property
    def time(self) -> Int64s:  # type: ignore[override]
        _refuse(_("This question needs the times of events."))

    def column(self, name: str) -> Column:
        super().column(name)
        _refuse(_("This question needs the property “{name}” of each event.").format(name=name))

    def labels_at(self, *_positions: Any) -> Any:
        _refuse(_("Activities at positions need the events themselves."))

    def relabel(self, *_codes: Any, **_named: Any) -> EventLog:
        _refuse(_("Relabelling needs a code for each event."))

    def save(self, *_directory: Any) -> None:
        _refuse(_("Saving needs the events themselves."))

    # Another log from this one

    def where(
        self,
        condition: "str | Mask | None" = None,
        *,
        time: tuple[Moment | None, Moment | None] | None = None,
        customers: Any = None,
    ) -> "SparkLog":
        """As `EventLog.where`; a condition in truths for each event is refused."""
        if condition is not None and not isinstance(condition, str):
            _refuse(_("A condition that is not SQL needs a truth for each event."))
        chosen: Filter = {"condition": condition, "time": time}
        if customers is not None:
            chosen["ranks"] = _ranks(self)[customer_mask(self, customers)]
        smaller = SparkLog(self._store, (*self._filters, chosen))
        smaller._template(set())
        return smaller

    # Asking the parts

    def gather(self, question: Question, merge: Callable[[list[Any]], Any]) -> Any:
        nothing, answers = self._answers(question, ranked=False)
        return merge([nothing, *answers])

    def gather_ranked(self, question: Question, join: Callable[[list[tuple[Any, Ranks]]], Any]) -> Any:
        nothing, answers = self._answers(question, ranked=True)
        return join([(nothing, np.empty(0, dtype=np.int64)), *answers])

    def _answers(self, question: Question, *, ranked: bool) -> tuple[Any, list[Any]]:
        """The answer of a part without customers, which finds mistakes in the question at once, and of all
        parts.
        """
        used: set[str] = set()
        nothing = question.ask(self._template(used), **question.arguments)
        asked = Asked(question, self._filters, self.activities, self._store.channels, ranked)
        parts = self._store.parts(used)
        return nothing, jobs.collect(self.spark, parts.mapPartitions(asked), _purpose(question))

    def _template(self, used: set[str]) -> EventLog:
        """A log like this one without customers; properties that are looked at are added to `used`."""

        def column(name: str, kind: Any) -> Column:
            def load() -> Any:
                used.add(name)
                return arrow().array([], kind)

            return Column(load)

        nothing = np.empty(0, dtype=np.int64)
        log = EventLog(
            customers=arrow().array([], self._store.ids),
            offsets=np.zeros(1, dtype=np.int64),
            time=nothing,
            activity=self.activity,
            channel=self.channel,
            columns={name: column(name, kind) for name, kind in self._store.properties.items()},
        )
        for each in self._filters:
            log = filtered(log, each, nothing)
        return log


def _labelled(labels: Sequence[str]) -> Labelled:
    codes: Any = np.empty(0, dtype=code_type(len(labels)))
    return Labelled(codes, tuple(labels))


@in_order(rows)
def _ids(log: EventLog) -> Any:
    return arrow().table({CUSTOMER: log.customers})


def _sorted(parts: list[tuple[Any, Ranks]]) -> Any:
    return np.sort(np.concatenate([ranks for _, ranks in parts]))


@in_order(_sorted)
def _ranks(_log: EventLog) -> Any:
    """The rank of each customer, in order."""
    return None


def _purpose(question: Question) -> str:
    return f"{question.ask.__module__.rpartition('.')[2]}: {question.ask.__name__}"


def _refuse_column() -> NoReturn:
    _refuse(_("This question needs a property of each event."))


def _refuse(what: str) -> NoReturn:
    raise StaysOnClusterError(what)
