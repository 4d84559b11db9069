# ruff: noqa: PLR0917
"""Equal sequences, found by hashing and confirmed by comparing."""

from typing import Any

import numpy as np

from parcours.engine.jit import kernel

_SEED = np.uint64(0x9E3779B97F4A7C15)
_PRIME = np.uint64(0xFF51AFD7ED558CCD)
_FINAL = np.uint64(0xC4CEB9FE1A85EC53)
_HALF = np.uint64(32)
_HIGH = np.uint64(40)
_ONE = np.uint64(1)
_EMPTY = np.uint64(0)


@kernel("codes", "int64[]", "int64", "int64", "int64", "uint64[]!")
def hash_sequences(codes: Any, offsets: Any, first: int, last: int, none: int, hashes: Any) -> None:
    """A 64-bit hash of each customer's sequence; 0 stands for an empty one and for nothing else."""
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
        if length == 0:
            hashes[customer] = _EMPTY
        else:
            value *= _FINAL
            value ^= value >> _HALF
            hashes[customer] = value if value != _EMPTY else _ONE


@kernel("codes", "int64[]", "int64", "uint64[]", "int64", "int64", "int64", "int64[]!", "int64[]!")
def group_sequences(
    codes: Any,
    offsets: Any,
    none: int,
    hashes: Any,
    share: int,
    shares: int,
    mask: int,
    holders: Any,
    counts: Any,
) -> None:
    """Count equal sequences among the customers whose hash falls to this share of `shares`, a power of two.

    `holders` (filled with -1) and `counts` are an open hash table of `mask + 1` places, a power of two
    greater than the number of customers that fall to the share: the first customer with a sequence, and how
    many have it.
    """
    for customer in range(len(hashes)):
        value = hashes[customer]
        if value == _EMPTY or np.int64(value >> _HIGH) & (shares - 1) != share:
            continue
        place = np.int64(value) & mask
        while True:
            holder = holders[place]
            if holder < 0:
                holders[place] = customer
                counts[place] = 1
                break
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
                    counts[place] += 1
                    break
            place = (place + 1) & mask
