"""Business time of many spans at once, by the brand's usual hours."""

import uuid
from datetime import UTC, datetime, timedelta

import numpy as np
import numpy.typing as npt

from parcours.inbox.hours.arithmetic import Hours, worked
from parcours.inbox.hours.reads import hours_of

_SECOND = 1_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def usual_hours(brand_id: uuid.UUID) -> Hours | None:
    """None where nobody said when the team works: then there is only clock time."""
    hours = hours_of(brand_id=brand_id)
    return None if hours.is_always else hours


def business_seconds(
    hours: Hours, begin: npt.NDArray[np.int64], seconds: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """Of spans that begin at so many microseconds since 1970; nothing is known of those of unknown length."""
    found = np.full(len(begin), np.nan)
    known = ~np.isnan(seconds)
    if not known.any():
        return found
    first, last = begin[known], begin[known] + (seconds[known] * _SECOND).astype(np.int64)
    spans = [
        (_micros(opens), _micros(closes))
        for opens, closes in worked(hours, _moment(first.min()), _moment(last.max()))
    ]
    edges = np.array(spans, dtype=np.int64).reshape(-1, 2)
    found[known] = (_worked_by(edges, last) - _worked_by(edges, first)) / _SECOND
    return found


def _worked_by(edges: npt.NDArray[np.int64], moments: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """How much was worked until each moment."""
    if not len(edges):
        return np.zeros(len(moments), dtype=np.int64)
    lengths = edges[:, 1] - edges[:, 0]
    before = np.concatenate([[0], np.cumsum(lengths)])
    place = np.searchsorted(edges[:, 0], moments, side="right") - 1
    safe = np.maximum(place, 0)
    into = np.clip(moments - edges[safe, 0], 0, lengths[safe])
    whole: npt.NDArray[np.int64] = np.where(place < 0, 0, before[safe] + into)
    return whole


def _moment(micros: np.int64) -> datetime:
    return _EPOCH + timedelta(microseconds=int(micros))


def _micros(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(microseconds=1)
