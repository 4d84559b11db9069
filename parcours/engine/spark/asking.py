"""What a task does with its part: count what is in it, or ask it a question."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from parcours.engine.arrow import compute, one_array
from parcours.engine.errors import EngineError
from parcours.engine.log import CUSTOMER, EventLog
from parcours.engine.spark.errors import Failure
from parcours.engine.spark.parts import RANK, Part
from parcours.engine.spread import Question, Ranks, adds_up

Filter = dict[str, Any]
"""Arguments of `EventLog.where`, with the ranks of customers in place of their positions."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What a log consists of. Times in microseconds; None without events."""

    events: int = 0
    customers: int = 0
    first: int | None = None
    last: int | None = None


def _together(parts: list[Contents]) -> Contents:
    firsts = [part.first for part in parts if part.first is not None]
    lasts = [part.last for part in parts if part.last is not None]
    return Contents(
        sum(part.events for part in parts),
        sum(part.customers for part in parts),
        min(firsts, default=None),
        max(lasts, default=None),
    )


@adds_up(_together)
def contents(log: EventLog) -> Contents:
    if not len(log):
        return Contents()
    return Contents(len(log), log.n_customers, int(log.time.min()), int(log.time.max()))


@dataclass(frozen=True, slots=True)
class Labels:
    """What is known of the whole log only once all parts are read."""

    activities: frozenset[str] = frozenset()
    channels: frozenset[str] = frozenset()
    skipped: dict[str, int] = field(default_factory=dict)
    ids: Any = None
    """The arrow type of the ids of customers."""


def labels(parts: Iterable[Part | Failure]) -> Iterator[Labels | Failure]:
    for part in parts:
        if isinstance(part, Failure):
            yield part
        else:
            channels = frozenset(part.channel.labels) if part.channel else frozenset()
            yield Labels(frozenset(part.activity.labels), channels, part.skipped, part.customers.type)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, put to the parts of a partition."""

    question: Question
    filters: tuple[Filter, ...]
    activities: tuple[str, ...]
    channels: tuple[str, ...] | None
    ranked: bool

    def __call__(self, parts: Iterable[Part | Failure]) -> Iterator[Any]:
        for part in parts:
            if isinstance(part, Failure):
                yield part
                continue
            try:
                yield self._answer(part)
            except EngineError as error:
                yield Failure.of(error)

    def _answer(self, part: Part) -> Any:
        log = part.log(self.activities, self.channels)
        for each in self.filters:
            log = filtered(log, each, _ranks_in(log))
        ranks = _ranks_in(log)
        del log.columns[RANK]
        answer = self.question.ask(log, **self.question.arguments | self.question.of_a_part)
        return (answer, ranks_of(answer, log, ranks)) if self.ranked else answer


def filtered(log: EventLog, chosen: Filter, ranks: Ranks) -> EventLog:
    """The log of what a filter leaves; `ranks` are those of its customers."""
    arguments = {name: value for name, value in chosen.items() if name != "ranks"}
    if "ranks" in chosen:
        arguments["customers"] = np.isin(ranks, chosen["ranks"])
    return log.where(**arguments)


def _ranks_in(log: EventLog) -> Ranks:
    ranks: Ranks = one_array(log.columns[RANK].arrow).to_numpy()
    return ranks


def ranks_of(answer: Any, log: EventLog, ranks: Ranks) -> Ranks:
    """The rank of each row of a table with a column of customers, else of each customer of the log."""
    import pyarrow as pa

    if not isinstance(answer, pa.Table) or CUSTOMER not in answer.column_names:
        return ranks
    places = compute().index_in(one_array(answer[CUSTOMER]), value_set=log.customers)
    found: Ranks = ranks[places.to_numpy().astype(np.int64)]
    return found
