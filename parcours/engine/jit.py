"""Kernels: plain functions over flat arrays, compiled to machine code the first time they run.

A kernel is written as ordinary Python over one-dimensional contiguous arrays and 64-bit integers, takes
everything it needs as arguments, writes into arrays it is given and allocates nothing. Its argument types are
pinned, so that each kernel is compiled at most twice (for one-byte and for two-byte codes) and read from the
cache ever after.
"""

from collections.abc import Callable
from threading import Lock
from typing import Any

import numpy as np

CODES = "codes"


class Kernel:
    """A function compiled on demand, one version for each width of code."""

    def __init__(self, function: Callable[..., Any], arguments: tuple[str, ...]) -> None:
        self.function = function
        self.arguments = arguments
        self._compiled: dict[str, Callable[..., Any]] = {}
        self._lock = Lock()

    def __call__(self, *arguments: Any) -> Any:
        return self.compiled(self._width(arguments))(*arguments)

    def widths(self) -> tuple[str, ...]:
        """The widths of code this kernel exists in."""
        return ("uint8", "uint16") if CODES in self.arguments else ("",)

    def compiled(self, width: str) -> Callable[..., Any]:
        found = self._compiled.get(width)
        if found is not None:
            return found
        with self._lock:
            if width not in self._compiled:
                self._compiled[width] = self._compile(width)
        return self._compiled[width]

    def _width(self, arguments: tuple[Any, ...]) -> str:
        if CODES not in self.arguments:
            return ""
        return str(arguments[self.arguments.index(CODES)].dtype)

    def _compile(self, width: str) -> Callable[..., Any]:
        import numba

        signature = tuple(_type(argument.replace(CODES, f"{width}[]")) for argument in self.arguments)
        compiled: Callable[..., Any] = numba.njit([signature], cache=True, nogil=True, error_model="numpy")(
            self.function
        )
        return compiled


def _type(name: str) -> Any:
    """“int64” is a number, “int64[]” an array that is read, “int64[]!” one that is written."""
    from numba import from_dtype, types

    scalar = from_dtype(np.dtype(name.removesuffix("!").removesuffix("[]")))
    if "[]" not in name:
        return scalar
    return types.Array(scalar, 1, "C", readonly=not name.endswith("!"))


def kernel(*arguments: str) -> Callable[[Callable[..., Any]], Kernel]:
    """Declare a kernel with its argument types; “codes” is the array of activity codes, one or two bytes
    each.
    """
    return lambda function: Kernel(function, arguments)
