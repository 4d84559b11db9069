"""pyarrow, imported when first used and loosely typed: its stubs are narrower than what it takes.

Arrays are made from their buffers, because `pyarrow.array` imports all of pandas, where there is one, to look
at what it is given.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    import pyarrow as pa


def arrow() -> Any:
    import pyarrow as pa

    return pa


def compute() -> Any:
    import pyarrow.compute

    return pyarrow.compute


def numbers(values: npt.NDArray[Any], kind: Any = None, valid: npt.NDArray[np.bool_] | None = None) -> Any:
    """An arrow array over the memory of a numpy array, null where `valid` is false."""
    pa = arrow()
    flat = np.ascontiguousarray(values)
    data = np.packbits(flat, bitorder="little") if flat.dtype == np.bool_ else flat
    bits = None if valid is None else pa.py_buffer(np.packbits(valid, bitorder="little"))
    return pa.Array.from_buffers(
        kind or pa.from_numpy_dtype(flat.dtype), len(flat), [bits, pa.py_buffer(data)]
    )


def floats(values: Sequence[float | None]) -> Any:
    present = np.array([value is not None for value in values], dtype=np.bool_)
    return numbers(np.array([value or 0.0 for value in values], dtype=np.float64), valid=present)


def strings(values: Sequence[str]) -> Any:
    pa = arrow()
    encoded = [value.encode() for value in values]
    offsets = np.zeros(len(encoded) + 1, dtype=np.int32)
    np.cumsum([len(each) for each in encoded], out=offsets[1:])
    return pa.Array.from_buffers(
        pa.string(), len(encoded), [None, pa.py_buffer(offsets), pa.py_buffer(b"".join(encoded))]
    )


def coded(codes: npt.NDArray[Any], labels: Sequence[str]) -> Any:
    """A dictionary array; a code outside of `labels` is null."""
    outside = (codes < 0) | (codes >= len(labels))
    valid = ~outside if outside.any() else None
    indices = np.where(outside, 0, codes).astype(np.int32)
    return arrow().DictionaryArray.from_arrays(numbers(indices, valid=valid), strings(labels))


def as_type(values: Any, kind: Any) -> Any:
    """Values cast to a type; as they are where they have it, for casting imports much of pyarrow."""
    return values if values.type == kind else values.cast(kind)


def named(labels: Sequence[str], codes: npt.NDArray[Any]) -> Any:
    """The label of each code, as text."""
    if len(codes) > 10_000:
        return take(strings(labels), codes)
    return strings([labels[code] for code in codes.tolist()])


def one_array(values: Any) -> Any:
    """Values of any kind (numpy, a list, arrow in chunks) as one arrow array."""
    pa = arrow()
    if isinstance(values, pa.ChunkedArray):
        if pa.types.is_dictionary(values.type):
            values = values.unify_dictionaries()
        if not values.num_chunks:
            return pa.array([], values.type)
        return values.chunk(0) if values.num_chunks == 1 else pa.concat_arrays(values.chunks)
    if isinstance(values, np.ndarray) and values.dtype.kind in "iu":
        return numbers(values)
    return values if isinstance(values, pa.Array) else pa.array(values, from_pandas=True)


def as_numpy(values: Any) -> npt.NDArray[Any]:
    """Numbers or truths of an arrow array that has no nulls; numbers are not copied."""
    if arrow().types.is_boolean(values.type):
        return as_numpy(values.cast("uint8")).view(np.bool_)
    kind = np.dtype(values.type.to_pandas_dtype())
    if not len(values):
        return np.zeros(0, dtype=kind)
    return np.frombuffer(values.buffers()[1], dtype=kind)[values.offset : values.offset + len(values)]


def take(values: Any, positions: npt.NDArray[Any]) -> Any:
    return values.take(numbers(positions))


def table(columns: Mapping[str, Any]) -> "pa.Table":
    made: pa.Table = arrow().Table.from_arrays(list(columns.values()), names=list(columns))
    return made
