"""Traffic that no touchpoint has, and touchpoints that have no traffic any more."""

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from parcours.insights.drift.marked import DAY, Int64s, Marked

WINDOW = 90
FEWEST = 30
SHARE = 0.01
MOST_FOUND = 8
MINUTES = 10
PARTLY = 0.5
"""An event name by a channel of which so large a part has its touchpoint is on the map."""

SILENT_FOR = 14
EXPECTED = 10.0
"""Customers that a silent touchpoint would have had by its own past, at least: e^-10 is one in 22,000."""
PAST = 180
LEAST_PAST = 28
"""Days; a burst of a few days is no habit that could end."""
LONGER = 2.0
NEVER_AFTER = 30
FEWEST_OF_A_LOG = 300


@dataclass(frozen=True, slots=True)
class Missing:
    """Events that happen to many customers and stand in no touchpoint.

    `names` and `channels` are labels; `all_channels` when the rule needs none, because every event of these
    names is meant. `stage` is the code of the stage in which most of their customers are just before or
    after, `there` of `customers`.
    """

    names: tuple[str, ...]
    channels: tuple[str, ...]
    all_channels: bool
    stage: int
    customers: int
    events: int
    there: int
    before: int
    """How many of them were in that stage just before, rather than just after."""
    days: int = WINDOW


@dataclass(frozen=True, slots=True)
class Silent:
    """A touchpoint whose traffic ended. `expected` customers by its own past; 0 when it never had any."""

    touchpoint: int
    days: int
    last: int
    past_customers: int
    past_days: int
    expected: float


def missing(log: Marked) -> list[Missing]:
    """The most frequent first; parts of one thing (the same first word, channels and stage) as one."""
    recent = log.since(WINDOW)
    customers = log.customers_in(recent)
    fewest = max(FEWEST, round(SHARE * customers))
    found = [each for each in _pairs(log, recent & ~_beginnings(log)) if each.customers >= fewest]
    return sorted(_grouped(log, recent, found), key=lambda each: -each.customers)[:MOST_FOUND]


def _beginnings(log: Marked) -> npt.NDArray[np.bool_]:
    """Events of which the next minutes tell more: “Call Started” before the “Call Menu Chosen” of the same
    customer and channel, which has its touchpoint, is no traffic that is missing.
    """
    first_word = np.unique([name.split(" ")[0].casefold() for name in log.names], return_inverse=True)[1]
    word = np.where(log.name >= 0, np.append(first_word, -1)[log.name], -1)
    told = np.zeros(len(log), np.bool_)
    told[:-1] = (
        (log.owner[1:] == log.owner[:-1]) & (word[1:] == word[:-1]) & (word[1:] >= 0)
        & (log.channel[1:] == log.channel[:-1]) & (log.touchpoint[1:] >= 0)
        & (log.time[1:] - log.time[:-1] <= MINUTES * 60_000_000)
    )  # fmt: skip
    return told & (log.touchpoint < 0)


