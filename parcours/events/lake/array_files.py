"""Arrays written to and read from .npy files piece by piece, without mapping them: memory stays small."""

from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
import numpy.typing as npt

PIECE = 1 << 20
Positions = npt.NDArray[np.int64]


class ArrayWriter:
    """A one-dimensional array of known length, written in order."""

    def __init__(self, path: Path, kind: Any, length: int) -> None:
        self._kind = np.dtype(kind)
        self._file = path.open("wb")
        header = {"descr": self._kind.str, "fortran_order": False, "shape": (length,)}
        np.lib.format.write_array_header_2_0(self._file, header)

    def append(self, values: npt.NDArray[Any]) -> None:
        values.astype(self._kind, copy=False).tofile(self._file)

    def merge(self, array: "ArrayReader", start: int, stop: int, at: Positions, values: Any) -> None:
        """Appends `array[start:stop]` with the values put before the positions `at` (of the array, rising).

        Raises OverflowError for values that the array's kind can't hold.
        """
        values = self._fitting(values)
        done = 0
        for first in range(start, stop, PIECE):
            last = min(first + PIECE, stop)
            upto = len(at) if last == stop else int(np.searchsorted(at, last))
            part = array.read(first, last)
            if upto > done:
                part = np.insert(part, at[done:upto] - first, values[done:upto])
            self.append(part)
            done = upto
        if done < len(at):
            self.append(values[done:])

    def rearrange(self, array: "ArrayReader", start: int, stop: int, taken: Positions, values: Any) -> None:
        """Appends for each of `taken` the value of `array[start:stop]` there; where it is -1, the next one
        of `values`.
        """
        values = self._fitting(values)
        if stop == start:
            self.append(values)
            return
        part = array.read(start, stop)[taken]
        part[taken < 0] = values
        self.append(part)

    def _fitting(self, values: Any) -> npt.NDArray[Any]:
        """Raises OverflowError for values that the array's kind can't hold."""
        fitting: npt.NDArray[Any] = np.asarray(values)
        limits = np.iinfo(self._kind)
        if len(fitting) and not limits.min <= int(fitting.min()) <= int(fitting.max()) <= limits.max:
            raise OverflowError
        return fitting

    def close(self) -> None:
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class ArrayReader:
    """A one-dimensional array in a file, of which parts are read."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("rb")
        np.lib.format.read_magic(self._file)
        (self.length,), _fortran, self.kind = np.lib.format.read_array_header_2_0(self._file)
        self._begin = self._file.tell()

    def read(self, start: int, stop: int) -> npt.NDArray[Any]:
        self._file.seek(self._begin + start * self.kind.itemsize)
        return np.fromfile(self._file, self.kind, stop - start)

    def close(self) -> None:
        self._file.close()


def pieces(path: Path) -> Iterator[npt.NDArray[Any]]:
    """The array of a file, a million values at a time."""
    with path.open("rb") as file:
        np.lib.format.read_magic(file)
        (length,), _fortran, kind = np.lib.format.read_array_header_2_0(file)
        for start in range(0, length, PIECE):
            yield np.fromfile(file, kind, min(PIECE, length - start))
