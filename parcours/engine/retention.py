"""Who comes back: cohorts by the calendar.

A customer's cohort is the period (in UTC, or a zone) of the first event, or of the first event of the
activity `start`. In each period from then on the customer is active who has an event, or one of the activity
`activity`, not before that first one. The last period of a log is as a rule not over; `complete` says which
are.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from parcours.engine.arrays import Int64s
from parcours.engine.arrow import arrow, numbers, table
from parcours.engine.calendar import first_day, local_microseconds, number_of
from parcours.engine.first import NEVER, first_event, owners
from parcours.engine.spread import adds_up

if TYPE_CHECKING:
    import pyarrow as pa

    from parcours.engine.log import EventLog


@dataclass(frozen=True, slots=True)
class Choice:
    cohort: str
    start: str | None
    activity: str | None
    timezone: str | None


@dataclass(frozen=True, slots=True)
class Cohorts:
    """Customers by the number of their first period, and active ones by first and later period."""

    customers: Counter[int]
    active: Counter[tuple[int, int]]
    last: int | None
    """The latest local moment, in microseconds."""


def merge(parts: list[Cohorts]) -> Cohorts:
    customers: Counter[int] = Counter()
    active: Counter[tuple[int, int]] = Counter()
    for part in parts:
        customers.update(part.customers)
        active.update(part.active)
    moments = [part.last for part in parts if part.last is not None]
    return Cohorts(customers, active, max(moments, default=None))


@adds_up(merge)
def cohorts(log: "EventLog", choice: Choice) -> Cohorts:
    local = local_microseconds(log.time, choice.timezone)
    entered = first_event(log, choice.start)
    period = number_of(local, choice.cohort)
    known = entered != NEVER
    of_customer = np.where(known, period[entered] if len(period) else 0, 0)
    if choice.activity is None:
        positions = np.arange(len(log))
    else:
        positions = np.flatnonzero(log.activity.codes == log.code_of(choice.activity))
    whose = owners(log, positions)
    if choice.start is not None or choice.activity is not None:
        counted = known[whose] & (positions >= entered[whose])
        positions, whose = positions[counted], whose[counted]
    whose, periods = _each_once(whose, period[positions])
    return Cohorts(
        customers=Counter(of_customer[known].tolist()),
        active=_counted(of_customer[whose], periods),
        last=int(local.max()) if len(local) else None,
    )


def _each_once(customers: Int64s, periods: Int64s) -> tuple[Int64s, Int64s]:
    """Each pair once. Nearly all repetitions are neighbours; clocks that are put back may part a few."""
    if not len(customers):
        return customers, periods
    least = int(periods.min())
    width = int(periods.max()) - least + 1
    pairs = customers * width + periods - least
    pairs = np.unique(pairs[np.append(True, pairs[1:] != pairs[:-1])])
    return pairs // width, pairs % width + least


def _counted(cohorts: Int64s, periods: Int64s) -> Counter[tuple[int, int]]:
    if not len(cohorts):
        return Counter()
    least, width = int(cohorts.min()), int(periods.max()) - int(cohorts.min()) + 1
    pairs, counts = np.unique((cohorts - least) * width + periods - least, return_counts=True)
    cells = zip((pairs // width + least).tolist(), (pairs % width + least).tolist(), strict=True)
    return Counter(dict(zip(cells, counts.tolist(), strict=True)))


def finish(found: Cohorts, period: str) -> "pa.Table":
    """cohort, customers, period, active, retention, complete: for each cohort every period of the log."""
    ongoing = None if found.last is None else int(number_of(np.array([found.last]), period)[0])
    cells = [
        (cohort, later)
        for cohort in sorted(found.customers)
        for later in range(cohort, (cohort if ongoing is None else ongoing) + 1)
    ]
    customers = np.array([found.customers[cohort] for cohort, _ in cells], dtype=np.int64)
    active = np.array([found.active[cell] for cell in cells], dtype=np.int64)
    days = [(first_day(cohort, period) - date(1970, 1, 1)).days for cohort, _ in cells]
    return table(
        {
            "cohort": numbers(np.array(days, dtype=np.int32), arrow().date32()),
            "customers": numbers(customers),
            "period": numbers(np.array([later - cohort for cohort, later in cells], dtype=np.int64)),
            "active": numbers(active),
            "retention": numbers(active / customers),
            "complete": numbers(np.array([later != ongoing for _, later in cells], dtype=np.bool_)),
        }
    )
