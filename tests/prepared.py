"""The database of an installation that was just begun: made and migrated once, then copied.

It is kept beside pytest's own cache until a migration, a package or the server's settings change.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from parcours.core.locks import FolderLock
from tests.folders import folder_for_a_server

ROOT = Path(__file__).resolve().parents[1]
KEPT = ROOT / ".pytest_cache" / "parcours"
DECIDES = ("parcours/**/migrations/*.py", "parcours/core/postgres.py", "requirements/base.txt")
BEGIN = "from parcours.core.installation import open_installation as opened\nwith opened(): pass"


def begin(data: Path) -> None:
    """Gives a folder a migrated database; it is an installation then, and nobody waits for its first start.

    Where nothing can be kept the folder stays empty: whoever opens it makes and migrates its database.
    """
    try:
        KEPT.mkdir(parents=True, exist_ok=True)
        lock = FolderLock(KEPT / "lock")
        lock.hold()
    except OSError:
        return
    try:
        shutil.copytree(_prepared(), data / "postgres")
    finally:
        lock.let_go()


def _prepared() -> Path:
    folder = KEPT / _key()
    if not folder.exists():
        for outdated in KEPT.glob("postgres-*"):
            shutil.rmtree(outdated)
        with folder_for_a_server() as made:
            _make(made / "var")
            unfinished = KEPT / "postgres-unfinished"
            shutil.copytree(made / "var" / "postgres", unfinished)
            unfinished.rename(folder)
    return folder


def _key() -> str:
    """Changes with everything that decides what a new database looks like."""
    digest = hashlib.sha256(str(os.geteuid()).encode())
    for pattern in DECIDES:
        for path in sorted(ROOT.glob(pattern)):
            digest.update(bytes(path.relative_to(ROOT)) + path.read_bytes())
    return f"postgres-{digest.hexdigest()[:16]}"


def _make(data: Path) -> None:
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("PARCOURS_", "DATABASE_"))
    }
    done = subprocess.run(
        [sys.executable, "-c", BEGIN],
        cwd=ROOT,
        env={**kept, "PARCOURS_DATA": str(data)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise RuntimeError(f"The tests' database could not be made: {done.stderr}")
