"""The folders of indexes, one a generation, which stay as long as a process uses them."""

import json
import shutil
from pathlib import Path

from parcours.core.locks import FolderLock

META = "meta.json"


def lock_of(folder: Path) -> FolderLock:
    """Shared by every process that has the index open; held alone by whoever takes it away."""
    return FolderLock(folder / "use.lock")


def files_in_use(lake: Path) -> list[str]:
    """The lake's files that indexes were made of, which may still want their properties."""
    found: list[str] = []
    for meta in (lake / "index").glob(f"*/{META}"):
        try:
            described = json.loads(meta.read_text("utf-8"))
        except (OSError, ValueError):
            continue
        found += [path for paths in described.get("files", ()) for path in paths]
    return found


def take_away_others(root: Path, kept: Path) -> None:
    """Older generations go, unless a process uses them: then they go when the next one is made."""
    for folder in root.iterdir():
        if folder == kept:
            continue
        lock = lock_of(folder)
        try:
            if lock.try_to_hold():
                shutil.rmtree(folder, ignore_errors=True)
        except OSError:
            continue  # somebody else was faster
        finally:
            lock.let_go()


def newest(root: Path, ending: str) -> Path | None:
    """The folder of the newest whole index of this format."""
    numbers = [
        int(folder.name.removesuffix(ending))
        for folder in root.glob(f"[0-9]*{ending}")
        if (folder / META).exists()
    ]
    return root / f"{max(numbers)}{ending}" if numbers else None
