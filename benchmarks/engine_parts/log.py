"""The log of the engine's benchmark: made from a seed, with frequent and rare journeys like a shop's."""

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks.engine_parts.naming import CHANNELS, names
from parcours.engine import EventLog

DAY_US = 86_400_000_000
START_US = 1_735_689_600_000_000  # 2025-01-01


def make(events: int, customers: int, activities: int, seed: int = 1) -> EventLog:
    """`events` events of `customers` customers, about geometric in length, over a year.

    Half of the time the next activity is the one that usually follows, else one by a power law.
    """
    random = np.random.default_rng(seed)
    lengths = _lengths(random, events, customers)
    offsets = np.zeros(customers + 1, dtype=np.int64)
    np.cumsum(lengths, out=offsets[1:])
    return EventLog.from_codes(
        customers=np.arange(customers, dtype=np.int64),
        offsets=offsets,
        time=_times(random, lengths, offsets),
        activity=_codes(random, offsets, activities),
        activities=names(activities),
        channel=random.integers(0, len(CHANNELS), events).astype(np.uint8),
        channels=CHANNELS,
        check=True,
    )


def _lengths(random: np.random.Generator, events: int, customers: int) -> npt.NDArray[np.int64]:
    wanted = random.geometric(customers / events, customers).astype(np.int64)
    while (missing := events - int(wanted.sum())) != 0:
        chosen = random.choice(customers, min(abs(missing), customers), replace=False)
        wanted[chosen] += 1 if missing > 0 else -(wanted[chosen] > 1).astype(np.int64)
    return wanted


def _times(
    random: np.random.Generator, lengths: npt.NDArray[np.int64], offsets: npt.NDArray[np.int64]
) -> npt.NDArray[np.int64]:
    # Never none: ClickHouse does not keep the order of arrival at equal times.
    pauses = (random.exponential(0.3 * DAY_US, int(offsets[-1])) // 1_000_000 + 1).astype(
        np.int64
    ) * 1_000_000
    total = np.cumsum(pauses)
    starts = START_US + random.integers(0, 365 * 86_400, len(lengths)) * 1_000_000
    return total - np.repeat(total[offsets[:-1]], lengths) + np.repeat(starts, lengths)


def _codes(random: np.random.Generator, offsets: npt.NDArray[np.int64], activities: int) -> Any:
    kind = np.uint8 if activities < 256 else np.uint16
    weights = 1 / np.arange(1, activities + 1)
    codes: Any = random.choice(activities, int(offsets[-1]), p=weights / weights.sum()).astype(kind)
    usual = random.permutation(activities).astype(kind)
    follows = random.random(len(codes)) < 0.5
    follows[offsets[:-1]] = False
    # Events that follow one another: first those behind one that does not follow, then those behind these.
    at = np.flatnonzero(follows)
    at = at[~follows[at - 1]]
    while len(at):
        codes[at] = usual[codes[at - 1]]
        at = at[at < len(codes) - 1] + 1
        at = at[follows[at]]
    return codes


def write_parquet(log: EventLog, path: Path) -> None:
    """customer, time, seq (order of arrival), activity, channel; sorted as the lake is."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.table(
        {
            "customer": pa.array(np.repeat(log.customers.to_numpy(), np.diff(log.offsets))),
            "time": pa.array(log.time, pa.timestamp("us", "UTC")),
            "seq": pa.array(np.arange(len(log))),
            "activity": log.column("activity").arrow,
            "channel": log.column("channel").arrow,
        }
    )
    pq.write_table(table, path, row_group_size=1_000_000)
