"""The plugin that gives a run of tests its installation."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TESTS = """
import os, signal

def test_one():
    os.kill(os.getpid(), signal.SIGTERM)

def test_two():
    print("it went on")
"""


def test_a_run_that_is_ended_from_outside_begins_no_further_test(tmp_path: Path) -> None:
    (tmp_path / "test_them.py").write_text(TESTS)
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    plugins = ("-p", "tests.installation", "-p", "no:django", "-p", "no:playwright", "-p", "no:cacheprovider")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-s", *plugins, str(tmp_path)],
        cwd=ROOT,
        env=os.environ,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "ended from outside" in done.stdout, done.stdout + done.stderr
    assert "it went on" not in done.stdout
    assert done.returncode == 143
