"""How often somebody may do something: a bucket that refills, for each session and each address.

Each web process counts for itself, so the real limit is at most this times their number.
"""

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from time import monotonic

MOST_BUCKETS = 50_000


@dataclass(frozen=True, slots=True)
class Limit:
    """`burst` at once, then `per_minute`."""

    burst: int
    per_minute: float


OFTEN = Limit(burst=60, per_minute=60)


class Buckets:
    """How full each bucket is, by its name; those unused longest are forgotten first, for they are full."""

    def __init__(self) -> None:
        self._level: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = Lock()

    def wait(self, name: str, limit: Limit) -> float:
        """Takes one; seconds to wait when there is none, else 0."""
        moment, rate = monotonic(), limit.per_minute / 60
        with self._lock:
            level, at = self._level.pop(name, (float(limit.burst), moment))
            level = min(limit.burst, level + (moment - at) * rate)
            seconds = 0.0 if level >= 1 else (1 - level) / rate
            self._level[name] = (level - 1 if level >= 1 else level, moment)
            while len(self._level) > MOST_BUCKETS:
                self._level.popitem(last=False)
        return seconds

    def forget(self) -> None:
        with self._lock:
            self._level.clear()


BUCKETS = Buckets()
