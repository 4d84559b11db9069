"""Seconds to the ready line and memory at rest of the demo: `python -m benchmarks.startup [--port N]`.

Target: under 512 MB for all processes. PSS shares each page among those who map it, so its sum is what the
machine gives; the sum of RSS counts shared pages once a process. The environment is there (`make install`).
"""

import argparse
import os
import platform
import subprocess
import sys
import tempfile
import time
import urllib.request
from importlib.metadata import version
from pathlib import Path

import psutil

REST = 10.0  # seconds after which everything that starts late has started
TARGET = 512.0
MB = 1024**2


def start(data: Path, port: int) -> tuple[subprocess.Popen[str], float]:
    """Starts the demo; returns its supervisor and the seconds until the ready line."""
    began = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-m", "parcours", "demo", "--port", str(port), "--data", str(data)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "LANG": "C.UTF-8"},
    )
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith("Parcours is ready"):
            return process, time.monotonic() - began
    raise SystemExit("the demo ended before it was ready")


def memory(supervisor: int) -> list[tuple[str, float, float]]:
    """Name, PSS and RSS (MB) of the supervisor and everything below it."""
    parent = psutil.Process(supervisor)
    rows = []
    for process in [parent, *parent.children(recursive=True)]:
        used = process.memory_full_info()
        rows.append((_name(process), getattr(used, "pss", used.uss) / MB, used.rss / MB))
    return rows


def _name(process: psutil.Process) -> str:
    words = process.cmdline()
    if "parcours.cli.part" in words:
        return words[words.index("parcours.cli.part") + 1]
    return "supervisor" if "parcours" in words else "postgres"


def show(title: str, rows: list[tuple[str, float, float]]) -> None:
    print(f"\n{title}: MB of memory\n{'part':<12} {'processes':>9} {'PSS':>8} {'RSS':>8}")
    for part in ("supervisor", "web", "worker", "postgres"):
        of = [row for row in rows if row[0] == part]
        print(f"{part:<12} {len(of):>9} {sum(row[1] for row in of):>8.1f} {sum(row[2] for row in of):>8.1f}")
    pss, rss = sum(row[1] for row in rows), sum(row[2] for row in rows)
    print(f"{'all':<12} {len(rows):>9} {pss:>8.1f} {rss:>8.1f}   {pss / TARGET:.0%} of the target")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8149)
    port = parser.parse_args().port
    print(f"Parcours {version('parcours')}, Python {platform.python_version()}, {os.cpu_count()} cores")
    with tempfile.TemporaryDirectory(prefix="parcours-startup-") as folder:
        data = Path(folder) / "var"
        for title in ("first start, which makes the shop", "second start"):
            supervisor, seconds = start(data, port)
            try:
                print(f"\n{title}: ready after {seconds:.1f} s")
                time.sleep(REST)
                show("at rest", memory(supervisor.pid))
                for _visit in range(20):
                    urllib.request.urlopen(f"http://127.0.0.1:{port}/accounts/login/").read()
                show("after 20 pages", memory(supervisor.pid))
            finally:
                supervisor.terminate()
                supervisor.wait()


if __name__ == "__main__":
    main()
