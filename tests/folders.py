"""Folders for tests that start a database of their own."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def folder_for_a_server() -> Iterator[Path]:
    """A new folder outside pytest's own, which every run of pytest closes to other accounts again.

    When root tests, the database runs as another account, and a second run would shut it out.
    """
    folder = Path(tempfile.mkdtemp(prefix="parcours-test-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