def _pairs(log: Marked, recent: np.ndarray) -> list[Missing]:
    """Each name with the channels by which it happens off the map."""
    n_channels = len(log.channels) + 1
    pair = log.name.astype(np.int64) * n_channels + np.where(log.channel < 0, n_channels - 1, log.channel)
    named = recent & (log.name >= 0)
    size = len(log.names) * n_channels
    total = np.bincount(pair[named], minlength=size)
    off = np.bincount(pair[named & (log.touchpoint < 0)], minlength=size)
    wanted = np.flatnonzero((off > 0) & (off > total * PARTLY))
    by_name: dict[int, list[int]] = defaultdict(list)
    for code in wanted.tolist():
        by_name[code // n_channels].append(code)
    found = []
    for name, codes in by_name.items():
        rows = np.flatnonzero(np.isin(pair, codes) & named & (log.touchpoint < 0))
        everything = int(total[name * n_channels : (name + 1) * n_channels].sum()) == len(rows)
        channels = tuple(
            log.channels[code % n_channels] for code in codes if code % n_channels < n_channels - 1
        )
        placed = _placed(log, rows)
        if placed is not None:
            found.append(Missing((log.names[name],), channels, everything, *placed))
    return found


def _placed(log: Marked, rows: Int64s) -> tuple[int, int, int, int, int] | None:
    """Stage, customers, events, customers there, and how many of these before; None for an empty drawing.

    Each event belongs to the stage of its customer's nearest event on the map; each customer to the stage of
    most of their events.
    """
    if not log.seen.any():
        return None
    on_map = np.flatnonzero(log.stage >= 0)
    if not len(on_map):
        return None
    place = np.searchsorted(on_map, rows)
    previous = on_map[np.maximum(place - 1, 0)]
    following = on_map[np.minimum(place, len(on_map) - 1)]
    owner = log.owner[rows]
    has_previous = (place > 0) & (log.owner[previous] == owner)
    has_following = (place < len(on_map)) & (log.owner[following] == owner)
    far = np.int64(2**62)
    since = np.where(has_previous, log.time[rows] - log.time[previous], far)
    until = np.where(has_following, log.time[following] - log.time[rows], far)
    near = np.where(since <= until, previous, following)
    known = has_previous | has_following
    customers = len(np.unique(owner))
    if not known.any():
        return int(np.flatnonzero(log.seen)[0]), customers, len(rows), 0, 0
    key = owner[known] * (log.n_stages + 1) + log.stage[near[known]]
    pairs = np.unique(key)
    stages = np.bincount((pairs % (log.n_stages + 1)).astype(np.int64), minlength=log.n_stages)
    stage = int(stages.argmax())
    here = known & (log.stage[near] == stage)
    before = len(np.unique(owner[here & (since <= until)]))
    return stage, customers, len(rows), int(stages[stage]), before


def _grouped(log: Marked, recent: np.ndarray, found: list[Missing]) -> list[Missing]:
    """“Article Searched” and “Article Viewed” are one touchpoint, if they happen at the same place."""
    groups: dict[tuple[str, tuple[str, ...], bool, int], list[Missing]] = defaultdict(list)
    for each in found:
        first = each.names[0].split(" ")[0].casefold()
        groups[first, each.channels, each.all_channels, each.stage].append(each)
    joined = []
    for same in groups.values():
        if len(same) == 1:
            joined += same
            continue
        same.sort(key=lambda each: -each.customers)
        codes = [place for place, name in enumerate(log.names) if any(name in each.names for each in same)]
        rows = recent & (log.touchpoint < 0) & np.isin(log.name, codes)
        placed = _placed(log, np.flatnonzero(rows))
        if placed is not None:
            names = tuple(name for each in same for name in each.names)
            joined.append(Missing(names, same[0].channels, same[0].all_channels, *placed))
    return joined


def silent(log: Marked) -> list[Silent]:
    """Touchpoints that went quiet against their own past, and those that no event ever fitted."""
    if len(log.offsets) - 1 < FEWEST_OF_A_LOG or log.end - log.start < NEVER_AFTER * DAY:
        return []
    found = []
    for touchpoint in range(log.n_touchpoints):
        rows = np.flatnonzero(log.touchpoint == touchpoint)
        if not len(rows):
            found.append(Silent(touchpoint, (log.end - log.start) // DAY, 0, 0, 0, 0.0))
            continue
        quiet = _quiet(log, touchpoint, rows)
        if quiet is not None:
            found.append(quiet)
    return found


def _quiet(log: Marked, touchpoint: int, rows: Int64s) -> Silent | None:
    """Silent for two weeks at least, twice as long as ever before in its past, and where ten customers would
    have been expected (Poisson).
    """
    times = np.sort(log.time[rows])
    last = int(times[-1])
    days = (log.end - last) // DAY
    begin = max(int(times[0]), last - PAST * DAY)
    if days < SILENT_FOR or last - begin < LEAST_PAST * DAY:
        return None
    past = times[times >= begin]
    past_days = (last - begin) / DAY
    customers = len(np.unique(log.owner[rows[log.time[rows] >= begin]]))
    expected = customers / past_days * days
    longest = int(np.diff(past).max(initial=0)) / DAY
    if expected < EXPECTED or days < LONGER * longest:
        return None
    return Silent(touchpoint, int(days), last, customers, round(past_days), expected)
