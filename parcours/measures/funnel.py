"""How far customers get through steps, how long it takes them, and what those who stop do next."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
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
            chosen &= next((mask for key, _label, mask in groups if key == how["group"]), False)
        if how.get("then"):
            then = _activity_next(log, chains, log.code_of(steps[place - 1]), place)
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
    if by == SEGMENT:
        groups = _groups(question, log, chains, by)
        tables = [
            log.where(customers=mask).funnel(steps, within=within or None, strict=strict)
            for _key, _label, mask in groups
        ]
        table = _together(tables, [label for _key, label, _mask in groups])
    else:
        table = log.funnel(steps, within=within or None, by=by or None, strict=strict)
        groups = _groups(question, log, chains, by)
    rows = _by_group(table, by)
    found = [
        _funnel(log, chains, (key, label, mask), rows[label], drawing)
        for key, label, mask in groups
        if label in rows
    ]
    found.sort(key=lambda each: -each.customers)
    somebody = [each for each in found if each.customers] or found[:1]
    return Funnels(tuple(somebody[:MOST_GROUPS]), table)


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


def _groups(
    question: Question, log: "EventLog", chains: "Chains", by: str
) -> "list[tuple[str | None, str, Mask]]":
    """Each group's key in an address, its label, and which customers are in it; of segments one may be in
    several.
    """
    import numpy as np

    if not by:
        return [(None, "", np.ones(log.n_customers, dtype=np.bool_))]
    if by == SEGMENT:
        from parcours.customers.reads import segment_members, segments

        ids = log.customers.to_numpy(zero_copy_only=False)
        return [
            (each.key, each.name, np.isin(ids, segment_members(question.brand, each)))
            for each in segments(question.brand)
        ]
    column = log.column(by)
    codes, labels = column.encoded
    if column.per == "customer":
        own = codes
    elif len(codes):
        own = codes[np.where(chains.reached > 0, chains.started, 0)]
    else:
        own = np.full(log.n_customers, -1)
    known = [(str(label), str(label), own == code) for code, label in enumerate(labels)]
    return [*known, ("", "", own < 0)]


def _funnel(
    log: "EventLog",
    chains: "Chains",
    group: "tuple[str | None, str, Mask]",
    rows: list[dict[str, Any]],
    drawing: Drawing | None,
) -> Funnel:
    from parcours.engine.funnel import median_seconds

    key, label, mask = group
    through = mask & (chains.reached == len(rows))
    return Funnel(
        group=key,
        label=label,
        steps=tuple(_steps(log, chains, mask, rows, drawing)),
        median_seconds=median_seconds(chains.gaps[:, through].sum(axis=0)) if len(rows) > 1 else None,
    )


def _steps(
    log: "EventLog", chains: "Chains", mask: "Mask", rows: list[dict[str, Any]], drawing: Drawing | None
) -> Iterator[FunnelStep]:
    before: int | None = None
    for place, row in enumerate(rows, 1):
        customers: int = row["customers"]
        last = place == len(rows)
        stopped = 0 if last else customers - rows[place]["customers"]
        then = _activity_next(log, chains, log.code_of(row["activity"]), place)
        yield FunnelStep(
            step=step_of(row["activity"], drawing),
            customers=customers,
            conversion=row["conversion"],
            from_before=customers / before if before else None,
            median_seconds=row["median_seconds"],
            stopped=stopped,
            next=_told(log, then[mask & (chains.reached == place)], drawing) if stopped else (),
        )
        before = customers


def _told(log: "EventLog", codes: "npt.NDArray[np.int64]", drawing: Drawing | None) -> tuple[Next, ...]:
    """The most frequent of these activities."""
    import numpy as np

    found, counts = np.unique(codes, return_counts=True)
    order = np.argsort(-counts, kind="stable")[:MOST_NEXT]
    return tuple(
        Next(
            activity=log.activities[code] if code >= 0 else NOTHING,
            step=step_of(log.activities[code], drawing) if code >= 0 else None,
            customers=count,
            share=count / len(codes),
        )
        for code, count in zip(found[order].tolist(), counts[order].tolist(), strict=True)
    )


def _activity_next(log: "EventLog", chains: "Chains", code: int, place: int) -> "npt.NDArray[np.int64]":
    """For each customer whose chain ends at step `place` the code of the first other activity behind.

    -1 for nothing; -2 for whoever's chain ends elsewhere.
    """
    import numpy as np

    from parcours.engine.dropoff import next_activity

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
    found[whose] = next_activity(visits(log), events[last][::-1][first], log.offsets[whose + 1])
    return found
