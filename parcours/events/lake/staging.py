"""Rows on their way into a lake."""

import shutil
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from parcours.events.lake.spill import Spill


class Staging:
    """A folder of rows on their way in, gone at the end."""

    def __init__(self, lake: Path) -> None:
        self._root = lake / "staging"
        self.folder = self._root / uuid.uuid4().hex
        self.scratch = self.folder / "scratch"
        self.rows: Spill

    def __enter__(self) -> Self:
        shutil.rmtree(self._root, ignore_errors=True)
        self.restart()
        return self

    def restart(self) -> None:
        """Forgets every row."""
        from parcours.events.lake.layout import staged_schema
        from parcours.events.lake.spill import Spill

        shutil.rmtree(self.folder, ignore_errors=True)
        self.scratch.mkdir(parents=True)
        self.rows = Spill(self.folder / "rows", staged_schema())

    def __exit__(self, *_error: object) -> None:
        self.rows.close()
        shutil.rmtree(self.folder, ignore_errors=True)
