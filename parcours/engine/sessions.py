"""Visits. A session ends when the customer pauses for longer than the gap; a pause of exactly the gap does
not end it.

Every event counts, also one without an activity.
"""

from typing import TYPE_CHECKING

import numpy as np

from parcours.engine import threads
from parcours.engine.arrow import arrow, table, take
from parcours.engine.kernels.sessions import mark_session_starts

if TYPE_CHECKING:
    import pyarrow as pa

    from parcours.engine.log import EventLog


def sessions(log: "EventLog", gap: int) -> "pa.Table":
    """customer, session (from 1 for each customer), start, end, events, first_activity, last_activity.

    In the order of the log. `gap` in microseconds.
    """
    pa = arrow()
    marks = np.zeros(len(log), dtype=np.bool_)
    threads.run(
        lambda first, last: mark_session_starts(log.time, log.offsets, first, last, gap, marks),
        list(threads.parts(log.offsets)),
    )
    starts = np.flatnonzero(marks)
    ends = np.append(starts, len(log))[1:] - 1
    owners = np.searchsorted(log.offsets, starts, side="right") - 1
    first_of_owner = np.searchsorted(starts, log.offsets[:-1])
    moments = pa.timestamp("us", "UTC")
    return table(
        {
            "customer": take(log.customers, owners),
            "session": pa.array(np.arange(len(starts)) - first_of_owner[owners] + 1),
            "start": pa.array(log.time[starts], moments),
            "end": pa.array(log.time[ends], moments),
            "events": pa.array(ends - starts + 1),
            "first_activity": log.labels_at(starts),
            "last_activity": log.labels_at(ends),
        }
    )
