import ctypes
from collections.abc import Callable
from functools import cache

from parcours.events.arrow import pa


def give_back_memory() -> None:
    """Returns freed memory to the system: blocks of some megabytes, freed and asked for again, leave holes
    that add up.
    """
    pa.default_memory_pool().release_unused()
    _trim()(0)


@cache
def _trim() -> Callable[[int], object]:
    """The C library's malloc_trim, where there is one (glibc)."""
    try:
        trim = ctypes.CDLL(None).malloc_trim
    except (OSError, AttributeError):
        return lambda _keep: None
    return lambda keep: trim(ctypes.c_size_t(keep))
