"""Visits. A session ends when the customer pauses for longer than the gap; a pause of exactly the gap does
not end it.

Every event counts, also one without an activity.
"""

from typing import TYPE_CHECKING

import numpy as np

from parcours.engine import threads
from parcours.engine.arrow import arrow, numbers, table, take
from parcours.engine.kernels.sessions import mark_session_starts
from parcours.engine.spread import in_order, rows

if TYPE_CHECKING:
    import pyarrow as pa

    from parcours.engine.log import EventLog


@in_order(rows)
def sessions(log: "EventLog", gap: int) -> "pa.Table":
    """customer, session (from 1 for each customer), start, end, events, first_activity, last_activity.

    In the order of the log. Activities are dictionary-coded. `gap` in microseconds.
    """
    marks = np.zeros(len(log), dtype=np.bool_)
    threads.run(
        lambda first, last: mark_session_starts(log.time, log.offsets, first, last, gap, marks),
        threads.parts(log.offsets),
    )
    starts = np.flatnonzero(marks)
    ends = np.append(starts, len(log))[1:] - 1
    before = np.searchsorted(starts, log.offsets)  # sessions that begin before each customer's first event
    owners = np.repeat(np.arange(log.n_customers), np.diff(before))
    moments = arrow().timestamp("us", "UTC")
    return table(
        {
            "customer": take(log.customers, owners),
            "session": numbers(np.arange(len(starts)) - before[owners] + 1),
            "start": numbers(log.time[starts], moments),
            "end": numbers(log.time[ends], moments),
            "events": numbers(ends - starts + 1),
            "first_activity": log.labels_at(starts),
            "last_activity": log.labels_at(ends),
        }
    )
