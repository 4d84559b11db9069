# ruff: noqa: PLR0917
"""Visits: runs of events of one customer without a long pause."""

from typing import Any

from parcours.engine.jit import kernel


@kernel("int64[]", "int64[]", "int64", "int64", "int64", "bool[]!")
def mark_session_starts(time: Any, offsets: Any, first: int, last: int, gap: int, starts: Any) -> None:
    """Set `starts[event]` where a customer's first event, or one more than `gap` after the one before,
    stands.
    """
    for customer in range(first, last):
        begin = offsets[customer]
        for event in range(begin, offsets[customer + 1]):
            starts[event] = event == begin or time[event] - time[event - 1] > gap
