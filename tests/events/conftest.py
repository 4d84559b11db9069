from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor
from parcours.events.imports import ColumnMapping, ImportReport, import_events

TakeIn = Callable[..., ImportReport]


@pytest.fixture
def take_in(brand: Brand, system: Actor, tmp_path: Path) -> TakeIn:
    """Writes a text (or bytes) to a file and imports it; what else is named goes to the column mapping."""

    def run(content: str | bytes, name: str = "events.csv", **options: Any) -> ImportReport:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        known = {key: options.pop(key) for key in ("format", "source", "rejects") if key in options}
        return import_events(brand, path, mapping=ColumnMapping(**options), acting_user=system, **known)

    return run
