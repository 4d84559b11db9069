"""Arrays written to and read from .npy files piece by piece, without mapping them: memory stays small."""

from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
import numpy.typing as npt

PIECE = 1 << 20


class ArrayWriter:
    """A one-dimensional array of known length, written in order."""

    def __init__(self, path: Path, kind: Any, length: int) -> None:
        self._kind = np.dtype(kind)
        self._file = path.open("wb")
        header = {"descr": self._kind.str, "fortran_order": False, "shape": (length,)}
        np.lib.format.write_array_header_2_0(self._file, header)

    def append(self, values: npt.NDArray[Any]) -> None:
        values.astype(self._kind, copy=False).tofile(self._file)

    def close(self) -> None:
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def pieces(path: Path) -> Iterator[npt.NDArray[Any]]:
    """The array of a file, a million values at a time."""
    with path.open("rb") as file:
        np.lib.format.read_magic(file)
        (length,), _fortran, kind = np.lib.format.read_array_header_2_0(file)
        for start in range(0, length, PIECE):
            yield np.fromfile(file, kind, min(PIECE, length - start))
