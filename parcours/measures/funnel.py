"""How far customers get through steps, how long it takes them, and what those who stop do next."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from parcours.measures.answering import askable, step_of
from parcours.measures.drawing import Drawing
from parcours.measures.kept import kept
from parcours.measures.logs import brand_log, visits
from parcours.measures.members import Members, members
from parcours.measures.reasons import window_of
from parcours.measures.scope import Question
from parcours.measures.steps import Step

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa

    from parcours.engine import EventLog
    from parcours.engine.funnel import Chains

    Mask = npt.NDArray[np.bool_]

MOST_GROUPS = 12
MOST_NEXT = 3
SEGMENT = "segment"
NOTHING = "-"


@dataclass(frozen=True, slots=True)
class _Group:
    """`key` names it in an address; `mask` says which customers of a log are in it."""

    key: str | None
    label: str
    mask: "Callable[[], Mask]"


@dataclass(frozen=True, slots=True)
class Next:
    """What some of those who stopped at a step did first afterwards; `step` is None for nothing more."""

    activity: str
    step: Step | None
    customers: int
    share: float


@dataclass(frozen=True, slots=True)
class FunnelStep:
    """`conversion` is of the first step's customers, `from_before` of the step before's; None of nobody.

    `stopped` customers got here and no further.
    """

    step: Step
    customers: int
    conversion: float | None
    from_before: float | None
    median_seconds: float | None
    stopped: int
    next: tuple[Next, ...]


@dataclass(frozen=True, slots=True)
class Funnel:
    """The steps of one group of customers.

    `group` names it in an address: None for everybody, empty where it isn't known. `median_seconds` is the
    time from the first step to the last one, of those who came so far.
    """

    group: str | None
    label: str
    steps: tuple[FunnelStep, ...]
    median_seconds: float | None

    @property
    def customers(self) -> int:
        return self.steps[0].customers

    @property
    def conversion(self) -> float | None:
        return self.steps[-1].conversion

    @property
    def biggest_loss(self) -> int | None:
        """The place (from 0) of the step after which the largest share stops; None where nobody does."""
        shares = [each.stopped / each.customers if each.customers else 0.0 for each in self.steps[:-1]]
        return shares.index(max(shares)) if any(shares) else None


@dataclass(frozen=True, slots=True)
class Funnels:
    groups: tuple[Funnel, ...]
    table: "pa.Table"


def funnel(
    question: Question,
    steps: Sequence[str],
    *,
    drawing: Drawing | None = None,
    within: str = "",
    by: str = "",
    strict: bool = False,
) -> Funnels:
    """One funnel for everybody, or one for each value of `by`, the largest first.

    `steps` are event names, or ids of steps of the drawing when there is one. `by` is `segment`, or what
    `brand_log` knows. Raises BadInput.
    """

    def compute() -> Funnels:
        with askable():
            return _funnels(question, steps, drawing, within, by, strict=strict)

    return kept(question, drawing, ("funnel", *steps, within, by, strict), compute)


def in_funnel(
    question: Question, drawing: Drawing | None, steps: Sequence[str], place: int, **how: str
) -> Members:
    """Who reached step `place` (from 1), as `how` asks: within, by, group, strict.

    With `stopped` who got no further; with `then` those of them who did that activity next.
    """
    import numpy as np

    by = how.get("by", "")
    with askable():
        log = brand_log(question, "" if by == SEGMENT else by, drawing)
        chains = _follow(log, steps, how.get("within", ""), strict=bool(how.get("strict")))
        chosen = chains.reached == place if how.get("stopped") else chains.reached >= place
        if by and "group" in how:
            groups = _groups(question, log, chains, by)
            chosen &= next((group.mask() for group in groups if group.key == how["group"]), False)
        if how.get("then"):
            then = _activity_next(visits(log), log, chains, log.code_of(steps[place - 1]), place)
            wanted = -1 if how["then"] == NOTHING else log.code_of(how["then"])
            chosen &= then == wanted
    return members(question, np.flatnonzero(chosen))


def _follow(log: "EventLog", steps: Sequence[str], within: str, *, strict: bool) -> "Chains":
    from parcours.engine.funnel import follow

    return follow(log, steps, window_of(within), strict)


def _funnels(
    question: Question, steps: Sequence[str], drawing: Drawing | None, within: str, by: str, *, strict: bool
) -> Funnels:
    log = brand_log(question, "" if by == SEGMENT else by, drawing)
    chains = _follow(log, steps, within, strict=strict)
    groups = {group.label: group for group in _groups(question, log, chains, by)}
    if by == SEGMENT:
        tables = [
            log.where(customers=group.mask()).funnel(steps, within=within or None, strict=strict)
            for group in groups.values()
        ]
        table = _together(tables, list(groups))
    else:
        table = log.funnel(steps, within=within or None, by=by or None, strict=strict)
    rows = _by_group(table, by)
    largest = sorted(rows, key=lambda label: -rows[label][0]["customers"])[:MOST_GROUPS]
    shown = [label for label in largest if rows[label][0]["customers"]] or largest[:1]
    told = _Told(log, chains, drawing, _all_next(log, chains, steps))
    return Funnels(tuple(told.funnel(groups[label], rows[label]) for label in shown), table)


def _together(tables: "list[pa.Table]", labels: list[str]) -> "pa.Table":
    import pyarrow as pa

    named = [
        table.append_column("segment", pa.array([label] * len(table), "string"))
        for table, label in zip(tables, labels, strict=True)
    ]
    return pa.concat_tables(named)


def _by_group(table: "pa.Table", by: str) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for row in table.to_pylist():
        label = "" if not by or row["segment"] is None else str(row["segment"])
        found.setdefault(label, []).append(row)
    return found


def _groups(question: Question, log: "EventLog", chains: "Chains", by: str) -> list[_Group]:
    """Of segments a customer may be in several."""
    import numpy as np

    if not by:
        return [_Group(None, "", lambda: np.ones(log.n_customers, dtype=np.bool_))]
    if by == SEGMENT:
        return _segments(question, log)
    column = log.column(by)
    codes, labels = column.encoded
    if column.per == "customer":
        own = codes
    elif len(codes):
        own = codes[np.where(chains.reached > 0, chains.started, 0)]
    else:
        own = np.full(log.n_customers, -1)
    known = [
        _Group(str(label), str(label), partial(np.equal, own, code)) for code, label in enumerate(labels)
    ]
    return [*known, _Group("", "", partial(np.less, own, 0))]


def _segments(question: Question, log: "EventLog") -> list[_Group]:
    import numpy as np

    from parcours.customers.reads import segment_members, segments

    ids = log.customers.to_numpy(zero_copy_only=False)
    return [
        _Group(each.key, each.name, partial(np.isin, ids, segment_members(question.brand, each)))
        for each in segments(question.brand)
    ]


@dataclass(frozen=True, slots=True)
class _Told:
    """Makes what is told of each group; `then` are for each step the activities next of who stopped there."""

    log: "EventLog"
    chains: "Chains"
    drawing: Drawing | None
    then: "list[npt.NDArray[np.int64]]"

    def funnel(self, group: _Group, rows: list[dict[str, Any]]) -> Funnel:
        from parcours.engine.funnel import median_seconds

        mask, gaps = group.mask(), self.chains.gaps
        through = mask & (self.chains.reached == len(rows))
        return Funnel(
            group=group.key,
            label=group.label,
            steps=tuple(self._steps(mask, rows)),
            median_seconds=median_seconds(gaps[:, through].sum(axis=0)) if len(rows) > 1 else None,
        )

    def _steps(self, mask: "Mask", rows: list[dict[str, Any]]) -> Iterator[FunnelStep]:
        before: int | None = None
        for place, row in enumerate(rows, 1):
            customers: int = row["customers"]
            last = place == len(rows)
            stopped = 0 if last else customers - rows[place]["customers"]
            yield FunnelStep(
                step=step_of(row["activity"], self.drawing),
                customers=customers,
                conversion=row["conversion"],
                from_before=customers / before if before else None,
                median_seconds=row["median_seconds"],
                stopped=stopped,
                next=self._next(mask, place) if stopped else (),
            )
            before = customers

    def _next(self, mask: "Mask", place: int) -> tuple[Next, ...]:
        """What most of those who stopped at a step did next."""
        import numpy as np

        codes = self.then[place - 1][mask & (self.chains.reached == place)]
        found, counts = np.unique(codes, return_counts=True)
        order = np.argsort(-counts, kind="stable")[:MOST_NEXT]
        names = self.log.activities
        return tuple(
            Next(
                activity=names[code] if code >= 0 else NOTHING,
                step=step_of(names[code], self.drawing) if code >= 0 else None,
                customers=count,
                share=count / len(codes),
            )
            for code, count in zip(found[order].tolist(), counts[order].tolist(), strict=True)
        )


def _all_next(log: "EventLog", chains: "Chains", steps: Sequence[str]) -> "list[npt.NDArray[np.int64]]":
    stays = visits(log)
    return [
        _activity_next(stays, log, chains, log.code_of(step), place)
        for place, step in enumerate(steps[:-1], 1)
    ]


def _activity_next(
    stays: "EventLog", log: "EventLog", chains: "Chains", code: int, place: int
) -> "npt.NDArray[np.int64]":
    """For each customer whose chain ends at step `place` the code of the first other activity behind.

    -1 for nothing; -2 for whoever's chain ends elsewhere.
    """
    import numpy as np

    from parcours.engine.first import next_activity

    stopped = chains.reached == place
    ends = np.where(stopped, 0, -1)
    ends[stopped] = log.time[chains.started[stopped]] + chains.gaps[: place - 1, stopped].sum(axis=0)
    events = np.flatnonzero(log.activity.codes == code)
    owners = np.searchsorted(log.offsets, events, side="right") - 1
    last = stopped[owners] & (log.time[events] == ends[owners])
    last[last] &= events[last] >= chains.started[owners[last]]
    # Of several at one moment the last one: whatever is next comes behind them all.
    whose, first = np.unique(owners[last][::-1], return_index=True)
    found = np.full(log.n_customers, -2, dtype=np.int64)
    found[whose] = next_activity(stays, events[last][::-1][first], log.offsets[whose + 1])
    return found
