"""Which events a file holds, so that none is stored twice: the first eight bytes of their ids, sorted and
mapped into memory, a file of its own for each.

Looking up a few ids touches a few pages; only where one seems to be known are the file's own ids read.
"""

import os
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from parcours.events.arrow import ChunkedArray

Prefixes = npt.NDArray[np.uint64]


def prefixes(ids: "ChunkedArray") -> Prefixes:
    """The first eight bytes of ids of sixteen, as numbers."""
    parts = [
        np.frombuffer(chunk.buffers()[1], np.uint64)[2 * chunk.offset : 2 * (chunk.offset + len(chunk)) : 2]
        for chunk in ids.chunks
        if len(chunk)
    ]
    return np.concatenate(parts) if parts else np.empty(0, np.uint64)


def note_known(folder: Path, path: str, found: Prefixes) -> None:
    """Keeps what a file holds; on disk before it counts, for what is lost here would be stored twice."""
    kept = kept_for(folder, path)
    kept.parent.mkdir(exist_ok=True)
    aside = kept.with_name(f".{uuid.uuid4().hex}.npy")
    with aside.open("wb") as file:
        np.save(file, np.sort(found))
        file.flush()
        os.fsync(file.fileno())
    aside.replace(kept)


def held(folder: Path, path: str, ids: Any) -> npt.NDArray[np.bool_]:
    """Which of the ids (a chunked array) the file holds."""
    from parcours.events.arrow import pc, pq

    wanted, stored = prefixes(ids), _stored(folder, path)
    place = np.minimum(np.searchsorted(stored, wanted), max(len(stored) - 1, 0))
    seen = stored[place] == wanted if len(stored) else np.zeros(len(wanted), np.bool_)
    if not seen.any():
        return seen
    with pq.ParquetFile(folder / path) as file:
        own = file.read(columns=["event_id"])["event_id"]
    exactly: npt.NDArray[np.bool_] = pc.is_in(ids, value_set=own).to_numpy()
    return exactly


def forget_known(folder: Path, path: str) -> None:
    kept_for(folder, path).unlink(missing_ok=True)


def kept_for(folder: Path, path: str) -> Path:
    return folder / "known" / f"{Path(path).stem}.npy"


def _stored(folder: Path, path: str) -> Prefixes:
    from parcours.events.arrow import pq

    kept = kept_for(folder, path)
    if not kept.exists():
        with pq.ParquetFile(folder / path) as file:
            note_known(folder, path, prefixes(file.read(columns=["event_id"])["event_id"]))
    return np.asarray(np.load(kept, mmap_mode="r"))
