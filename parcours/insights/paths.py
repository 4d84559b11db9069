"""The paths behind a number: which customers, how they came to it step by step, what they did then.

A path begins with the customer's first event in the stage (or in one of its touchpoints) and ends with the
first later event in the next stage where they went on, else with their last event. The same step several
times in a row counts once; after `MOST_STEPS` steps the rest is left out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from parcours.engine.kernels.progression import ENDED, NOT_REACHED, OFF_THE_MAP, WENT_ON

if TYPE_CHECKING:
    from parcours.engine import EventLog
    from parcours.insights.scope import Scope

MOST_STEPS = 8
AND_SO_ON = "…"

Int64s = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

OUTCOMES = ("all", "next", "others", "ahead", "back", "off_map", "ended")


@dataclass(frozen=True, slots=True)
class Target:
    """A number of the canvas: a stage's customers with an outcome, or those of one of its touchpoints.

    `stage`, `to` (for ahead and back: only there) and `touchpoint` are codes of the drawing.
    """

    stage: int
    outcome: str = "all"
    to: int | None = None
    touchpoint: int | None = None


@dataclass(frozen=True, slots=True)
class Path:
    """A sequence that some customers share. `steps` are codes; `key` names it in an address."""

    key: str
    steps: tuple[int, ...]
    goes_on: bool
    customers: int
    share: float
    median_seconds: float


@dataclass(frozen=True)
class Behind:
    """The customers behind a number, in the order of the log; one entry a customer in every array.

    `entered` and `left` are positions of events: the first in the stage, and the one their path ends with.
    """

    scope: "Scope"
    target: Target
    customers: Int64s
    """Positions of customers in the logs of the scope."""
    entered: Int64s
    left: Int64s

    def __len__(self) -> int:
        return len(self.customers)

    @cached_property
    def ids(self) -> Int64s:
        found: Int64s = self.scope.events.customers.to_numpy(zero_copy_only=False)[self.customers]
        return found

    @cached_property
    def seconds(self) -> npt.NDArray[np.float64]:
        """How long each path took."""
        time = self.scope.events.time
        return (time[self.left] - time[self.entered]) / 1_000_000

    @cached_property
    def outside(self) -> Int64s:
        """The position of the first event after entering that lies outside of the stage; -1 for none."""
        stages = self.scope.stages
        elsewhere = np.flatnonzero(stages.activity.codes != self.target.stage)
        place = np.searchsorted(elsewhere, self.entered, side="right")
        after = np.append(elsewhere, len(stages))[place]
        return np.where(after < self._ends, after, -1)

    @cached_property
    def last_inside(self) -> Int64s:
        """The position of the last event of the first visit to the stage."""
        return np.where(self.outside < 0, self._ends, self.outside) - 1

    @property
    def _ends(self) -> Int64s:
        return self.scope.events.offsets[self.customers + 1]


def behind(scope: "Scope", target: Target) -> Behind:
    """Everybody whom the canvas counts in this number, and nobody else."""
    stages, touchpoints = scope.stages, scope.touchpoints
    progression = stages.progression(scope.drawing.stage_labels)
    outcomes = progression.outcomes[target.stage]
    chosen = _chosen(outcomes, target)
    if target.touchpoint is None:
        first = _first_of(stages, target.stage)
    else:
        first = _first_of(touchpoints, target.touchpoint)
        chosen &= first >= 0
    customers = np.flatnonzero(chosen)
    entered = first[customers]
    left = stages.offsets[customers + 1] - 1
    if target.stage + 1 < len(scope.drawing.stages):
        arrived = _first_after(stages, target.stage + 1, entered)
        left = np.where(arrived < stages.offsets[customers + 1], arrived, left)
    return Behind(scope, target, customers, entered, left)


_CODE_OF = {"next": WENT_ON, "off_map": OFF_THE_MAP, "ended": ENDED}


def _chosen(outcomes: npt.NDArray[np.int32], target: Target) -> Mask:
    reached: Mask = outcomes != NOT_REACHED
    chosen = reached
    if target.outcome in _CODE_OF:
        chosen = outcomes == _CODE_OF[target.outcome]
    elif target.outcome == "others":
        chosen = reached & (outcomes != WENT_ON)
    elif target.outcome in {"ahead", "back"} and target.to is not None:
        chosen = outcomes == target.to
    elif target.outcome == "ahead":
        chosen = outcomes > target.stage
    elif target.outcome == "back":
        chosen = (outcomes >= 0) & (outcomes < target.stage)
    return chosen


def _first_of(log: "EventLog", code: int) -> Int64s:
    """The position of each customer's first event with this code; -1 without any."""
    positions = np.flatnonzero(log.activity.codes == code)
    place = np.searchsorted(positions, log.offsets[:-1])
    first = np.append(positions, len(log))[place]
    return np.where(first < log.offsets[1:], first, -1)


