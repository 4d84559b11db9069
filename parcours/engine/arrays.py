"""The arrays a log is made of, and the checks that they make one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from parcours.engine.errors import InvalidLogError
from parcours.engine.words import count
from parcours.engine.words import gettext as _

Codes = npt.NDArray[np.uint8] | npt.NDArray[np.uint16]
Int64s = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

MOST_LABELS = 65_535


@dataclass(frozen=True, slots=True)
class Labelled:
    """Codes into labels, one or two bytes each. The highest code of the width means “none”."""

    codes: Codes
    labels: tuple[str, ...]

    @property
    def none(self) -> int:
        return no_code(self.codes)

    @property
    def width(self) -> int:
        """How many places a table indexed by code needs, “none” left out."""
        return max(1, len(self.labels))


def no_code(codes: Codes) -> int:
    """The code that means “none”: 255 for one-byte codes, 65535 for two-byte codes."""
    return int(np.iinfo(codes.dtype).max)


def code_type(labels: int) -> type[np.uint8] | type[np.uint16]:
    """The narrowest type for this many labels and “none”. Raises InvalidLogError above 65,535 labels."""
    if labels > MOST_LABELS:
        raise InvalidLogError(
            _("{n} different values are more than {most}. Choose a column with fewer.").format(
                n=count(labels), most=count(MOST_LABELS)
            )
        )
    return np.uint8 if labels <= np.iinfo(np.uint8).max else np.uint16


def labelled(kind: str, codes: Any, labels: Sequence[str]) -> Labelled:
    """Codes and labels checked and joined; unsigned arrays of one or two bytes are taken without a copy.

    Other integers are converted, with every code outside of `labels` (such as -1) meaning “none”.
    """
    array = np.asanyarray(codes)
    if array.dtype in (np.uint8, np.uint16):
        if len(labels) > np.iinfo(array.dtype).max:
            raise InvalidLogError(
                _("{n} labels of `{name}` do not fit codes of type {type}.").format(
                    n=count(len(labels)), name=kind, type=array.dtype
                )
            )
        unsigned: Any = np.ascontiguousarray(array)
        return Labelled(unsigned, tuple(labels))
    if array.dtype.kind not in "iu":
        raise InvalidLogError(
            _("The codes of `{name}` must be integers, not {type}.").format(name=kind, type=array.dtype)
        )
    narrow = code_type(len(labels))
    outside = (array < 0) | (array >= len(labels))
    narrowed: Any = np.where(outside, np.iinfo(narrow).max, array).astype(narrow)
    return Labelled(narrowed, tuple(labels))


def as_int64(name: str, values: Any) -> Int64s:
    array = np.asanyarray(values)
    if array.dtype != np.int64:
        raise InvalidLogError(_("`{name}` must be int64, not {type}.").format(name=name, type=array.dtype))
    return np.ascontiguousarray(array)


def check(offsets: Int64s, time: Int64s, activity: Labelled) -> None:
    """Raise InvalidLogError unless the arrays make a log: every customer's events in order, every code known.

    Reads all of it once; `EventLog.from_codes` does so only when asked.
    """
    if np.any(np.diff(offsets) < 0):
        raise InvalidLogError(_("`offsets` must never decrease."))
    falls = np.flatnonzero(np.diff(time) < 0) + 1
    stray = falls[~np.isin(falls, offsets)]
    if len(stray):
        raise InvalidLogError(
            _("The event at position {n} is earlier than the one before of the same customer.").format(
                n=stray[0]
            )
        )
    unknown = (activity.codes >= len(activity.labels)) & (activity.codes != activity.none)
    if np.any(unknown):
        position = int(np.flatnonzero(unknown)[0])
        raise InvalidLogError(
            _("The event at position {n} has code {code}, without a label.").format(
                n=position, code=activity.codes[position]
            )
        )
