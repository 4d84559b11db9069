"""A pytest plugin, loaded before the settings are: an installation of its own for the whole run.

The workers of pytest-xdist inherit its address and share its PostgreSQL, each with a database of its own.
"""

import atexit
import os
import shutil
import signal
import tempfile
from pathlib import Path

import pytest

from parcours.core.postgres import EmbeddedPostgres
from tests.prepared import begin

_MARK = "PARCOURS_TEST_INSTALLATION"


def _start() -> None:
    first = _MARK not in os.environ
    folder = Path(os.environ.get(_MARK) or tempfile.mkdtemp(prefix="parcours-tests-"))
    if first:
        begin(folder)
    os.environ[_MARK] = os.environ["PARCOURS_DATA"] = str(folder)
    os.environ["PARCOURS_SECRET_KEY"] = "tests only"
    os.environ.pop("DATABASE_URL", None)
    # Nothing of a test needs to survive a power cut.
    speed = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
    postgres = EmbeddedPostgres(folder, options=speed)
    postgres.start()
    atexit.register(_end, postgres, folder if first else None)
    # A run that is ended from outside ends what it started, too.
    signal.signal(signal.SIGTERM, _stop)


def _stop(*_: object) -> None:
    """Ends the whole run: a test that raises SystemExit has only failed, and the next one begins."""
    pytest.exit("ended from outside", returncode=128 + signal.SIGTERM)


def _end(postgres: EmbeddedPostgres, folder: Path | None) -> None:
    postgres.stop()
    if folder is not None:
        shutil.rmtree(folder, ignore_errors=True)


_start()
