"""A smaller log from a log."""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from parcours.engine import threads
from parcours.engine.arrays import Int64s, Labelled, Mask
from parcours.engine.arrow import arrow, numbers, table, take
from parcours.engine.columns import Column
from parcours.engine.errors import QuestionError, UnknownColumnError
from parcours.engine.kernels.filtering import count_kept, write_kept
from parcours.engine.log import ACTIVITY, CHANNEL, CUSTOMER, TIME, EventLog
from parcours.engine.moments import Moment, moment
from parcours.engine.words import count
from parcours.engine.words import gettext as _

if TYPE_CHECKING:
    import pyarrow as pa

_CALL = re.compile(r"(?!\b(?:and|in|not|or)\b)\b\w+\s*\(|\bselect\b", re.IGNORECASE)
_REORDERS = re.compile(r"\b(?:over|select)\b", re.IGNORECASE)


def where(
    log: EventLog,
    condition: str | Mask | None,
    *,
    time: tuple[Moment | None, Moment | None] | None,
    customers: Mask | Int64s | Sequence[int] | None,
) -> EventLog:
    kept: Mask | None = None
    if condition is not None:
        kept = (
            _matching(log, condition)
            if isinstance(condition, str)
            else _mask("condition", condition, len(log))
        )
    if time is not None:
        kept = _both(kept, _between(log.time, *time))
    if customers is None:
        return log if kept is None else _compacted(log, kept)
    chosen = customer_mask(log, customers)
    return _compacted(log, _both(kept, np.repeat(chosen, np.diff(log.offsets))))


def _both(left: Mask | None, right: Mask) -> Mask:
    return right if left is None else left & right


def _mask(name: str, mask: Any, length: int) -> Mask:
    array = np.asarray(mask)
    if array.dtype != np.bool_ or array.shape != (length,):
        raise QuestionError(
            _("`{name}` must be {n} truths, not {shape} of {kind}.").format(
                name=name, n=count(length), shape=array.shape, kind=array.dtype
            )
        )
    return array


def customer_mask(log: EventLog, customers: Mask | Int64s | Sequence[int]) -> Mask:
    """One truth a customer of the log."""
    array = np.asarray(customers)
    if array.dtype == np.bool_:
        return _mask("customers", array, log.n_customers)
    if array.size and (array.dtype.kind not in "iu" or array.min() < 0 or array.max() >= log.n_customers):
        raise QuestionError(
            _("`customers` must be truths, or positions from 0 to {last}.").format(
                last=count(log.n_customers - 1)
            )
        )
    chosen = np.zeros(log.n_customers, dtype=np.bool_)
    chosen[array.astype(np.int64)] = True
    return chosen


def _between(time: Int64s, start: Moment | None, end: Moment | None) -> Mask:
    kept = np.ones(len(time), dtype=np.bool_)
    if start is not None:
        kept &= time >= moment(start)
    if end is not None:
        kept &= time < moment(end)
    return kept


def _compacted(log: EventLog, kept: Mask) -> EventLog:
    if kept.all() and np.all(np.diff(log.offsets) > 0):
        return log
    sizes, positions = _positions(log.offsets, kept)
    present = np.flatnonzero(sizes)

    def column(whole: Column) -> Column:
        return whole.take(positions if whole.per == "event" else present)

    def coded(whole: Labelled) -> Labelled:
        return Labelled(whole.codes[positions], whole.labels)

    return EventLog(
        customers=take(log.customers, present),
        offsets=np.append(0, np.cumsum(sizes[present])),
        time=log.time[positions],
        activity=coded(log.activity),
        channel=coded(log.channel) if log.channel else None,
        columns={name: column(whole) for name, whole in log.columns.items()},
        skipped=log.skipped,
    )


