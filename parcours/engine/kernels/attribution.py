# ruff: noqa: PLR0912, PLR0915, PLR0917
"""The touches before each conversion: their credit, the steps from channel to channel, and which came
together.

A path is made of the touches since the conversion before, at most `lookback` before its own conversion. The
touches after the last conversion of a customer are a path that led to none; of those, too, only the ones at
most `lookback` before the last of them belong to it.
"""

from typing import Any

import numpy as np

from parcours.engine.jit import kernel

LINEAR, POSITION, TIME_DECAY, DISTINCT, FIRST, LAST = 0, 1, 2, 3, 4, 5
CONVERTED, LOST = 0, 1
FIRST_CHANNEL = 2


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
        begin = offsets[customer]
        for end in range(begin, offsets[customer + 1]):
            if codes[end] != conversion:
                continue
            while begin < end and time[end] - time[begin] > lookback:
                begin += 1
            length = 0
            distinct = 0
            whole = 0.0
            newest = begin
            oldest = end
            for event in range(begin, end):
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
                begin = end + 1
                continue
            if model == FIRST:
                credit[touches[oldest]] += 1.0
                begin = end + 1
                continue
            if model == LAST:
                credit[touches[newest]] += 1.0
                begin = end + 1
                continue
            if model == TIME_DECAY:
                for event in range(begin, end):
                    if touches[event] != none:
                        whole += 2.0 ** (-(time[newest] - time[event]) / half_life)
            for event in range(begin, end):
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
            begin = end + 1


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
    width = base + 1
    for customer in range(first, last):
        begin = offsets[customer]
        past = offsets[customer + 1]
        end = begin
        while begin < past:
            while end < past and codes[end] != conversion:
                end += 1
            limit = end
            if end == past:
                while limit > begin and touches[limit - 1] == none:
                    limit -= 1
                if limit == begin:
                    break
                newest = time[limit - 1]
            else:
                newest = time[end]
            while begin < limit and newest - time[begin] > lookback:
                begin += 1
            state = 0
            newest_digit: Any = 0
            second_digit: Any = 0
            for event in range(begin, limit):
                channel = np.int64(touches[event])
                if channel == none:
                    continue
                counts[state * width + FIRST_CHANNEL + channel] += 1
                third_digit = second_digit if order > 2 else 0
                second_digit = newest_digit if order > 1 else 0
                newest_digit = channel + 1
                state = (third_digit * base + second_digit) * base + newest_digit
            if end == past:
                counts[state * width + LOST] += 1
                break
            counts[state * width + CONVERTED] += 1
            end += 1
            begin = end


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
        begin = offsets[customer]
        past = offsets[customer + 1]
        end = begin
        while begin < past:
            while end < past and codes[end] != conversion:
                end += 1
            limit = end
            if end == past:
                while limit > begin and touches[limit - 1] == none:
                    limit -= 1
                if limit == begin:
                    break
                newest = time[limit - 1]
            else:
                newest = time[end]
            while begin < limit and newest - time[begin] > lookback:
                begin += 1
            together: Any = 0
            for event in range(begin, limit):
                if touches[event] != none:
                    together |= 1 << np.int64(touches[event])
            if end == past:
                lost[together] += 1
                break
            converted[together] += 1
            end += 1
            begin = end
