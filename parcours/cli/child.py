"""A part that the supervisor runs as a process of its own."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from parcours.core.memory import ENVIRONMENT

LONGEST_PAUSE = 30.0
RUNS_WELL_AFTER = 60.0


class Child:
    """One process: started, watched, restarted with a growing pause, ended.

    It inherits one end of a pipe whose other end only we hold, so it notices when we are gone, however we
    went. With a `log` its output goes there; without one we keep its standard output, and its errors go to
    our terminal.
    """

    def __init__(self, name: str, log: Path | None, sockets: Sequence[socket.socket] = ()) -> None:
        self.name = name
        self.log = log
        self.status: int | None = None
        self.crashes = 0
        self._sockets = tuple(sockets)
        self._process: subprocess.Popen[str] | None = None
        self._lifeline: int | None = None
        self._started = 0.0
        self._due: float | None = None

    def start(self) -> None:
        theirs, ours = os.pipe()
        descriptors = [theirs, *(s.fileno() for s in self._sockets)]
        command = [sys.executable, "-m", "parcours.cli.part", self.name, *map(str, descriptors)]
        log = self.log.open("a") if self.log else None
        try:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log or subprocess.PIPE,
                stderr=log,
                pass_fds=descriptors,
                env={**ENVIRONMENT, **os.environ},
                text=True,
                start_new_session=True,  # Ctrl-C in the terminal is for the supervisor alone
            )
        finally:
            os.close(theirs)
            if log:
                log.close()
        self._lifeline = ours
        self._started = time.monotonic()
        self._due = None

    def running(self) -> bool:
        if self._process is None:
            return False
        status = self._process.poll()
        if status is not None:
            self.status = status
        return status is None

    def output(self) -> str:
        """What it printed, once it has ended. It must be little: a pipe holds 64 KB."""
        return self._process.stdout.read() if self._process and self._process.stdout else ""

    def plan_restart(self) -> float | None:
        """Called for a child that stopped: seconds until its restart, None when that is planned already."""
        if self._due is not None:
            return None
        if time.monotonic() - self._started > RUNS_WELL_AFTER:
            self.crashes = 0
        pause = min(0.25 * 2.0**self.crashes, LONGEST_PAUSE)
        self.crashes += 1
        self._due = time.monotonic() + pause
        return pause

    def restart_when_due(self) -> None:
        if self._due is not None and time.monotonic() >= self._due:
            self._close_lifeline()
            self.start()

    def ask_to_end(self) -> None:
        if self._process is not None and self.running():
            self._process.send_signal(signal.SIGTERM)

    def end(self, seconds: float, hurry: Callable[[], bool]) -> None:
        """Waits for the process to end as asked; kills it after so many seconds, or when `hurry()`."""
        self.ask_to_end()
        deadline = time.monotonic() + seconds
        while self.running():
            if hurry() or time.monotonic() > deadline:
                self._kill()
            time.sleep(0.02)
        self._close_lifeline()

    def _kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def _close_lifeline(self) -> None:
        if self._lifeline is not None:
            os.close(self._lifeline)
            self._lifeline = None
