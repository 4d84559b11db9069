# ruff: noqa: PLR0912, PLR0917
"""Equal sequences, found by hashing and confirmed by comparing.

Customers are first dealt out to shares by the upper bits of their hash, so that the table of a share stays in
the processor's cache.
"""

from typing import Any

import numpy as np

from parcours.engine.jit import kernel

_SEED = np.uint64(0x9E3779B97F4A7C15)
_PRIME = np.uint64(0xFF51AFD7ED558CCD)
_FINAL = np.uint64(0xC4CEB9FE1A85EC53)
_HALF = np.uint64(32)


@kernel("codes", "int64[]", "int64", "int64", "int64", "int64", "uint64[]!", "int64[]!")
def hash_sequences(
    codes: Any, offsets: Any, first: int, last: int, none: int, shares: int, hashes: Any, sizes: Any
) -> None:
    """A 64-bit hash of each customer's sequence, and the number of customers of each share.

    Empty sequences belong to an extra share, the last. `shares` is a power of two.
    """
    for customer in range(first, last):
        value = _SEED
        length = 0
        for event in range(offsets[customer], offsets[customer + 1]):
            code = codes[event]
            if code == none:
                continue
            value = (value ^ np.uint64(code)) * _PRIME
            value ^= value >> _HALF
            length += 1
        value *= _FINAL
        value ^= value >> _HALF
        hashes[customer] = value
        if length == 0:
            sizes[shares] += 1
        else:
            sizes[np.int64(value >> _HALF) & (shares - 1)] += 1


@kernel("codes", "int64[]", "int64", "int64", "int64", "int64", "uint64[]", "int64[]!", "int64[]!")
def deal_out(
    codes: Any,
    offsets: Any,
    first: int,
    last: int,
    none: int,
    shares: int,
    hashes: Any,
    cursor: Any,
    dealt: Any,
) -> None:
    """Write each customer to the next place of its share in `dealt`; `cursor` has a place for each share."""
    for customer in range(first, last):
        share: Any = shares
        for event in range(offsets[customer], offsets[customer + 1]):
            if codes[event] != none:
                share = np.int64(hashes[customer] >> _HALF) & (shares - 1)
                break
        dealt[cursor[share]] = customer
        cursor[share] += 1


@kernel(
    "codes", "int64[]", "int64", "uint64[]", "int64[]", "int64[]",
    "int64", "int64", "int64[]!", "int64[]!", "int64[]!",
)  # fmt: skip
def group_sequences(
    codes: Any,
    offsets: Any,
    none: int,
    hashes: Any,
    dealt: Any,
    starts: Any,
    first: int,
    last: int,
    table: Any,
    holders: Any,
    counts: Any,
) -> int:
    """Count equal sequences in the shares `first` to `last` (past the end); returns how many distinct there
    are.

    `starts` is where each share begins in `dealt`. `holders` and `counts` receive one entry a distinct
    sequence: the first customer that has it, and how many have it. `table` is scratch, a power of two of at
    least twice the largest share.
    """
    found = 0
    for share in range(first, last):
        size = 16
        while size < 2 * (starts[share + 1] - starts[share]):
            size *= 2
        for slot in range(size):
            table[slot] = -1
        for at in range(starts[share], starts[share + 1]):
            customer = dealt[at]
            value = hashes[customer]
            place = np.int64(value) & (size - 1)
            while True:
                entry = table[place]
                if entry < 0:
                    table[place] = found
                    holders[found] = customer
                    counts[found] = 1
                    found += 1
                    break
                holder = holders[entry]
                if hashes[holder] == value:
                    left, left_end = offsets[holder], offsets[holder + 1]
                    right, right_end = offsets[customer], offsets[customer + 1]
                    same = True
                    while True:
                        while left < left_end and codes[left] == none:
                            left += 1
                        while right < right_end and codes[right] == none:
                            right += 1
                        if left == left_end or right == right_end:
                            same = left == left_end and right == right_end
                            break
                        if codes[left] != codes[right]:
                            same = False
                            break
                        left += 1
                        right += 1
                    if same:
                        counts[entry] += 1
                        break
                place = (place + 1) & (size - 1)
    return found
