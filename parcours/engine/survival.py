"""How long until it happens, or until customers stay away: Kaplan-Meier curves.

The clock of each customer starts with the first event, or the first one of the activity `start`. It stops

- with `to`: at the first later event of that activity. Who has none yet is censored at the end of the
  observation;
- with `lapse`: at the last event before a pause longer than that, the pause up to the end of the observation
  included. Who has made no such pause is censored at the last event.

The observation ends with the last event of the log, or at `until`; what comes later is not looked at. The
interval is Greenwood's at 95 %, on the scale of log(-log).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from parcours.engine.arrays import Int64s, Mask
from parcours.engine.arrow import arrow, numbers, table
from parcours.engine.errors import QuestionError
from parcours.engine.first import NEVER, first_event, first_event_after, owners
from parcours.engine.moments import SECOND_US
from parcours.engine.spread import adds_up
from parcours.engine.words import gettext as _

if TYPE_CHECKING:
    import pyarrow as pa

    from parcours.engine.log import EventLog

Floats = npt.NDArray[np.float64]
Z_95 = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Choice:
    """What is asked for. Times in microseconds."""

    start: str | None
    to: str | None
    lapse: int | None
    until: int
    by: str | None

    def __post_init__(self) -> None:
        if (self.to is None) == (self.lapse is None):
            raise QuestionError(_("Say what to wait for: an activity, or a pause; one of both."))


@dataclass(frozen=True, slots=True)
class Lives:
    """One entry a customer whose clock has started."""

    lengths: Int64s
    """Microseconds until it happened, or until the customer was last seen without."""
    happened: Mask
    segments: list[object]


def merge(parts: list[Lives]) -> Lives:
    return Lives(
        np.concatenate([part.lengths for part in parts]),
        np.concatenate([part.happened for part in parts]),
        [segment for part in parts for segment in part.segments],
    )


@adds_up(merge)
def lives(log: "EventLog", choice: Choice) -> Lives:
    seen = log if _ended(log, choice.until) else log.where(time=(None, choice.until + 1))
    started = first_event(seen, choice.start)
    members = np.flatnonzero(started != NEVER)
    if choice.to is not None:
        lengths, happened = _until_event(seen, choice.to, started, choice.until)
    else:
        lengths, happened = _until_pause(seen, started, choice.lapse or 0, choice.until)
    return Lives(lengths[members], happened[members], _segments(seen, choice.by, members, started))


def _ended(log: "EventLog", until: int) -> bool:
    return not len(log) or int(log.time.max()) <= until


def _until_event(log: "EventLog", to: str, started: Int64s, until: int) -> tuple[Int64s, Mask]:
    reached = first_event_after(log, to, started)
    happened = reached != NEVER
    end = np.full(log.n_customers, until, dtype=np.int64)
    end[happened] = log.time[reached[happened]]
    return end - _time_of(log, started), happened


def _until_pause(log: "EventLog", started: Int64s, lapse: int, until: int) -> tuple[Int64s, Mask]:
    following = np.append(log.time[1:], until)
    last = log.offsets[1:][np.diff(log.offsets) > 0] - 1
    following[last] = until
    pauses = np.flatnonzero(following - log.time > lapse)
    owner = owners(log, pauses)
    pauses, owner = pauses[pauses >= started[owner]], owner[pauses >= started[owner]]
    customers, places = np.unique(owner, return_index=True)
    ends = log.offsets[1:] - 1
    ends[customers] = pauses[places]
    happened = np.zeros(log.n_customers, dtype=np.bool_)
    happened[customers] = True
    return _time_of(log, ends) - _time_of(log, started), happened


def _time_of(log: "EventLog", positions: Int64s) -> Int64s:
    if not len(log):
        return np.zeros(len(positions), dtype=np.int64)
    return log.time[np.maximum(positions, 0)]


def _segments(log: "EventLog", by: str | None, members: Int64s, started: Int64s) -> list[object]:
    if by is None:
        return [None] * len(members)
    column = log.column(by)
    codes, labels = column.encoded
    found = codes[members if column.per == "customer" else started[members]]
    return [labels[code] if code >= 0 else None for code in found.tolist()]


@dataclass(frozen=True, slots=True)
class Curve:
    """One entry a moment at which something happened; the first is the start."""

    lengths: Int64s
    at_risk: Int64s
    events: Int64s
    censored: Int64s
    """From this moment to before the next."""
    survival: Floats
    low: Floats
    high: Floats


def curve(lengths: Int64s, happened: Mask) -> Curve:
    """The Kaplan-Meier estimate. Who is censored at a moment is still at risk then."""
    moments = np.union1d([0], lengths[happened]).astype(np.int64)
    whole = np.sort(lengths)
    at_risk = len(lengths) - np.searchsorted(whole, moments)
    events = np.bincount(np.searchsorted(moments, lengths[happened]), minlength=len(moments))
    gone = lengths[~happened]
    censored = np.bincount(np.searchsorted(moments, gone, side="right") - 1, minlength=len(moments))
    survival: Floats = np.cumprod(1 - events / np.maximum(at_risk, 1), dtype=np.float64)
    left = at_risk - events
    terms = np.divide(events, at_risk * left, out=np.zeros(len(moments)), where=at_risk * left > 0)
    low, high = _greenwood(survival, np.cumsum(terms, dtype=np.float64))
    return Curve(moments, at_risk, events, censored, survival, low, high)


def _greenwood(survival: Floats, variance: Floats) -> tuple[Floats, Floats]:
    """The interval of each estimate; the estimate itself where it is 0 or 1."""
    inside = (survival > 0) & (survival < 1)
    kept = np.where(inside, survival, 0.5)
    width = Z_95 * np.sqrt(variance) / np.abs(np.log(kept))
    low, high = kept ** np.exp(width), kept ** np.exp(-width)
    return np.where(inside, low, survival), np.where(inside, high, survival)


def finish(found: Lives, by: str | None) -> "pa.Table":
    """seconds, at_risk, events, censored, survival, low, high (, segment): segments sorted, no value last."""
    segments: Sequence[Any] = [None]
    if by is not None:
        present = set(found.segments)
        segments = [*sorted(present - {None}, key=_sort_key), *([None] if None in present else [])]
    labels = np.array([None, *found.segments], dtype=object)[1:]
    members = [
        labels == segment if by is not None else np.ones(len(labels), np.bool_) for segment in segments
    ]
    curves = [curve(found.lengths[chosen], found.happened[chosen]) for chosen in members]
    columns = {
        "seconds": numbers(_joined([each.lengths / SECOND_US for each in curves])),
        "at_risk": numbers(_joined([each.at_risk for each in curves]).astype(np.int64)),
        "events": numbers(_joined([each.events for each in curves]).astype(np.int64)),
        "censored": numbers(_joined([each.censored for each in curves]).astype(np.int64)),
        "survival": numbers(_joined([each.survival for each in curves])),
        "low": numbers(_joined([each.low for each in curves])),
        "high": numbers(_joined([each.high for each in curves])),
    }
    if by is not None:
        repeated = [segment for segment, each in zip(segments, curves, strict=True) for _ in each.lengths]
        columns["segment"] = arrow().array(repeated)
    return table(columns)


def _joined(parts: list[npt.NDArray[Any]]) -> npt.NDArray[Any]:
    return np.concatenate(parts) if parts else np.zeros(0)


def _sort_key(segment: Any) -> tuple[bool, Any]:
    return isinstance(segment, str), segment