def _positions(offsets: Int64s, kept: Mask) -> tuple[Int64s, Int64s]:
    """How many events of each customer are kept, and the positions of all of these."""
    truths = np.ascontiguousarray(kept).view(np.uint8)
    parts = threads.parts(offsets)
    sizes = np.empty(len(offsets) - 1, dtype=np.int64)
    threads.run(lambda first, last: count_kept(truths, offsets, first, last, sizes), parts)
    ends = np.cumsum([0, *(int(sizes[first:last].sum()) for first, last in parts)]).tolist()
    positions = np.empty(ends[-1], dtype=np.int64)

    def write(part: tuple[int, int], place: int, past: int) -> None:
        write_kept(truths, offsets, *part, place, past, positions)

    threads.run(write, [(part, *places) for part, places in zip(parts, pairwise(ends), strict=True)])
    return sizes, positions


def _matching(log: EventLog, expression: str) -> Mask:
    """One truth an event for a DuckDB expression; unknown (null) is false.

    It is asked once a customer where no other column is mentioned, unless a function is called, which may
    look at other rows.
    """
    wanted = [name for name in _names(log) if _mentions(expression, name)]
    if wanted and all(_is_of_customers(log, name) for name in wanted) and not _CALL.search(expression):
        truths = _asked(log, expression, _of_customers(log, wanted), log.n_customers)
        return np.repeat(truths, np.diff(log.offsets))
    rows = _of_events(log, wanted)
    if _REORDERS.search(expression) or not rows:
        rows["_position"] = numbers(np.arange(len(log)))
    return _asked(log, expression, table(rows), len(log))


def _asked(log: EventLog, expression: str, rows: "pa.Table", size: int) -> Mask:
    import duckdb

    with duckdb.connect(":memory:", config={"enable_external_access": "false"}) as database:
        try:
            database.register("events", rows)
            query = f"select coalesce(({expression})::boolean, false) as kept from events"  # noqa: S608
            # Rows come in their order, except from windows and joins.
            answer = database.sql(f"{query} order by _position" if _REORDERS.search(expression) else query)
            return _mask("condition", answer.fetchnumpy()["kept"], size)
        except duckdb.BinderException as error:
            missing = _missing_column(str(error))
            if missing is None:
                raise QuestionError(
                    _("The condition “{condition}” does not work: {reason}").format(
                        condition=expression, reason=_reason(error)
                    )
                ) from error
            raise UnknownColumnError(missing, _names(log)) from error
        except duckdb.Error as error:
            raise QuestionError(
                _("The condition “{condition}” cannot be understood: {reason}").format(
                    condition=expression, reason=_reason(error)
                )
            ) from error


def _names(log: EventLog) -> list[str]:
    return [*log.columns, CUSTOMER, TIME, ACTIVITY, *([CHANNEL] if log.channel else [])]


def _mentions(expression: str, name: str) -> bool:
    # Only an economy: a column that is not mentioned need not be loaded. SQL names ignore case.
    return name.casefold() in expression.casefold()


def _reason(error: Exception) -> str:
    """What DuckDB says, without the line of the query around the condition, which nobody has written."""
    return str(error).partition("LINE ")[0].strip()


def _missing_column(message: str) -> str | None:
    parts = message.split('"')
    return parts[1] if "not found" in message and len(parts) > 2 else None


def _is_of_customers(log: EventLog, name: str) -> bool:
    return name == CUSTOMER or (name in log.columns and log.columns[name].per == "customer")


def _of_customers(log: EventLog, names: list[str]) -> "pa.Table":
    return table({name: log.customers if name == CUSTOMER else log.column(name).arrow for name in names})


def _of_events(log: EventLog, names: list[str]) -> dict[str, Any]:
    columns: dict[str, Any] = {}
    of_customers = [name for name in names if _is_of_customers(log, name)]
    if of_customers:
        owners = np.repeat(np.arange(log.n_customers), np.diff(log.offsets))
        for name, values in zip(of_customers, _of_customers(log, of_customers).columns, strict=True):
            columns[name] = take(values, owners)
    for name in names:
        if name == TIME and name not in log.columns:
            columns[name] = numbers(log.time, arrow().timestamp("us", "UTC"))
        elif name not in columns:
            columns[name] = log.column(name).arrow
    return columns
