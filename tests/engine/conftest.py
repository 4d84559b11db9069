import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from parcours.engine import threads

HERE = Path(__file__).resolve()

# The first run of a kernel compiles it, which is not what a test is about.
settings.register_profile("no deadlines", deadline=None)
settings.load_profile("no deadlines")


@pytest.fixture(autouse=True, scope="session")
def small_logs_are_cut_for_threads_too() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(threads, "WORTH_A_THREAD", 3)
        patch.setenv("PARCOURS_THREADS", "3")
        yield


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder with real logs: `PARCOURS_TEST_DATA`, or `shared/data` beside the repository."""
    named = os.environ.get("PARCOURS_TEST_DATA")
    folder = Path(named) if named else HERE.parents[3] / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(f"no real logs at {folder}; name their folder in PARCOURS_TEST_DATA")
    return folder
