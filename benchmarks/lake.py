"""What a growing lake costs: `python -m benchmarks.lake [--events N] [--data DIR]`.

A lake of N events (20 a customer, with properties) takes in 1,000 late events of 1,000 customers, small
hand-offs of 500 events, merges and an erasure; after each its index and two columns are made ready. Judged
against building all of it anew. With --data the lake is kept for the next time.
"""

import argparse
import os
import platform
import resource
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

NAMES = (
    "Page Viewed",
    "Product Viewed",
    "Product Added",
    "Cart Viewed",
    "Checkout Started",
    "Order Completed",
)
CHANNELS = ("web", "app", "email", "store")
START = 1_735_689_600_000_000
YEAR = 365 * 86_400_000_000
CHUNK = 500_000
COLUMNS = ("product", "price")


def staged(customers: Any, times: Any, first: int, randomness: np.random.Generator) -> Any:
    """A table of `layout.staged_schema`."""
    from parcours.events.arrow import pa
    from parcours.events.lake.layout import staged_schema

    n = len(customers)
    stamp = pa.timestamp("us", "UTC")
    products, prices = randomness.integers(5_000, size=n), randomness.integers(1, 200, size=n)
    properties = [
        f'{{"product": "SKU-{product}", "price": {price}}}'
        for product, price in zip(products, prices, strict=True)
    ]
    return pa.Table.from_arrays(
        [
            pa.array(customers, pa.int64()),
            pa.array(times, pa.int64()).cast(stamp),
            pa.array(np.arange(first, first + n)),
            pa.array([row.tobytes() for row in _ids(n, randomness)], pa.binary(16)),
            pa.repeat(pa.scalar(True), n),
            pa.array(np.array(NAMES, object)[randomness.integers(len(NAMES), size=n)]),
            pa.array(np.array(CHANNELS, object)[randomness.integers(len(CHANNELS), size=n)]),
            pa.repeat(pa.scalar("shop"), n),
            pa.repeat(pa.scalar(START + YEAR, pa.int64()).cast(stamp), n),
            pa.array(properties),
            pa.nulls(n, pa.int64()),
        ],
        schema=staged_schema(),
    )


def _ids(n: int, randomness: np.random.Generator) -> Any:
    return randomness.integers(0, 256, size=(n, 16), dtype=np.uint8)


def fill(lake: Any, events: int, customers: int, randomness: np.random.Generator) -> None:
    from parcours.events.lake.manifest import sole_writer

    with sole_writer(lake.brand_id), lake.staging() as staging:
        for first in range(0, events, CHUNK):
            n = min(CHUNK, events - first)
            whose = randomness.integers(1, customers + 1, size=n)
            staging.rows.add(staged(whose, START + randomness.integers(YEAR, size=n), first, randomness))
        lake.take_in(staging, next_seq=events)


class Measured:
    def __init__(self, lake: Any) -> None:
        self.lake = lake

    def __call__(self, title: str, change: Callable[[], object]) -> None:
        from parcours.events.lake import index

        began = time.monotonic()
        change()
        changed = time.monotonic() - began
        index._open.clear()  # noqa: SLF001 - as a process that opens it for the first time
        began = time.monotonic()
        ready = self.lake.index()
        indexed = time.monotonic() - began
        began = time.monotonic()
        for name in COLUMNS:
            ready.column(f"properties.{name}")
        columns = time.monotonic() - began
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(
            f"{title:<44} {changed:7.2f} {indexed:7.2f} {columns:7.2f} {most:8.0f}   {len(ready):,} events",
            flush=True,
        )


def measure(lake: Any, customers: int, randomness: np.random.Generator) -> None:
    measured = Measured(lake)
    print(f"{'seconds':<44} {'change':>7} {'index':>7} {'columns':>7} {'peak MB':>8}")
    measured("the whole index anew", lambda: shutil.rmtree(lake.folder / "index", ignore_errors=True))
    late = staged(
        randomness.choice(customers, 1_000, replace=False) + 1,
        START + randomness.integers(YEAR, size=1_000), 0, randomness,
    )  # fmt: skip
    measured("1,000 late events of 1,000 customers", lambda: lake.append(late))
    measured("the same again (nothing new)", lambda: lake.append(late))
    for number in range(6):
        times = START + YEAR + 1_000_000 * number + np.arange(500)
        fresh = staged(randomness.integers(1, customers + 200, size=500), times, 0, randomness)
        measured(f"hand-off {number + 1} of 500 events", partial(lake.append, fresh))
    measured("nothing changed", lambda: None)
    losers = randomness.choice(customers // 2, 20, replace=False) + 1
    moves = {int(loser): int(loser) + customers // 2 for loser in losers}
    measured("20 customers merged", lambda: move(lake, moves))
    measured("one customer forgotten", lambda: lake.forget([int(losers[0]) + customers // 2]))
    measured("the whole index anew", lambda: shutil.rmtree(lake.folder / "index", ignore_errors=True))


def move(lake: Any, moves: dict[int, int]) -> None:
    from parcours.events.lake.manifest import sole_writer

    with sole_writer(lake.brand_id), lake.staging() as staging:
        lake.take_in(staging, moves=moves)


@contextmanager
def folder_for(named: Path | None) -> Iterator[Path]:
    if named is not None:
        yield named
        return
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder, "var")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=10_000_000)
    parser.add_argument("--data", type=Path)
    chosen = parser.parse_args()
    customers = max(2_000, chosen.events // 20)
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, ", end="")
    print(f"pyarrow {version('pyarrow')}, DuckDB {version('duckdb')}; {chosen.events:,} events")
    from parcours.core.installation import open_installation

    with folder_for(chosen.data) as data, open_installation(data):
        from parcours.accounts.models import Brand
        from parcours.accounts.writes import create_brand
        from parcours.events.lake import Lake

        randomness = np.random.default_rng()
        lake = Lake((Brand.objects.first() or create_brand("Foulée")).pk)
        if not lake.generation:
            began = time.monotonic()
            fill(lake, chosen.events, customers, randomness)
            print(f"filled in {time.monotonic() - began:.0f} s")
        measure(lake, customers, randomness)


if __name__ == "__main__":
    main()
