# ruff: noqa: PLR0912, PLR0915, PLR0917
"""The cheapest alignment of each customer's events with a drawn sequence of steps."""

from typing import Any

from parcours.engine.jit import kernel


@kernel(
    "codes", "int64[]", "int64", "int64", "int64", "int64",
    "uint8[]", "uint8[]", "uint8[]", "uint8[]", "int64",
    "int64[]!", "int32[]!", "int64[]!", "int64[]!",
    "int64[]!", "int64[]!", "int64[]!", "int64[]!", "int64[]!",
    "int64", "uint8[]!",
)  # fmt: skip
def align(
    codes: Any,
    offsets: Any,
    first: int,
    last: int,
    none: int,
    width: int,
    counted: Any,
    fits: Any,
    optional: Any,
    repeats: Any,
    whole: int,
    events: Any,
    table: Any,
    costs: Any,
    lengths: Any,
    followed: Any,
    skipped: Any,
    extra: Any,
    extra_customers: Any,
    seen: Any,
    wanted: int,
    marks: Any,
) -> None:
    """For each customer the cost and the number of counted events; and sums over customers.

    `counted[code]` is 1 for codes that are looked at, `fits[code * steps + step]` for codes of a step.
    `whole` is 1 when all steps must be gone through. Sums: `followed[step]` and `skipped[step]` customers,
    `extra[place * width + code]` events that fit nowhere, `place` steps having been entered, and
    `extra_customers` the same in customers. `marks[customer]` becomes 1 for those counted in one of these
    sums: `wanted` is its place in followed, skipped and extra one after the other, -1 for none.

    Scratch: `events` and `table`, (longest + 1) * (steps + 1); `seen` like `extra`, below 0.

    Of alignments that cost the same the one is counted that, from the end, prefers an event that enters a
    step, then one that repeats it, then an event that fits nowhere, then a step left out.
    """
    steps = len(optional)
    row = steps + 1
    for customer in range(first, last):
        size = 0
        for event in range(offsets[customer], offsets[customer + 1]):
            code = codes[event]
            if code != none and counted[code] == 1:
                events[size] = code
                size += 1
        lengths[customer] = size
        if size == 0:
            continue
        table[0] = 0
        for step in range(steps):
            table[step + 1] = table[step] + (1 - optional[step])
        for at in range(size):
            code = events[at]
            before = at * row
            here = before + row
            for place in range(row):
                best = table[before + place] + 1
                if place > 0:
                    step = place - 1
                    if fits[code * steps + step] == 1:
                        best = min(best, table[before + place - 1])
                        if repeats[step] == 1:
                            best = min(best, table[before + place])
                    best = min(best, table[here + place - 1] + (1 - optional[step]))
                table[here + place] = best
        place = steps
        if whole == 0:
            for each in range(steps, -1, -1):
                if table[size * row + each] < table[size * row + place]:
                    place = each
        costs[customer] = table[size * row + place]
        at = size
        repeated = -1
        while at > 0 or place > 0:
            cost = table[at * row + place]
            if at > 0 and place > 0 and fits[events[at - 1] * steps + place - 1] == 1:
                if cost == table[(at - 1) * row + place - 1]:
                    if repeated != place - 1:
                        followed[place - 1] += 1
                        if wanted == place - 1:
                            marks[customer] = 1
                    repeated = -1
                    at -= 1
                    place -= 1
                    continue
                if repeats[place - 1] == 1 and cost == table[(at - 1) * row + place]:
                    if repeated != place - 1:
                        followed[place - 1] += 1
                        repeated = place - 1
                        if wanted == place - 1:
                            marks[customer] = 1
                    at -= 1
                    continue
            if at > 0 and cost == table[(at - 1) * row + place] + 1:
                cell = place * width + events[at - 1]
                extra[cell] += 1
                if wanted == 2 * steps + cell:
                    marks[customer] = 1
                if seen[cell] != customer:
                    seen[cell] = customer
                    extra_customers[cell] += 1
                at -= 1
                continue
            if repeated != place - 1:
                skipped[place - 1] += 1
                if wanted == steps + place - 1:
                    marks[customer] = 1
            repeated = -1
            place -= 1
