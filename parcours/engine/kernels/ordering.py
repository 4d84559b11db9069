# ruff: noqa: PLR0917
"""Finding the customers of a log that is in order already, and putting one in order that is not."""

from typing import Any

from parcours.engine.jit import kernel


@kernel("int64[]", "int64[]", "int64[]!")
def find_runs(owners: Any, time: Any, starts: Any) -> int:
    """The number of runs of equal owners, where each begins in `starts`; -1 if time falls within one."""
    runs = 0
    for event in range(len(owners)):
        if event == 0 or owners[event] != owners[event - 1]:
            starts[runs] = event
            runs += 1
        elif time[event] < time[event - 1]:
            return -1
    return runs


@kernel("int64[]", "int64[]", "int64[]", "int64[]!", "int64[]!", "int64[]!")
def sort_events(owners: Any, time: Any, offsets: Any, cursor: Any, order: Any, spare: Any) -> None:
    """Write to `order` the positions of all events by owner, time and arrival.

    `owners` are positions of customers, `offsets` how their events will lie, `cursor` a copy of its
    beginning. Events are dealt out to their customers in order of arrival, then each customer's are
    merge-sorted by time.
    """
    for event in range(len(owners)):
        owner = owners[event]
        order[cursor[owner]] = event
        cursor[owner] += 1
    for customer in range(len(offsets) - 1):
        begin = offsets[customer]
        end = offsets[customer + 1]
        in_order = True
        for place in range(begin + 1, end):
            if time[order[place]] < time[order[place - 1]]:
                in_order = False
                break
        if in_order:
            continue
        width = 1
        while width < end - begin:
            left = begin
            while left < end:
                middle = min(left + width, end)
                right_end = min(left + 2 * width, end)
                one = left
                two = middle
                for place in range(left, right_end):
                    if one < middle and (two >= right_end or time[order[one]] <= time[order[two]]):
                        spare[place] = order[one]
                        one += 1
                    else:
                        spare[place] = order[two]
                        two += 1
                left += 2 * width
            for place in range(begin, end):
                order[place] = spare[place]
            width *= 2
