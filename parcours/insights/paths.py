"""The paths behind a number: which customers, how they came to it step by step, what they did then.

A path begins with the customer's first event in the stage (or in one of its touchpoints) and ends with the
first later event in the next stage where they went on, else with their last event. The same step several
times in a row counts once; of more than `MOST_STEPS` steps only the first and last few are told.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from parcours.engine.kernels.progression import ENDED, NOT_REACHED, OFF_THE_MAP, WENT_ON

if TYPE_CHECKING:
    from parcours.engine import EventLog
    from parcours.measures.scope import Scope

MOST_STEPS = 8
TOLD = MOST_STEPS // 2
"""How many steps of a longer path stand before what is left out, and how many after."""

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
    """A sequence that some customers share; `key` names it in an address.

    `steps` are codes; the one past the last label stands for steps that are left out.
    """

    key: str
    steps: tuple[int, ...]
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


@dataclass(frozen=True)
class Paths:
    """The customers of a number grouped by their paths.

    `matrix` holds a customer's steps as codes from 1, then zeros; the code past the last stands for steps
    left out. `group` is each customer's group, `holders` one customer of each group, `counts` its size.
    """

    behind: Behind
    labels: tuple[str, ...]
    matrix: npt.NDArray[np.int32]
    group: Int64s
    holders: Int64s
    counts: Int64s

    def top(self, most: int) -> list[Path]:
        """The most frequent, equal ones in the order of their steps."""
        frequent = np.argsort(-self.counts, kind="stable")[:most]
        paths = [self._path(int(group)) for group in frequent]
        return sorted(paths, key=lambda path: (-path.customers, path.steps))

    def with_key(self, key: str) -> Mask:
        """Which customers take the path with this key."""
        for group in np.argsort(-self.counts, kind="stable").tolist():
            if self._key(self._steps(group)) == key:
                found: Mask = self.group == group
                return found
        return np.zeros(len(self.group), dtype=np.bool_)

    def _path(self, group: int) -> Path:
        steps = self._steps(group)
        customers = int(self.counts[group])
        return Path(
            key=self._key(steps),
            steps=steps,
            customers=customers,
            share=customers / len(self.behind),
            median_seconds=float(np.median(self.behind.seconds[self.group == group])),
        )

    def _steps(self, group: int) -> tuple[int, ...]:
        return tuple(code - 1 for code in self.matrix[self.holders[group]].tolist() if code)

    def _key(self, steps: tuple[int, ...]) -> str:
        names = [self.labels[step] if step < len(self.labels) else "" for step in steps]
        return blake2b("\n".join(names).encode(), digest_size=8).hexdigest()


def paths_of(behind: Behind, *, by_event: bool) -> Paths:
    """Steps are touchpoints (what lies off the map is left out) or, with `by_event`, all events by name."""
    log = behind.scope.events if by_event else behind.scope.touchpoints
    matrix = _step_matrix(log, behind)
    key = np.zeros(len(behind), dtype=np.int64)
    base = len(log.activities) + 2
    for step in matrix.T:
        if key.max(initial=0) > np.iinfo(np.int64).max // base - base:
            key = np.unique(key, return_inverse=True)[1]
        key = key * base + step
    _keys, holders, group, counts = np.unique(key, return_index=True, return_inverse=True, return_counts=True)
    return Paths(behind, log.activities, matrix, group, holders, counts)


def _step_matrix(log: "EventLog", behind: Behind) -> npt.NDArray[np.int32]:
    """Each customer's steps, repeats in a row once; of a long path the first and last few."""
    lengths = behind.left - behind.entered + 1
    starts = np.cumsum(lengths) - lengths
    owner = np.repeat(np.arange(len(behind)), lengths)
    positions = np.arange(len(owner)) - np.repeat(starts - behind.entered, lengths)
    codes = log.activity.codes[positions]
    mapped = codes != log.activity.none
    codes, owner = codes[mapped], owner[mapped]
    new = np.ones(len(codes), dtype=np.bool_)
    new[1:] = (codes[1:] != codes[:-1]) | (owner[1:] != owner[:-1])
    codes, owner = codes[new], owner[new]
    begin, end = (np.searchsorted(owner, np.arange(len(behind)), side=side) for side in ("left", "right"))
    rank = np.arange(len(codes)) - begin[owner]
    left = end[owner] - begin[owner]
    matrix = np.zeros((len(behind), MOST_STEPS + 1), dtype=np.int32)
    long = left > MOST_STEPS
    first = ~long | (rank < TOLD)
    matrix[owner[first], rank[first]] = codes[first].astype(np.int32) + 1
    matrix[owner[long], TOLD] = len(log.activities) + 1
    last = long & (rank >= left - TOLD)
    place = rank - left + MOST_STEPS + 1
    matrix[owner[last], place[last]] = codes[last].astype(np.int32) + 1
    return matrix


def tally(codes: npt.NDArray[np.integer], labels: Sequence[str]) -> list[tuple[str | None, int]]:
    """How many customers stand for each label, the most first and equal ones by name; then None for those
    without a value.
    """
    known = (codes >= 0) & (codes < len(labels))
    counts = np.bincount(codes[known].astype(np.int64), minlength=len(labels))
    present = [(labels[code], int(counts[code])) for code in np.flatnonzero(counts).tolist()]
    found: list[tuple[str | None, int]] = [*sorted(present, key=lambda each: (-each[1], each[0]))]
    unknown = len(codes) - int(known.sum())
    return [*found, (None, unknown)] if unknown else found
