# ruff: noqa: PLR0917
"""From one truth an event to the events that are left."""

from typing import Any

from parcours.engine.jit import kernel


@kernel("uint8[]", "int64[]", "int64", "int64", "int64[]!")
def count_kept(kept: Any, offsets: Any, first: int, last: int, sizes: Any) -> None:
    """Write to `sizes[customer]` how many of its events are kept; `kept` is 1 or 0."""
    for customer in range(first, last):
        size = 0
        for event in range(offsets[customer], offsets[customer + 1]):
            size += kept[event]
        sizes[customer] = size


@kernel("uint8[]", "int64[]", "int64", "int64", "int64", "int64", "int64[]!")
def write_kept(kept: Any, offsets: Any, first: int, last: int, place: int, past: int, positions: Any) -> None:
    """Write the positions of these customers' kept events to `positions`, from `place` to `past`."""
    for event in range(offsets[first], offsets[last]):
        if place == past:
            break
        # Written before it is known whether it stays, for guessing that would take longer.
        positions[place] = event
        place += kept[event]
