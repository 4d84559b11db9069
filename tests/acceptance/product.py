"""Parcours as its users start it: processes, ports, signals."""

import http.client
import os
import queue
import secrets
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

PATIENCE = 300  # seconds after which a wait counts as failed; a busy machine is slow


def free_port() -> int:
    """A port that stays free until it is used: below those that systems give to connections going out."""
    while True:
        port = 20_000 + secrets.randbelow(12_000)
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port


def environment(data: Path) -> dict[str, str]:
    """This process's, without what points to the installation of the tests."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("PARCOURS_", "DATABASE_"))
    }
    kept.pop("DJANGO_SETTINGS_MODULE", None)
    return {**kept, "PARCOURS_DATA": str(data), "LANG": "C.UTF-8", "LANGUAGE": ""}


def run(data: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs one command to its end."""
    return subprocess.run(
        [sys.executable, "-m", "parcours", *arguments],
        env=environment(data),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


class Served:
    """A served installation. `lines` are what it printed up to the ready line and just after."""

    def __init__(self, data: Path, *arguments: str, port: int | None = None) -> None:
        self.data = data
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.process = subprocess.Popen(
            [sys.executable, "-m", "parcours", *arguments, "--port", str(self.port)],
            env=environment(data),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.lines: list[str] = []
        self._heard: queue.Queue[str | None] = queue.Queue()
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._heard.put(line.rstrip("\n"))
        self._heard.put(None)

    def wait_for(self, text: str) -> str:
        """The next line with `text` in it. Fails when the process ends without it."""
        while True:
            line = self._heard.get(timeout=PATIENCE)
            if line is None:
                raise AssertionError(f"ended without {text!r}: {self.lines}")
            self.lines.append(line)
            if text in line:
                return line

    def status_of(self, path: str) -> int:
        """The HTTP status of a page; 0 while nobody answers."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", path)
            return connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return 0
        finally:
            connection.close()

    def part(self, name: str) -> psutil.Process:
        """The process of a part: web, worker or postgres."""
        for child in psutil.Process(self.process.pid).children():
            words = child.cmdline()
            if name in words[3:4] or (words and words[0].endswith(f"/{name}")):
                return child
        raise AssertionError(f"no part {name}")

    def end(self, number: signal.Signals = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(timeout=PATIENCE)


@contextmanager
def served(data: Path, *arguments: str, port: int | None = None) -> Iterator[Served]:
    """Serves until the block ends; ready when it begins."""
    product = Served(data, *arguments, port=port)
    try:
        product.wait_for("Parcours is ready")
        yield product
    finally:
        if product.process.poll() is None:
            product.end()


def wait_until(condition: Callable[[], bool]) -> None:
    ticking = threading.Event()
    for _attempt in range(20 * PATIENCE):
        if condition():
            return
        ticking.wait(0.05)
    raise AssertionError("what was waited for did not happen")


def processes_of(data: Path) -> list[str]:
    """Names of the processes that still belong to an installation."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.status() == psutil.STATUS_ZOMBIE:
                continue
            ours = process.environ().get("PARCOURS_DATA") == str(data) or process.cwd() == str(
                data / "postgres"
            )
        except (psutil.Error, OSError):
            continue
        if ours:
            found.append(process.name())
    return found
