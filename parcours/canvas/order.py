"""Fractional order keys: a thing moves by changing its own key alone."""

from collections.abc import Sequence

from fractional_indexing import generate_key_between, generate_n_keys_between


def first_keys(n: int) -> list[str]:
    """Keys for `n` things in order."""
    return list(generate_n_keys_between(None, None, n))


def key_at(keys: Sequence[str], position: int) -> str:
    """A key for a thing at `position` among others, whose `keys` are sorted; beyond the end means last."""
    position = max(0, min(position, len(keys)))
    before = keys[position - 1] if position > 0 else None
    after = keys[position] if position < len(keys) else None
    return str(generate_key_between(before, after))


def key_last(keys: Sequence[str]) -> str:
    return key_at(keys, len(keys))
