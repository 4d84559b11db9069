"""Tracking clients in Python, for tests only: in a folder of their own, for they want old libraries."""

import os
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest

from parcours.core.locks import FolderLock

FOLDER = Path(__file__).resolve().parent
PACKAGES = Path(sys.prefix) / "test-clients"
_STAMP = PACKAGES / ".parcours-installed"


def environment() -> dict[str, str]:
    """Of a process that is to find the clients. Skips the test when they can't be installed."""
    wanted = sha256((FOLDER / "requirements.txt").read_bytes()).hexdigest()
    if not _STAMP.exists() or _STAMP.read_text() != wanted:
        _install(wanted)
    return {**os.environ, "PYTHONPATH": str(PACKAGES)}


def _install(wanted: str) -> None:
    PACKAGES.mkdir(exist_ok=True)
    with FolderLock(PACKAGES / ".parcours-installing"):
        if _STAMP.exists() and _STAMP.read_text() == wanted:
            return
        command = [str(Path(sys.executable).parent / "uv"), "pip", "install", "--quiet", "--system-certs"]
        what = ["--require-hashes", "--requirement", str(FOLDER / "requirements.txt")]
        done = subprocess.run(
            [*command, "--python", sys.executable, "--target", str(PACKAGES), *what],
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        if done.returncode:
            pytest.skip(f"the clients could not be installed: {done.stderr.strip()[-300:]}")
        _STAMP.write_text(wanted)
