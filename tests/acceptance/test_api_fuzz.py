"""What the API says it takes, and much that it doesn't, tried by Schemathesis: nothing breaks it."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.acceptance.product import PATIENCE, Served, run, served

pytestmark = pytest.mark.acceptance

EXAMPLES = "25"


def fuzzed(product: Served, token: str, tmp_path: Path) -> "subprocess.CompletedProcess[str]":
    """Runs Schemathesis from the same seed each time, as it is run from the terminal."""
    (tmp_path / "schemathesis.toml").write_text("")
    return subprocess.run(
        [
            *(str(Path(sys.executable).parent / "schemathesis"), "run", f"{product.url}/api/v1/openapi.json"),
            *("--header", f"Authorization: Bearer {token}", "--checks", "not_a_server_error"),
            *("--phases", "examples,coverage,fuzzing", "--max-examples", EXAMPLES, "--seed", "7"),
            *("--generation-deterministic", "--workers", "2", "--no-color"),
        ],
        cwd=tmp_path,
        env={**os.environ, "NO_PROXY": "127.0.0.1", "HYPOTHESIS_STORAGE_DIRECTORY": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=3 * PATIENCE,
        check=False,
    )


def test_nothing_that_is_sent_makes_the_server_fail(home: Path, tmp_path: Path) -> None:
    made = run(home, "user", "add", "claire@example.org", "--role", "owner", "--brand", "Foulée")
    assert made.returncode == 0, made.stderr
    added = run(home, "token", "add", "--role", "owner", "--json")
    assert added.returncode == 0, added.stderr
    token = json.loads(added.stdout)["token"]
    with served(home, "serve") as product:
        done = fuzzed(product, token, tmp_path)
        assert product.status_of("/readyz") == 200
    log = (home / "log" / "web.log").read_text()
    assert done.returncode == 0, done.stdout[-8_000:] + done.stderr[-1_000:]
    assert "Traceback" not in log, log[-4_000:]
    assert re.search(r"\b[1-9]\d* generated", done.stdout), done.stdout[-2_000:]
