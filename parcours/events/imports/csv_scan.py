"""Where the records of a block of CSV begin and end: one pass over the bytes."""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from parcours.engine.jit import kernel

LONGEST_RECORD = 262_144
CONTROL, UNCLOSED = 1, 2
_NEWLINE, _RETURN, _TAB = 10, 13, 9


class Records(NamedTuple):
    """The records of a block, empty lines left out; `consumed` bytes hold them, the rest belongs to the next
    block.
    """

    starts: npt.NDArray[np.int64]
    ends: npt.NDArray[np.int64]
    lines: npt.NDArray[np.int64]  # of the first byte, counted from 0 in the block
    fields: npt.NDArray[np.int64]
    flags: npt.NDArray[np.int64]
    consumed: int
    newlines: int  # in the consumed bytes


def scan(block: bytes, *, delimiter: str, final: bool) -> Records:
    """Records end at a newline outside of quotes; the quote is a double one and opens at the beginning of a
    field.

    An opening quote without an end within `LONGEST_RECORD` bytes (or the file) makes its line a record of its
    own, flagged UNCLOSED, and the next line begins afresh: one bad line never swallows the rest.
    """
    if final and block and not block.endswith(b"\n"):
        block += b"\n"
    data = np.frombuffer(block, np.uint8)
    most = int(np.count_nonzero(data == _NEWLINE)) + 1
    columns = [np.empty(most, np.int64) for _column in range(5)]
    totals = np.zeros(3, np.int64)
    find_records(data, ord(delimiter), 1 if final else 0, LONGEST_RECORD, *columns, totals)
    count = int(totals[0])
    starts, ends, lines, fields, flags = (column[:count] for column in columns)
    return Records(starts, ends, lines, fields, flags, int(totals[1]), int(totals[2]))


@kernel(
    "uint8[]", "int64", "int64", "int64",
    "int64[]!", "int64[]!", "int64[]!", "int64[]!", "int64[]!", "int64[]!",
)  # fmt: skip
def find_records(  # noqa: PLR0912, PLR0915, PLR0917 - a state machine reads best in one piece
    data: Any, delimiter: Any, final: Any, longest: Any,
    starts: Any, ends: Any, lines: Any, fields: Any, flags: Any, totals: Any,
) -> None:  # fmt: skip
    """Fills the columns; `totals` becomes (records, bytes consumed, newlines consumed)."""
    size = len(data)
    count = 0
    begin = 0
    line = 0
    first_line = 0
    first_newline = -1
    delimiters = 0
    flag = 0
    quoted = False
    at_field = True
    i = 0
    while i < size:
        byte = data[i]
        if byte < 32 and byte not in (_TAB, _NEWLINE, _RETURN):
            flag |= CONTROL
        if quoted:
            if byte == 34:
                if i + 1 < size and data[i + 1] == 34:
                    i += 1
                else:
                    quoted = False
            elif byte == _NEWLINE:
                line += 1
                if first_newline < 0:
                    first_newline = i
            lost = i - begin > longest or (final == 1 and i + 1 >= size)
            if quoted and lost and first_newline >= 0:
                starts[count] = begin
                ends[count] = first_newline
                lines[count] = first_line
                fields[count] = 0
                flags[count] = UNCLOSED
                count += 1
                i = first_newline
                line = first_line + 1
                begin = i + 1
                first_line = line
                first_newline = -1
                delimiters = 0
                flag = 0
                quoted = False
                at_field = True
        elif byte == _NEWLINE:
            line += 1
            end = i
            if end > begin and data[end - 1] == _RETURN:
                end -= 1
            if end > begin:
                starts[count] = begin
                ends[count] = end
                lines[count] = first_line
                fields[count] = delimiters + 1
                flags[count] = flag
                count += 1
            begin = i + 1
            first_line = line
            first_newline = -1
            delimiters = 0
            flag = 0
            at_field = True
        elif byte == delimiter:
            delimiters += 1
            at_field = True
        elif byte == 34 and at_field:
            quoted = True
            at_field = False
        else:
            at_field = False
        i += 1
    totals[0] = count
    totals[1] = begin
    totals[2] = first_line
