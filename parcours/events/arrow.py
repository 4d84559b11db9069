"""pyarrow without its stubs, which refuse much of what it takes; loading this loads pyarrow."""

from typing import Any, TypeAlias

import pyarrow  # noqa: ICN001 - `pa` is the one without stubs
import pyarrow.compute
import pyarrow.csv
import pyarrow.parquet

pa: Any = pyarrow
pc: Any = pyarrow.compute
pq: Any = pyarrow.parquet
pa_csv: Any = pyarrow.csv

Schema: TypeAlias = Any
Table: TypeAlias = Any
ChunkedArray: TypeAlias = Any
RecordBatch: TypeAlias = Any

# Arrow keeps much of what was freed; the C library can be told to give it back (see `memory`).
pa.set_memory_pool(pa.system_memory_pool())
