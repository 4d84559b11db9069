"""What a page says about the customers behind a number."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np

from parcours.engine.moments import as_datetime
from parcours.events.catalogue import label_of
from parcours.events.channels import channel_label
from parcours.insights.paths import Behind, Path, Paths, paths_of, tally
from parcours.measures.steps import Step

if TYPE_CHECKING:
    import numpy.typing as npt

PAGE = 50
MOST_PATHS = 20
MOST_TALLIES = 12


@dataclass(frozen=True, slots=True)
class PathRow:
    key: str
    steps: tuple[Step, ...]
    customers: int
    share: float
    median_seconds: float


@dataclass(frozen=True, slots=True)
class Tally:
    """How many of the customers stand for a value; `name` is empty for those without one."""

    name: str
    customers: int
    share: float


@dataclass(frozen=True, slots=True)
class Member:
    """One of the customers: when they entered the stage, how long their path took and how it ended."""

    customer: int
    entered_at: datetime
    seconds: float
    last_event: str

    @property
    def last_label(self) -> str:
        """The last event in the reader's words."""
        return label_of(self.last_event)


@dataclass(frozen=True, slots=True)
class Report:
    """The paths of a number's customers. `chosen` of the `customers` take the path that was asked for.

    `leaving` is the last thing they did on their first visit to the stage, `following` the first thing after.
    """

    customers: int
    median_seconds: float | None
    paths: tuple[PathRow, ...]
    leaving: tuple[Tally, ...]
    following: tuple[Tally, ...]
    channels: tuple[Tally, ...]
    members: tuple[Member, ...]
    chosen: int
    page: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.chosen // PAGE))

    @property
    def more_paths(self) -> int:
        """Customers whose path is too rare to be listed."""
        return self.customers - sum(path.customers for path in self.paths)


def report(behind: Behind, *, by_event: bool, path: str = "", page: int = 1) -> Report:
    """`path` narrows the list of customers to those with that path (a `PathRow.key`)."""
    paths = paths_of(behind, by_event=by_event)
    rows = [_row(each, behind, by_event=by_event) for each in paths.top(MOST_PATHS)]
    order = _newest_first(paths, path)
    last = max(1, -(-len(order) // PAGE))
    page = min(max(page, 1), last)
    return Report(
        customers=len(behind),
        median_seconds=float(np.median(behind.seconds)) if len(behind) else None,
        paths=tuple(rows),
        leaving=_events(behind, behind.last_inside),
        following=_events(behind, behind.outside),
        channels=_channels(behind),
        members=tuple(_members(behind, order[(page - 1) * PAGE : page * PAGE])),
        chosen=len(order),
        page=page,
    )


def every_member(behind: Behind, *, by_event: bool, path: str = "") -> Iterator[Member]:
    """All of the customers, those who entered last first."""
    return _members(behind, _newest_first(paths_of(behind, by_event=by_event), path))


def _newest_first(paths: Paths, path: str) -> "npt.NDArray[np.int64]":
    """The places of those who take this path, of all with none named."""
    behind = paths.behind
    chosen = np.flatnonzero(paths.with_key(path)) if path else np.arange(len(behind))
    entered = behind.scope.events.time[behind.entered[chosen]]
    return chosen[np.argsort(-entered, kind="stable")]


def _members(behind: Behind, places: "npt.NDArray[np.int64]") -> Iterator[Member]:
    events = behind.scope.events
    names = (*events.activities, "")
    for place in places.tolist():
        code = int(events.activity.codes[behind.left[place]])
        yield Member(
            customer=int(behind.ids[place]),
            entered_at=as_datetime(int(events.time[behind.entered[place]])),
            seconds=float(behind.seconds[place]),
            last_event=names[min(code, len(names) - 1)],
        )


def _row(path: Path, behind: Behind, *, by_event: bool) -> PathRow:
    shown = tuple(_step(code, behind, by_event=by_event) for code in path.steps)
    return PathRow(path.key, shown, path.customers, path.share, path.median_seconds)


def _step(code: int, behind: Behind, *, by_event: bool) -> Step:
    drawing, names = behind.scope.drawing, behind.scope.events.activities
    if code == len(names if by_event else drawing.touchpoints):
        return Step("…")
    if by_event:
        return Step(label_of(names[code]))
    return Step(drawing.touchpoints[code].name, int(drawing.stage_of_touchpoint[code]) + 1)


def _events(behind: Behind, positions: "npt.NDArray[np.int64]") -> tuple[Tally, ...]:
    """The names of the events at these positions; without a name for -1."""
    events = behind.scope.events
    codes = np.full(len(behind), -1, dtype=np.int64)
    somewhere = positions >= 0
    codes[somewhere] = events.activity.codes[positions[somewhere]]
    labels = [label_of(name) for name in events.activities]
    return _shares(tally(codes, labels), len(behind))


def _channels(behind: Behind) -> tuple[Tally, ...]:
    """The channel of the event by which customers entered."""
    channel = behind.scope.events.channel
    if channel is None:
        return ()
    labels = [channel_label(str(label)) for label in channel.labels]
    return _shares(tally(channel.codes[behind.entered], labels), len(behind))


def _shares(counts: Sequence[tuple[str | None, int]], of: int) -> tuple[Tally, ...]:
    """The largest, and those without a value wherever they stand."""
    shown = [*counts[:MOST_TALLIES], *(each for each in counts[MOST_TALLIES:] if each[0] is None)]
    largest_first = sorted(shown, key=lambda each: -each[1])
    return tuple(Tally(name or "", customers, customers / of) for name, customers in largest_first)
