# ruff: noqa: PLR0917
"""What customers had done before an event."""

from typing import Any

from parcours.engine.jit import kernel


@kernel("codes", "int64[]", "int64[]", "int64[]", "int64", "int64", "uint8[]!", "int64[]!", "int64[]!")
def count_before(
    codes: Any,
    offsets: Any,
    customers: Any,
    events: Any,
    none: int,
    width: int,
    counts: Any,
    latest: Any,
    sizes: Any,
) -> None:
    """For each case, a customer and an event: how often each activity came before, counted up to 2.

    With a `width` of 0 they are not counted.

    `counts[case * width + code]`; `latest` is the activity just before, or -1; `sizes` how many there were.
    """
    for case in range(len(customers)):
        for event in range(offsets[customers[case]], events[case]):
            code = codes[event]
            if code == none:
                continue
            latest[case] = code
            sizes[case] += 1
            if width > 0 and counts[case * width + code] < 2:
                counts[case * width + code] += 1
