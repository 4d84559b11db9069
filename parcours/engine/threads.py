"""Cutting a log into parts of about equally many events, and running a kernel on each in a thread."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from itertools import pairwise
from threading import local
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

Result = TypeVar("Result")

# Below this many events a second thread costs more than it brings.
WORTH_A_THREAD = 50_000


def count() -> int:
    """How many threads kernels use: `PARCOURS_THREADS`, else the processors this process may use."""
    named = os.environ.get("PARCOURS_THREADS", "")
    if named.isdigit() and int(named) > 0:
        return int(named)
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@lru_cache(maxsize=4)
def _pool(threads: int) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(threads, "parcours-engine", initializer=_belong)


_of_this_thread = local()


def _belong() -> None:
    _of_this_thread.works = True


def parts(offsets: npt.NDArray[np.int64], threads: int | None = None) -> list[tuple[int, int]]:
    """Ranges of customers (first, past the last) with about as many events each; never an empty list."""
    customers = len(offsets) - 1
    events = int(offsets[-1] - offsets[0])
    wanted = min(threads or count(), max(1, events // WORTH_A_THREAD))
    targets = offsets[0] + np.arange(1, wanted) * (events / wanted)
    cuts = [0, *(int(cut) for cut in np.searchsorted(offsets, targets)), customers]
    return [(first, last) for first, last in pairwise(cuts) if first < last] or [(0, customers)]


def run(work: Callable[..., Result], jobs: list[tuple[Any, ...]]) -> list[Result]:
    """The result of `work(*job)` for each job, in order; side by side when there are several.

    Work that is itself such a job goes on in its thread, for there may be no other that is free.
    """
    if len(jobs) == 1 or getattr(_of_this_thread, "works", False):
        return [work(*job) for job in jobs]
    futures = [_pool(count()).submit(work, *job) for job in jobs]
    return [future.result() for future in futures]
