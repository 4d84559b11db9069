"""pyarrow, imported when first used and loosely typed: its stubs are narrower than what it takes."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa


def arrow() -> Any:
    import pyarrow as pa

    return pa


def compute() -> Any:
    import pyarrow.compute

    return pyarrow.compute


def one_array(values: Any) -> Any:
    """Values of any kind (numpy, a list, arrow in chunks) as one arrow array."""
    pa = arrow()
    if isinstance(values, pa.ChunkedArray):
        if pa.types.is_dictionary(values.type):
            values = values.unify_dictionaries()
        if not values.num_chunks:
            return pa.array([], values.type)
        return values.chunk(0) if values.num_chunks == 1 else pa.concat_arrays(values.chunks)
    return values if isinstance(values, pa.Array) else pa.array(values, from_pandas=True)


def take(values: Any, positions: Any) -> Any:
    """The values at these positions (a numpy array)."""
    return values.take(arrow().array(positions))


def strings(values: Any) -> Any:
    return arrow().array(values, arrow().string())


def table(columns: Mapping[str, Any]) -> "pa.Table":
    made: pa.Table = arrow().table(dict(columns))
    return made
