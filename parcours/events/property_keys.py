"""Which properties the events of a brand have, from a sample of them."""

import uuid
from collections import Counter
from pathlib import Path
from typing import Any

from parcours.events.lake import Lake

FILES = 4
ROWS = 500


def property_keys(brand_id: uuid.UUID) -> tuple[str, ...]:
    """The keys that occur in a sample of events from several buckets, the most frequent first."""
    import msgspec

    lake = Lake(brand_id)
    keys: Counter[str] = Counter()
    for path in lake.manifest().paths()[:FILES]:
        for text in _first_properties(lake.folder / path):
            found: Any = msgspec.json.decode(text or "{}")
            keys.update(found if isinstance(found, dict) else ())
    return tuple(key for key, _count in keys.most_common())


def _first_properties(path: Path) -> list[str | None]:
    import pyarrow.parquet as pq

    with pq.ParquetFile(path) as file:
        batch = next(file.iter_batches(ROWS, columns=["properties"]), None)
        return batch.column(0).to_pylist() if batch is not None else []
