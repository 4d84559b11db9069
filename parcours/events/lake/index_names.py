"""How often each event name occurs, and when: rows of `NameCount`."""

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from parcours.events.arrow import Table, pa

NO_CODE = 65_535
DAYS = 60
DAY_US = 86_400_000_000
Row = tuple[str, int, int, int, list[int]]


def name_counts(
    codes_and_times: Iterable[tuple[Any, Any]], names: list[str], span: tuple[int, int] | None
) -> list[Row]:
    """Rows of `NameCount`, the most frequent first."""
    if span is None:
        return []
    last_day = span[1] // DAY_US
    days = np.zeros((len(names), DAYS), np.int64)
    totals: dict[int, tuple[int, int, int]] = {}
    for codes, times in codes_and_times:
        _add_days(days, codes, times, last_day)
        _add_totals(totals, codes, times)
    found = [(names[code], *totals[code], days[code].tolist()) for code in totals if code < len(names)]
    return sorted(found, key=lambda entry: (-entry[1], entry[0]))


def _add_days(days: npt.NDArray[np.int64], codes: Any, time: Any, last_day: int) -> None:
    place = time // DAY_US - (last_day - DAYS + 1)
    recent = (place >= 0) & (codes < len(days))
    flat = codes[recent].astype(np.int64) * DAYS + place[recent]
    days += np.bincount(flat, minlength=days.size).reshape(days.shape)


def _add_totals(totals: dict[int, tuple[int, int, int]], codes: Any, time: Any) -> None:
    grouped = (
        pa.table({"code": codes, "time": time})
        .group_by("code")
        .aggregate([("time", "count"), ("time", "min"), ("time", "max")])
    )
    for row in _rows(grouped):
        code, events, first, last = row
        before = totals.get(code, (0, first, last))
        totals[code] = (before[0] + events, min(before[1], first), max(before[2], last))


def _rows(grouped: Table) -> Iterator[tuple[int, int, int, int]]:
    names = ("code", "time_count", "time_min", "time_max")
    return zip(*(grouped[name].to_pylist() for name in names), strict=True)


def with_more_names(
    rows: list[Any], labels: list[str], codes: Any, times: Any, lasts: tuple[int, int]
) -> list[Row]:
    """The rows with more events counted; the newest event was and is at these times."""
    days_on = lasts[1] // DAY_US - lasts[0] // DAY_US
    counts: dict[str, Row] = {}
    for name, events, first, last, days in rows:
        counts[name] = (name, events, first, last, [*days, *[0] * days_on][-DAYS:])
    span = (int(times.min()), lasts[1]) if len(times) else None
    for name, events, first, last, days in name_counts([(codes, times)], labels, span):
        _name, before, earliest, latest, daily = counts.get(name, (name, 0, first, last, [0] * DAYS))
        both = [old + new for old, new in zip(daily, days, strict=True)]
        counts[name] = (name, before + events, min(earliest, first), max(latest, last), both)
    return sorted(counts.values(), key=lambda row: (-row[1], row[0]))
