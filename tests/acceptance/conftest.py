from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.folders import folder_for_a_server
from tests.prepared import begin


@pytest.fixture
def tmp_path() -> Iterator[Path]:
    with folder_for_a_server() as folder:
        yield folder


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """An installation whose first start is behind it, with nobody in it yet."""
    begin(tmp_path / "var")
    return tmp_path / "var"
