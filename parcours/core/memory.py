"""Keeping a process small at rest: the C library holds on to what was freed until it is told otherwise."""

import ctypes
import threading
import time
from collections.abc import Callable
from functools import cache

ENVIRONMENT = {
    # glibc would keep a heap for each of many threads; two are enough and far smaller at rest.
    "MALLOC_ARENA_MAX": "2",
    # Arrays from this size on are given back when they are freed; by itself glibc raises it to 32 MB.
    "MALLOC_MMAP_THRESHOLD_": "1048576",
    "MALLOC_TRIM_THRESHOLD_": "1048576",
    # Arrow's own allocator keeps what it once had, and can't be told to let go of all of it.
    "ARROW_DEFAULT_MEMORY_POOL": "system",
}
"""For a process of ours, to be set before it starts. What the user has set goes before."""

EVERY = 20.0
WORKED = 0.2
"""Seconds of processor after which something may have been freed."""


def give_back() -> None:
    """Returns freed memory to the system, where the C library can (glibc)."""
    _trim()(0)


def give_back_at_rest() -> None:
    """From now on gives back what was freed, a while after this process has worked."""
    threading.Thread(target=_give_back_at_rest, name="memory", daemon=True).start()


def _give_back_at_rest() -> None:
    worked = 0.0
    while True:
        time.sleep(EVERY)
        if time.process_time() - worked >= WORKED:
            give_back()
            worked = time.process_time()


@cache
def _trim() -> Callable[[int], object]:
    try:
        trim = ctypes.CDLL(None).malloc_trim
    except (OSError, AttributeError):
        return lambda _keep: None
    return lambda keep: trim(ctypes.c_size_t(keep))
