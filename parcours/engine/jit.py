"""Kernels: plain functions over flat arrays, compiled to machine code once and kept.

A kernel is written as ordinary Python over one-dimensional contiguous arrays and 64-bit integers. It takes
everything it needs as arguments, writes into arrays it is given, allocates nothing and raises nothing. Its
argument types are pinned, so each is compiled at most twice, for one-byte and for two-byte codes. The machine
code is kept in a folder (see `objects`) and called directly, without the GIL: numba is imported only to
compile. What several kernels of a module do alike is a helper, which becomes part of each of them.
"""

import ctypes
from collections.abc import Callable
from itertools import product
from threading import Lock
from typing import Any

import numpy as np

CODED = ("codes", "touches")
WIDTHS = ("uint8", "uint16")


class Kernel:
    """A function compiled on demand, one version for each width of code."""

    def __init__(self, function: Callable[..., Any], arguments: tuple[str, ...]) -> None:
        self.function = function
        self.arguments = arguments
        self._coded = [place for place, argument in enumerate(arguments) if argument in CODED]
        self._compiled: dict[tuple[str, ...], Native] = {}
        self._lock = Lock()

    def __call__(self, *arguments: Any) -> int:
        return self.compiled(self._widths_of(arguments))(*arguments)

    def widths(self) -> list[tuple[str, ...]]:
        """The widths of its arrays of codes that this kernel exists in."""
        return list(product(WIDTHS, repeat=len(self._coded)))

    def signature(self, widths: tuple[str, ...]) -> tuple[str, ...]:
        width = iter(widths)
        return tuple(f"{next(width)}[]" if argument in CODED else argument for argument in self.arguments)

    def compiled(self, widths: tuple[str, ...]) -> "Native":
        found = self._compiled.get(widths)
        if found is not None:
            return found
        with self._lock:
            if widths not in self._compiled:
                from parcours.engine.objects import address_of

                signature = self.signature(widths)
                self._compiled[widths] = Native(address_of(self.function, signature), signature)
        return self._compiled[widths]

    def _widths_of(self, arguments: tuple[Any, ...]) -> tuple[str, ...]:
        return tuple(arguments[place].dtype.name for place in self._coded)


class Native:
    """Machine code behind an address, called with numpy arrays and integers.

    numba's own calling convention: a pointer to the result, one to an error, then for an array its owner and
    parent (none), size, item size, data, shape and stride. What does not fit the signature raises TypeError,
    for in machine code it would read or write where it must not.
    """

    def __init__(self, address: int, signature: tuple[str, ...]) -> None:
        word, pointer = ctypes.c_int64, ctypes.c_void_p
        array = [pointer, pointer, word, word, pointer, word, word]
        types = [kind for name in signature for kind in (array if "[]" in name else [word])]
        self._call = ctypes.CFUNCTYPE(ctypes.c_int32, pointer, pointer, *types)(address)
        self._arrays = [_expected(name) if "[]" in name else None for name in signature]

    def __call__(self, *arguments: Any) -> int:
        result, error = ctypes.c_int64(0), ctypes.c_void_p(None)
        flat: list[Any] = [ctypes.byref(result), ctypes.byref(error)]
        for argument, expected in zip(arguments, self._arrays, strict=True):
            if expected is None:
                flat.append(int(argument))
            else:
                flat += _flattened(argument, *expected)
        if self._call(*flat) != 0:
            raise RuntimeError("A kernel reported an error, which kernels must not do.")
        return result.value


def _expected(name: str) -> tuple[Any, bool]:
    """The type of an array's items, and whether it is written to."""
    return np.dtype(name.removesuffix("!").removesuffix("[]")), name.endswith("!")


def _flattened(array: Any, kind: Any, written: bool) -> tuple[Any, ...]:
    flags = array.flags
    if array.dtype != kind or array.ndim != 1 or not flags.c_contiguous or not flags.aligned:
        raise TypeError(
            f"A kernel wants a flat array of {kind}, not {array.ndim} dimensions of {array.dtype}."
        )
    if written and not flags.writeable:
        raise TypeError("A kernel cannot write to an array that is read-only.")
    return None, None, array.size, array.itemsize, array.ctypes.data, array.size, array.itemsize


class Helper:
    """A function that kernels of the same module call; its code becomes part of theirs."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function = function

    def __call__(self, *arguments: Any) -> Any:
        return self.function(*arguments)


def kernel(*arguments: str) -> Callable[[Callable[..., Any]], Kernel]:
    """Declare a kernel by the types of its arguments.

    “int64” is a number, “int64[]” an array that is read, “int64[]!” one that is written, and “codes” the
    array of activity codes, of one or two bytes each.
    """
    return lambda function: Kernel(function, arguments)
