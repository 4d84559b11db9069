# ruff: noqa: PLR0917
"""The windowed funnel, as ClickHouse's `windowFunnel` in its default mode counts it."""

from typing import Any

from parcours.engine.jit import kernel


@kernel(
    "codes", "int64[]", "int64[]", "int64", "int64",
    "int64[]", "int64", "int64", "int64[]!", "uint8[]!", "int64[]!", "int64[]!",
)  # fmt: skip
def follow_steps(
    codes: Any,
    time: Any,
    offsets: Any,
    first: int,
    last: int,
    steps_of_code: Any,
    steps: int,
    window: int,
    chains: Any,
    reached: Any,
    started: Any,
    gaps: Any,
) -> None:
    """For each customer the deepest step reached, the event it started at, and the time before each further
    step.

    `steps_of_code[code]` has bit s set when the code is step s. `chains` is scratch of steps * (steps + 1):
    for each step s the event that starts the latest open chain which ends there, then the times of that
    chain's steps. `gaps[s * customers + customer]` is the time from step s to step s + 1 in microseconds.

    Keeping only the latest chain a step is enough: a chain that starts later and is as long is never worse.
    """
    customers = len(offsets) - 1
    row = steps + 1
    for customer in range(first, last):
        deepest = 0
        opened = 0  # steps below this one have a chain, maybe one that is too old
        for event in range(offsets[customer], offsets[customer + 1]):
            wanted = steps_of_code[codes[event]]
            if wanted == 0:
                continue
            now = time[event]
            # From the last step to the first, so that one event never serves two steps of a chain.
            for step in range(min(opened, steps - 1), -1, -1):
                if (wanted >> step) & 1 == 0:
                    continue
                here = step * row
                if step == 0:
                    chains[0] = event
                    chains[1] = now
                else:
                    before = here - row
                    if now - chains[before + 1] > window:
                        continue
                    for place in range(step + 1):
                        chains[here + place] = chains[before + place]
                    chains[here + step + 1] = now
                opened = max(opened, step + 1)
                if step + 1 > deepest:
                    deepest = step + 1
                    started[customer] = chains[here]
                    for place in range(step):
                        gaps[place * customers + customer] = (
                            chains[here + place + 2] - chains[here + place + 1]
                        )
            if deepest == steps:
                break
        reached[customer] = deepest
