"""From the codes of a dictionary to those of a log."""

from typing import Any

from parcours.engine.jit import kernel


@kernel("int32[]", "uint8[]!")
def mark_used(indices: Any, used: Any) -> None:
    """Set `used[index]` for each index that occurs."""
    for place in range(len(indices)):
        used[indices[place]] = 1


@kernel("int32[]", "uint8[]", "uint8[]!")
def recode_narrow(indices: Any, codes: Any, found: Any) -> None:
    """`found[place] = codes[indices[place]]`, for codes of one byte."""
    for place in range(len(indices)):
        found[place] = codes[indices[place]]


@kernel("int32[]", "uint16[]", "uint16[]!")
def recode_wide(indices: Any, codes: Any, found: Any) -> None:
    """The same for codes of two bytes."""
    for place in range(len(indices)):
        found[place] = codes[indices[place]]
