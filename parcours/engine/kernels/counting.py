# ruff: noqa: PLR0917
"""Which activity follows which, and how many customers each reaches."""

from typing import Any

import numpy as np

from parcours.engine.jit import kernel


@kernel("codes", "int64[]", "int64", "int64", "int64", "int64", "int64[]!")
def count_transitions(
    codes: Any, offsets: Any, first: int, last: int, none: int, width: int, counts: Any
) -> None:
    """Add to `counts[source * width + target]` one for each pair of neighbours in a customer's sequence."""
    for customer in range(first, last):
        source = -1
        for event in range(offsets[customer], offsets[customer + 1]):
            target = codes[event]
            if target == none:
                continue
            if source >= 0:
                counts[source * width + target] += 1
            source = target


@kernel(
    "codes", "int64[]", "int64[]", "int64", "int64", "int64", "int64", "int64[]!", "int64[]!"
)  # fmt: skip
def deal_gaps(
    codes: Any,
    time: Any,
    offsets: Any,
    first: int,
    last: int,
    none: int,
    width: int,
    cursor: Any,
    gaps: Any,
) -> None:
    """Write the time between neighbours to the next place of their pair, which `cursor` has for each."""
    for customer in range(first, last):
        before = -1
        for event in range(offsets[customer], offsets[customer + 1]):
            if codes[event] == none:
                continue
            if before >= 0:
                pair = np.int64(codes[before]) * width + codes[event]
                gaps[cursor[pair]] = time[event] - time[before]
                cursor[pair] += 1
            before = event


@kernel("codes", "int64[]", "int64", "int64", "int64", "int64[]!", "int64[]!", "int64[]!")
def count_reach(
    codes: Any, offsets: Any, first: int, last: int, none: int, seen: Any, customers: Any, events: Any
) -> None:
    """Add to `events` the events and to `customers` the customers of each code. `seen` holds -1 for each
    code.
    """
    for customer in range(first, last):
        for event in range(offsets[customer], offsets[customer + 1]):
            code = codes[event]
            if code == none:
                continue
            events[code] += 1
            if seen[code] != customer:
                seen[code] = customer
                customers[code] += 1
