"""Log files that stay small."""

import os
import shutil
from pathlib import Path

LIMIT = 4 * 1024 * 1024


def keep_small(path: Path, limit: int = LIMIT) -> None:
    """Moves a log that grew beyond the limit (bytes) to `<name>.1` and empties it.

    It is copied and emptied, not renamed: whoever has it open for appending goes on in the same file.
    """
    try:
        if path.stat().st_size <= limit:
            return
    except FileNotFoundError:
        return
    shutil.copyfile(path, path.with_name(path.name + ".1"))
    os.truncate(path, 0)


def last_lines(path: Path, count: int) -> str:
    """The last lines of a log; empty when there is none."""
    try:
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - 8192))
            return "\n".join(file.read().decode("utf-8", "replace").splitlines()[-count:])
    except FileNotFoundError:
        return ""
