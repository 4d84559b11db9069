"""Everything that can be said about the code without running it: `python -m scripts.check`."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
# The longest first, so that two workers end together.
COMMANDS: dict[str, list[str]] = {
    "types": [str(BIN / "mypy")],
    "migrations": [sys.executable, "-m", "scripts.migrations"],
    "imports": [str(BIN / "lint-imports"), "--no-cache"],
    "front end types": [sys.executable, "-m", "scripts.frontend", "types"],
    "translations": [sys.executable, "-m", "scripts.messages", "check"],
    "lint": [str(BIN / "ruff"), "check", "--quiet"],
    "format": [str(BIN / "ruff"), "format", "--check", "--quiet"],
}
INDEX_ADDRESS = re.compile(
    rb"https?://[^\s\"')]*(?:pypi\.org|pythonhosted\.org|registry\.npmjs\.org|npmjs\.com)"
)


def addresses_of_registries() -> tuple[bool, str]:
    """No committed file may name a registry: whoever builds may use another one."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    found = [
        name
        for name in listed.decode().split("\0")
        if name and (path := ROOT / name).is_file() and INDEX_ADDRESS.search(path.read_bytes())
    ]
    return not found, "".join(f"{name} names a package registry\n" for name in found)


def run_command(command: list[str]) -> tuple[bool, str]:
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=False, env={**os.environ, "NO_COLOR": "1"}
    )
    return done.returncode == 0, done.stdout + done.stderr


def timed(name: str, check: Callable[[], tuple[bool, str]]) -> bool:
    began = time.monotonic()
    passed, output = check()
    print(f"{'ok    ' if passed else 'FAILED'} {name} ({time.monotonic() - began:.1f} s)", flush=True)
    if not passed:
        print(output.rstrip(), flush=True)
    return passed


def main() -> int:
    checks: dict[str, Callable[[], tuple[bool, str]]] = {
        name: partial(run_command, command) for name, command in COMMANDS.items()
    }
    checks["registries"] = addresses_of_registries
    with ThreadPoolExecutor(max_workers=2) as pool:
        results = list(pool.map(lambda item: timed(*item), checks.items()))
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
