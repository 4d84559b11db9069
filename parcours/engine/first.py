"""The first event of each customer that is of a kind, and what comes behind an event."""

from typing import TYPE_CHECKING

import numpy as np

from parcours.engine.arrays import Int64s

if TYPE_CHECKING:
    from parcours.engine.log import EventLog

NEVER = -1


def first_event(log: "EventLog", activity: str | None) -> Int64s:
    """The position of each customer's first event of the activity (None: of any); NEVER without one."""
    if activity is None:
        return np.where(np.diff(log.offsets) > 0, log.offsets[:-1], NEVER)
    positions = np.flatnonzero(log.activity.codes == log.code_of(activity))
    return _first_by_customer(log, positions)


def first_event_after(log: "EventLog", activity: str, after: Int64s) -> Int64s:
    """The position of each customer's first event of the activity behind the one at `after`, or NEVER.

    Customers whose `after` is NEVER have none.
    """
    positions = np.flatnonzero(log.activity.codes == log.code_of(activity))
    own = after[owners(log, positions)]
    return _first_by_customer(log, positions[(own != NEVER) & (positions > own)])


def owners(log: "EventLog", positions: Int64s) -> Int64s:
    """The customer of each event at these positions, by position among customers."""
    if len(positions) * 10 > len(log):  # spelling out all of them is then faster than searching for each
        return np.repeat(np.arange(log.n_customers), np.diff(log.offsets))[positions]
    return np.searchsorted(log.offsets, positions, side="right") - 1


def _first_by_customer(log: "EventLog", positions: Int64s) -> Int64s:
    customers, places = np.unique(owners(log, positions), return_index=True)
    found = np.full(log.n_customers, NEVER, dtype=np.int64)
    found[customers] = positions[places]
    return found


def next_activity(log: "EventLog", events: Int64s, ends: Int64s) -> Int64s:
    """The code of the first activity behind each event and before each end, or -1."""
    named = np.flatnonzero(log.activity.codes != log.activity.none)
    place = np.searchsorted(named, events, side="right")
    if not len(named):
        return np.full(len(events), -1, dtype=np.int64)
    found = named[np.minimum(place, len(named) - 1)]
    own = (place < len(named)) & (found < ends)
    return np.where(own, log.activity.codes[found].astype(np.int64), -1)
