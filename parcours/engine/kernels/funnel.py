# ruff: noqa: PLR0917
"""The windowed funnel, as ClickHouse's `windowFunnel` in its default mode counts it."""

from typing import Any

from parcours.engine.jit import kernel


@kernel(
    "codes", "int64[]", "int64[]", "int64", "int64",
    "int64[]", "int64[]", "int64", "int64[]!", "uint8[]!", "int64[]!", "int64[]!",
)  # fmt: skip
def follow_steps(
    codes: Any,
    time: Any,
    offsets: Any,
    first: int,
    last: int,
    highest: Any,
    lower: Any,
    window: int,
    chains: Any,
    reached: Any,
    started: Any,
    gaps: Any,
) -> None:
    """For each customer the deepest step reached, the event it started at, and the time before each further
    step.

    `highest[code]` is the last step that the code is, or -1; `lower[step]` the step before it with the same
    code, or -1. `chains` is scratch of steps * (steps + 1): for each step the event that starts the latest
    open chain which ends there, then the times of that chain's steps. `gaps[s * customers + customer]` is the
    time from step s to step s + 1 in microseconds.

    Keeping only the latest chain a step is enough: a chain that starts later and is as long is never worse.
    """
    customers = len(offsets) - 1
    steps = len(lower)
    row = steps + 1
    for customer in range(first, last):
        deepest = 0
        for event in range(offsets[customer], offsets[customer + 1]):
            step = highest[codes[event]]
            # From the last step to the first, so that one event never serves two steps of a chain. Steps
            # below `deepest` have a chain, which may be too old.
            while step > deepest:
                step = lower[step]
            while step >= 0:
                here = step * row
                now = time[event]
                if step == 0:
                    chains[0] = event
                    chains[1] = now
                else:
                    before = here - row
                    if now - chains[before + 1] > window:
                        step = lower[step]
                        continue
                    for place in range(step + 1):
                        chains[here + place] = chains[before + place]
                    chains[here + step + 1] = now
                if step == deepest:
                    deepest += 1
                    started[customer] = chains[here]
                    for place in range(step):
                        between = chains[here + place + 2] - chains[here + place + 1]
                        gaps[place * customers + customer] = between
                step = lower[step]
            if deepest == steps:
                break
        reached[customer] = deepest


@kernel(
    "codes", "int64[]", "int64[]", "int64", "int64", "int64",
    "int64[]", "int64", "uint8[]!", "int64[]!", "int64[]!",
)  # fmt: skip
def follow_neighbours(
    codes: Any,
    time: Any,
    offsets: Any,
    first: int,
    last: int,
    none: int,
    wanted: Any,
    window: int,
    reached: Any,
    started: Any,
    gaps: Any,
) -> None:
    """As `follow_steps`, but the steps must follow each other with no other activity in between.

    `wanted` are the codes of the steps. Of runs that get equally far the earliest counts.
    """
    customers = len(offsets) - 1
    steps = len(wanted)
    for customer in range(first, last):
        deepest = 0
        past = offsets[customer + 1]
        for begin in range(offsets[customer], past):
            if deepest == steps:
                break
            if codes[begin] != wanted[0]:
                continue
            step = 0
            for event in range(begin, past):
                if codes[event] == none:
                    continue
                if step == steps or codes[event] != wanted[step] or time[event] - time[begin] > window:
                    break
                step += 1
            if step > deepest:
                deepest = step
                started[customer] = begin
                step = 0
                before = begin
                for event in range(begin, past):
                    if codes[event] == none:
                        continue
                    if step == deepest:
                        break
                    if step > 0:
                        gaps[(step - 1) * customers + customer] = time[event] - time[before]
                    before = event
                    step += 1
        reached[customer] = deepest
