# ruff: noqa: PLR0912, PLR0917
"""Where customers went after they entered a group of activities."""

from typing import Any

from parcours.engine.jit import kernel

NOT_REACHED = -1
WENT_ON = -2
OFF_THE_MAP = -3
ENDED = -4


@kernel(
    "codes", "int64[]", "int64[]", "int64", "int64", "int64",
    "int64[]", "int64", "int64[]!", "int32[]!", "int64[]!",
)  # fmt: skip
def follow_groups(
    codes: Any,
    time: Any,
    offsets: Any,
    first: int,
    last: int,
    none: int,
    place_of_code: Any,
    places: int,
    entered: Any,
    outcomes: Any,
    gaps: Any,
) -> None:
    """For each customer and each place in the order: what came after the first event there.

    `outcomes[place * customers + customer]` is the code of another group, or one of the constants above;
    `gaps` the microseconds from the first event in the place to the first later one in the next, where the
    customer went on. `place_of_code` is -1 for a group that is not in the order. `entered` is scratch, one
    entry a place.

    The first event in another group settles where a customer left to, so only the group of the moment is
    unsettled.
    """
    customers = len(offsets) - 1
    for customer in range(first, last):
        for place in range(places):
            entered[place] = -1
            outcomes[place * customers + customer] = NOT_REACHED
        group = -1
        last_off_the_map = -1
        for event in range(offsets[customer], offsets[customer + 1]):
            code = codes[event]
            if code == none:
                last_off_the_map = event
                continue
            if code == group:
                continue
            if group >= 0:
                left = place_of_code[group]
                if left >= 0 and outcomes[left * customers + customer] == ENDED:
                    outcomes[left * customers + customer] = code
            group = code
            place = place_of_code[code]
            if place < 0:
                continue
            if entered[place] < 0:
                entered[place] = event
                outcomes[place * customers + customer] = ENDED
            if place > 0 and entered[place - 1] >= 0:
                before = (place - 1) * customers + customer
                if outcomes[before] != WENT_ON:
                    outcomes[before] = WENT_ON
                    gaps[before] = time[event] - time[entered[place - 1]]
        for place in range(places):
            here = place * customers + customer
            if outcomes[here] == ENDED and last_off_the_map > entered[place]:
                outcomes[here] = OFF_THE_MAP