def _first_after(log: "EventLog", code: int, after: Int64s) -> Int64s:
    """The first position past each of `after` with this code, whoever's; the log's length without any."""
    positions = np.flatnonzero(log.activity.codes == code)
    return np.append(positions, len(log))[np.searchsorted(positions, after, side="right")]


def top_paths(behind: Behind, *, by_event: bool, top: int = 20) -> tuple[list[Path], npt.NDArray[np.uint64]]:
    """The most frequent paths, and each customer's as a number that a path's `key` holds in hexadecimal.

    Steps are touchpoints (events off the map are left out) or, with `by_event`, all events by their names.
    The step past the last code stands for “and so on”.
    """
    from parcours.engine.variants import group, sequence

    log = _as_steps(behind, by_event=by_event)
    if not len(behind):
        return [], np.empty(0, dtype=np.uint64)
    groups = group(log)
    more = len(log.activities) - 1
    order = np.argsort(-groups.counts, kind="stable")[: top + 1]
    paths = []
    for place in order.tolist():
        holder = int(groups.holders[place])
        steps = tuple(int(code) for code in sequence(log, holder))
        if not steps:
            continue
        same = groups.hashes == groups.hashes[holder]
        paths.append(
            Path(
                key=f"{int(groups.hashes[holder]):016x}",
                steps=steps,
                goes_on=steps[-1] == more,
                customers=int(groups.counts[place]),
                share=int(groups.counts[place]) / len(behind),
                median_seconds=float(np.median(behind.seconds[same])),
            )
        )
    paths.sort(key=lambda path: (-path.customers, path.steps))
    return paths[:top], groups.hashes


def _as_steps(behind: Behind, *, by_event: bool) -> "EventLog":
    """The customers' paths as a log of their own: repeats in a row once, at most MOST_STEPS steps."""
    whole = behind.scope.events if by_event else behind.scope.touchpoints
    lengths = behind.left - behind.entered + 1
    offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    positions = np.repeat(behind.entered - offsets[:-1], lengths) + np.arange(offsets[-1])
    labels = [*whole.activities, AND_SO_ON]
    kind = np.uint8 if len(labels) < 255 else np.uint16
    none = int(np.iinfo(kind).max)
    codes = whole.activity.codes[positions]
    codes = np.where(codes == whole.activity.none, none, codes).astype(kind)
    codes = _without_repeats(codes, offsets, none)
    codes = _shortened(codes, offsets, none, len(labels) - 1)
    return whole.from_codes(
        customers=behind.ids,
        offsets=offsets,
        time=whole.time[positions],
        activity=codes,
        activities=labels,
    )


def _without_repeats(codes: npt.NDArray[np.uint16], offsets: Int64s, none: int) -> npt.NDArray[np.uint16]:
    mapped = np.flatnonzero(codes != none)
    owner = np.searchsorted(offsets, mapped, side="right")
    repeated = (codes[mapped][1:] == codes[mapped][:-1]) & (owner[1:] == owner[:-1])
    kept = codes.copy()
    kept[mapped[1:][repeated]] = none
    return kept


def _shortened(
    codes: npt.NDArray[np.uint16], offsets: Int64s, none: int, more: int
) -> npt.NDArray[np.uint16]:
    counted = np.cumsum(codes != none)
    before = np.concatenate([[0], counted])[offsets[:-1]]
    rank = counted - np.repeat(before, np.diff(offsets))
    shortened = np.where(rank > MOST_STEPS, none, codes).astype(codes.dtype)
    shortened[(rank == MOST_STEPS + 1) & (codes != none)] = more
    return shortened


def tally(codes: npt.NDArray[np.integer], labels: Sequence[str]) -> list[tuple[str | None, int]]:
    """How many customers stand for each label, the most first; None for those without a value."""
    known = (codes >= 0) & (codes < len(labels))
    counts = np.bincount(codes[known].astype(np.int64), minlength=len(labels))
    order = np.argsort(-counts, kind="stable")
    found: list[tuple[str | None, int]] = [
        (labels[code], int(counts[code])) for code in order if counts[code]
    ]
    unknown = len(codes) - int(known.sum())
    return [*found, (None, unknown)] if unknown else found
