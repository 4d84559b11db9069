# ruff: noqa: PLR0917
"""What customers do at least once."""

from typing import Any

import numpy as np

from parcours.engine.jit import kernel


@kernel(
    "codes", "int64[]", "int64", "int64", "int64", "int64", "int64[]!", "int64[]!"
)  # fmt: skip
def count_pair_customers(
    codes: Any,
    offsets: Any,
    first: int,
    last: int,
    none: int,
    width: int,
    seen: Any,
    customers: Any,
) -> None:
    """Add to `customers[source * width + target]` those with this pair of neighbours. `seen` holds -1."""
    for customer in range(first, last):
        source = -1
        for event in range(offsets[customer], offsets[customer + 1]):
            target = codes[event]
            if target == none:
                continue
            if source >= 0:
                pair = np.int64(source) * width + target
                if seen[pair] != customer:
                    seen[pair] = customer
                    customers[pair] += 1
            source = target
