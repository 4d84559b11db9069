# ruff: noqa: PLR0912, PLR0915, PLR0917
"""The touches before each conversion: their credit, the steps from channel to channel, and which came
together.

A path is made of the touches since the conversion before, at most `lookback` before its own conversion. The
touches after the last conversion of a customer are a path that led to none; of those, too, only the ones at
most `lookback` before the last of them belong to it.
"""

from typing import Any

import numpy as np

from parcours.engine.jit import Helper, kernel

LINEAR, POSITION, TIME_DECAY, DISTINCT, FIRST, LAST = 0, 1, 2, 3, 4, 5
CONVERTED, LOST = 0, 1
FIRST_CHANNEL = 2
_ZERO, _ONE = np.uint64(0), np.uint64(1)
_LOST, _FIRST_CHANNEL = np.uint64(LOST), np.uint64(FIRST_CHANNEL)


@Helper
def next_path(
    codes: Any, touches: Any, time: Any, begin: int, past: int, conversion: int, none: int, lookback: int
) -> tuple[int, int, int]:
    """The next path of a customer: its events `first` to `limit` (past the end), and the one where it ends.

    It ends at a conversion, or at `past`; then it led to none, and is empty when nothing was touched.
    """
    end = begin
    while end < past and codes[end] != conversion:
        end += 1
    limit = end
    newest = begin
    if end < past:
        newest = end
    else:
        while limit > begin and touches[limit - 1] == none:
            limit -= 1
        newest = max(begin, limit - 1)
    first = begin
    while first < limit and time[newest] - time[first] > lookback:
        first += 1
    return first, limit, end


@Helper
def next_walk(
    codes: Any, touches: Any, time: Any, begin: int, past: int, conversion: int, none: int, lookback: int
) -> tuple[int, int, int]:
    """The events, `first` to `stop` (past the end), to walk through next, and the last one then done.

    They are those of the next path with the conversion it leads to. When the lookback cuts nothing off the
    customer's events, they are all of them: the paths from one conversion to the next.
    """
    if time[past - 1] - time[begin] <= lookback:
        return begin, past, past
    first, limit, end = next_path(codes, touches, time, begin, past, conversion, none, lookback)
    return first, (limit if end == past else end + 1), end


@kernel(
    "codes", "touches", "int64[]", "int64[]", "int64", "int64", "int64", "int64",
    "int64", "int64", "int64", "int64[]!", "float64[]!",
)  # fmt: skip
def credit_touches(
    codes: Any,
    touches: Any,
    time: Any,
    offsets: Any,
    first: int,
    last: int,
    conversion: int,
    none: int,
    lookback: int,
    model: int,
    half_life: int,
    seen: Any,
    credit: Any,
) -> None:
    """Add to `credit[channel]` its part of each conversion; conversions without a touch go to the last
    place.

    `seen` is scratch, one entry a channel, below 0. `half_life` in microseconds.
    """
    for customer in range(first, last):
        past = offsets[customer + 1]
        start = offsets[customer]
        while start < past:
            begin, limit, end = next_path(codes, touches, time, start, past, conversion, none, lookback)
            if end == past:
                break
            start = end + 1
            length = 0
            distinct = 0
            newest = begin
            oldest = end
            for event in range(begin, limit):
                channel = touches[event]
                if channel == none:
                    continue
                if length == 0:
                    oldest = event
                newest = event
                length += 1
                if seen[channel] != end:
                    seen[channel] = end
                    distinct += 1
            if length == 0:
                credit[len(credit) - 1] += 1.0
                continue
            if model == FIRST:
                credit[touches[oldest]] += 1.0
                continue
            if model == LAST:
                credit[touches[newest]] += 1.0
                continue
            whole = 0.0
            if model == TIME_DECAY:
                for event in range(begin, limit):
                    if touches[event] != none:
                        whole += 2.0 ** (-(time[newest] - time[event]) / half_life)
            for event in range(begin, limit):
                channel = touches[event]
                if channel == none:
                    continue
                if model == LINEAR:
                    credit[channel] += 1.0 / length
                elif model == TIME_DECAY:
                    credit[channel] += 2.0 ** (-(time[newest] - time[event]) / half_life) / whole
                elif model == DISTINCT:
                    if seen[channel] == end:
                        seen[channel] = -1
                        credit[channel] += 1.0 / distinct
                elif length <= 2:
                    credit[channel] += 1.0 / length
                elif event in (oldest, newest):
                    credit[channel] += 0.4
                else:
                    credit[channel] += 0.2 / (length - 2)


@kernel(
    "codes", "touches", "int64[]", "int64[]", "int64", "int64", "int64", "int64",
    "int64", "int64", "int64", "int64[]!",
)  # fmt: skip
def count_steps(
    codes: Any,
    touches: Any,
    time: Any,
    offsets: Any,
    first: int,
    last: int,
    conversion: int,
    none: int,
    lookback: int,
    base: int,
    order: int,
    counts: Any,
) -> None:
    """Add to `counts[state * (base + 1) + next]` the steps of all paths.

    A state is the last channels, counted from 1, as digits to `base`, the newest last; 0 is the beginning.
    A conversion without a touch is a step from the beginning. `next` is CONVERTED, LOST, or FIRST_CHANNEL and
    more. `order` is 1, 2 or 3.
    """
    # In unsigned numbers, for which no array is looked up from its end, and without a branch on what an event
    # is: a processor that guesses wrong waits longer than all the rest takes.
    width = np.uint64(base + 1)
    second = np.uint64(base if order > 1 else 0)
    third = np.uint64(base if order > 2 else 0)
    for customer in range(first, last):
        past = offsets[customer + 1]
        end = offsets[customer] - 1
        while end + 1 < past:
            begin, stop, end = next_walk(codes, touches, time, end + 1, past, conversion, none, lookback)
            state = newest = before = _ZERO
            for event in range(np.uint64(begin), np.uint64(stop)):
                channel = np.uint64(touches[event])
                converts = codes[event] == conversion
                passed = channel == np.uint64(none) and not converts
                follows = _LOST if passed else _ZERO if converts else channel + _FIRST_CHANNEL
                counts[state * width + follows] += 0 if passed else 1
                digit = _ZERO if converts else channel + _ONE
                longer = _ZERO if converts else (before * third + newest) * second + digit
                state = state if passed else longer
                before = before if passed else _ZERO if converts else newest
                newest = newest if passed else digit
            if state != _ZERO:
                counts[state * width + _LOST] += 1


@kernel(
    "codes", "touches", "int64[]", "int64[]", "int64", "int64", "int64", "int64",
    "int64", "int64[]!", "int64[]!",
)  # fmt: skip
def count_together(
    codes: Any,
    touches: Any,
    time: Any,
    offsets: Any,
    first: int,
    last: int,
    conversion: int,
    none: int,
    lookback: int,
    converted: Any,
    lost: Any,
) -> None:
    """Add each path to the set of channels (a bit each) that it touched, by how it ended."""
    for customer in range(first, last):
        past = offsets[customer + 1]
        end = offsets[customer] - 1
        while end + 1 < past:
            begin, stop, end = next_walk(codes, touches, time, end + 1, past, conversion, none, lookback)
            together: Any = 0
            for event in range(begin, stop):
                if codes[event] == conversion:
                    converted[together] += 1
                    together = 0
                elif touches[event] != none:
                    together |= 1 << np.int64(touches[event])
            if together > 0:
                lost[together] += 1
