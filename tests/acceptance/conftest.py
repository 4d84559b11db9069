from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.folders import folder_for_a_server


@pytest.fixture
def tmp_path() -> Iterator[Path]:
    with folder_for_a_server() as folder:
        yield folder
