"""Visits: how many a day, how long, of how many events, and where they begin."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from parcours.measures.answering import askable
from parcours.measures.kept import kept
from parcours.measures.logs import brand_log
from parcours.measures.members import Members, members
from parcours.measures.scope import Question

if TYPE_CHECKING:
    import pyarrow as pa

    from parcours.engine import EventLog

MOST_DAYS = 92
"""A longer time is shown by weeks, then by months of 28 days."""
SIZES = (1, 2, 3, 5, 10, 20)
LENGTHS = (0, 60, 300, 900, 1_800, 3_600)
SECOND_US, DAY_US = 1_000_000, 86_400_000_000
EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Part:
    """Sessions of one kind: `key` names it in an address, `low` and `high` its bounds (None: and more)."""

    key: str
    sessions: int
    customers: int
    median_seconds: float | None
    mean_events: float | None
    low: int = 0
    high: int | None = None


@dataclass(frozen=True, slots=True)
class Sessions:
    """`by_time` are runs of `days` days each, `by_events` and `by_length` (in seconds) sizes."""

    all: Part
    single: int
    days: int
    first_day: date | None
    by_time: tuple[Part, ...]
    by_channel: tuple[Part, ...]
    by_events: tuple[Part, ...]
    by_length: tuple[Part, ...]

    @property
    def table(self) -> "pa.Table":
        """by, from, sessions, customers, median_seconds, mean_events."""
        import pyarrow as pa

        kinds = (("day", self.by_time), ("channel", self.by_channel), ("events", self.by_events))
        rows = [
            {
                "by": kind,
                "from": str(part.low) if part.high or part.low else part.key,
                "sessions": part.sessions,
                "customers": part.customers,
                "median_seconds": part.median_seconds,
                "mean_events": part.mean_events,
            }
            for kind, parts in (*kinds, ("seconds", self.by_length))
            for part in parts
        ]
        return pa.Table.from_pylist(rows)

    @property
    def a_day(self) -> float:
        return self.all.sessions / max(1, len(self.by_time) * self.days)


@dataclass(frozen=True, slots=True)
class _Visits:
    """One entry a session: the customer's position, its channel, local day, seconds and events."""

    owner: npt.NDArray[np.int64]
    channel: npt.NDArray[np.int64]
    day: npt.NDArray[np.int64]
    seconds: npt.NDArray[np.float64]
    events: npt.NDArray[np.int64]

    def part(
        self, key: str, chosen: npt.NDArray[np.bool_] | slice, low: int = 0, high: int | None = None
    ) -> Part:
        seconds, events = self.seconds[chosen], self.events[chosen]
        return Part(
            key=key,
            sessions=len(events),
            customers=len(np.unique(self.owner[chosen])),
            median_seconds=float(np.median(seconds)) if len(seconds) else None,
            mean_events=float(events.mean()) if len(events) else None,
            low=low,
            high=high,
        )


def sessions(question: Question, gap: str = "30min") -> Sessions:
    """A new session begins after a pause longer than `gap`. Raises BadInput."""

    def compute() -> Sessions:
        with askable():
            log = brand_log(question)
            table = log.sessions(gap)
        return _counted(log, table, question.brand.time_zone)

    return kept(question, None, ("sessions", gap), compute)


def in_sessions(question: Question, gap: str, **wish: str) -> Members:
    """Who has a session that begins on a channel, on one of the days from a day on, or of a size.

    `wish`: channel; day and days; events or length as “low-high”, “low-” for and more.
    """
    with askable():
        log = brand_log(question)
        found = _visits(log, log.sessions(gap), question.brand.time_zone)
    chosen = np.ones(len(found.events), dtype=np.bool_)
    if wish.get("touch"):
        chosen &= found.channel == _code(log, wish["touch"])
    if wish.get("day"):
        first = (date.fromisoformat(wish["day"]) - EPOCH).days
        chosen &= (found.day >= first) & (found.day < first + int(wish.get("days") or 1))
    for name, values in (("events", found.events), ("length", found.seconds)):
        if wish.get(name):
            low, _dash, high = wish[name].partition("-")
            chosen &= values >= int(low)
            if high:
                chosen &= values < int(high)
    return members(question, np.unique(found.owner[chosen]))


def _code(log: "EventLog", channel: str) -> int:
    return log.channels.index(channel) if channel in log.channels else -2


def _visits(log: "EventLog", table: "pa.Table", time_zone: str) -> _Visits:
    from parcours.engine.calendar import local_microseconds

    events = table.column("events").to_numpy()
    begins = np.cumsum(events) - events  # the sessions of a log lie one after the other in it
    ends = begins + events - 1
    channel = np.full(len(begins), -1, dtype=np.int64)
    if log.channel is not None:
        codes = log.channel.codes[begins].astype(np.int64)
        channel = np.where(codes == log.channel.none, -1, codes)
    return _Visits(
        owner=np.searchsorted(log.offsets, begins, side="right") - 1,
        channel=channel,
        day=local_microseconds(log.time[begins], time_zone) // DAY_US,
        seconds=(log.time[ends] - log.time[begins]) / SECOND_US,
        events=events,
    )


def _counted(log: "EventLog", table: "pa.Table", time_zone: str) -> Sessions:
    found = _visits(log, table, time_zone)
    first, last = (int(found.day.min()), int(found.day.max())) if len(found.day) else (0, -1)
    span = last - first + 1
    days = 1 if span <= MOST_DAYS else 7 if span <= 7 * MOST_DAYS else 28
    runs = (found.day - first) // days
    by_channel = [
        found.part(log.channels[code] if code >= 0 else "", found.channel == code)
        for code in np.unique(found.channel).tolist()
    ]
    return Sessions(
        all=found.part("", slice(None)),
        single=int(np.count_nonzero(found.events == 1)),
        days=days,
        first_day=EPOCH + timedelta(days=first) if len(found.day) else None,
        by_time=tuple(
            found.part((EPOCH + timedelta(days=first + run * days)).isoformat(), runs == run)
            for run in range(-(-span // days))
        ),
        by_channel=tuple(sorted(by_channel, key=lambda part: -part.sessions)),
        by_events=_sized(found, found.events, SIZES),
        by_length=_sized(found, found.seconds, LENGTHS),
    )


def _sized(
    found: _Visits, values: npt.NDArray[np.float64] | npt.NDArray[np.int64], lows: tuple[int, ...]
) -> tuple[Part, ...]:
    parts = []
    for low, high in zip(lows, (*lows[1:], None), strict=True):
        chosen = (values >= low) & (values < high if high is not None else True)
        parts.append(found.part(f"{low}-{'' if high is None else high}", chosen, low, high))
    return tuple(parts)
