"""One machine: database, web and worker, started together, watched, and ended together.

This process imports no Django: it stays small, and what it starts can crash without it.
"""

import json
import os
import select
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

import click

from parcours.cli.child import Child
from parcours.cli.ports import ANY_ADDRESS, address_of, answer_to, bind
from parcours.core.environment import data_folder
from parcours.core.errors import InUse, ParcoursError
from parcours.core.installation import Installation
from parcours.core.locks import FolderLock
from parcours.core.logs import keep_small, last_lines
from parcours.core.postgres import EmbeddedPostgres
from parcours.core.terminal import gettext as _

SECONDS_TO_READY = 120.0
SECONDS_TO_END = 5.0
CRASHES_BEFORE_READY = 3


def supervise(host: str, port: int, *, preparation: str) -> int:
    """Serves the installation until Ctrl-C or TERM; returns the exit status.

    `preparation` is the part that runs before the others and ends: `prepare` or `prepare-demo`.
    Raises ParcoursError when the folder or port is in use or something can't be started.
    """
    installation = Installation(data_folder())
    installation.prepare()
    os.environ["PARCOURS_DATA"] = str(installation.data)
    address = os.environ["PARCOURS_SERVED_AT"] = address_of(host, port)
    os.environ.setdefault("PARCOURS_SERVED_AT", address)
    with _alone(installation, address), bind(host, port) as listening, _Signals() as signals:
        supervisor = Supervisor(installation, listening, signals, address=address, answers_to=answer_to(host))
        if host in ANY_ADDRESS and not os.environ.get("PARCOURS_HOSTS"):
            click.echo(_("Pages answer on this machine only; name others in PARCOURS_HOSTS."), err=True)
        return supervisor.run(preparation)


@contextmanager
def _alone(installation: Installation, address: str) -> Iterator[FolderLock]:
    """Holds the folder for as long as it is served. Raises InUse when somebody else serves it."""
    lock = installation.serve_lock
    if not lock.try_to_hold():
        raise _in_use(installation.data, lock.read())
    lock.write(json.dumps({"pid": os.getpid(), "url": address}))
    try:
        yield lock
    finally:
        lock.write("")
        lock.let_go()


def _in_use(data: Path, note: str) -> InUse:
    try:
        holder = json.loads(note)
        what = _("This folder is being served already, by process {pid} at {url}.").format(**holder)
    except (ValueError, KeyError):
        what = _("This folder is being served already.")
    return InUse(
        what,
        where=str(data),
        remedy=_("Use that one, end it with Ctrl-C or TERM, or name another folder with --data."),
    )


class _Signals:
    """Ctrl-C, TERM and the end of a child wake the supervisor, which otherwise sleeps."""

    def __init__(self) -> None:
        self.requests_to_end = 0

    def __enter__(self) -> Self:
        self._read, self._write = os.pipe()
        os.set_blocking(self._read, False)
        os.set_blocking(self._write, False)
        signal.set_wakeup_fd(self._write, warn_on_full_buffer=False)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._end)
        signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
        return self

    def __exit__(self, *_: object) -> None:
        signal.set_wakeup_fd(-1)
        os.close(self._read)
        os.close(self._write)

    def _end(self, _number: int, _frame: object) -> None:
        self.requests_to_end += 1

    def wait(self, seconds: float) -> None:
        """Sleeps until a signal comes, at most so long."""
        if select.select([self._read], [], [], seconds)[0]:
            os.read(self._read, 4096)


class Supervisor:
    """The parts of one installation, and the loop that keeps them running."""

    def __init__(
        self,
        installation: Installation,
        listening: socket.socket,
        signals: _Signals,
        *,
        address: str,
        answers_to: str,
    ) -> None:
        self._log = installation.log
        self._postgres: EmbeddedPostgres | None = installation.postgres
        self._address = address
        self._signals = signals
        self._ready = False
        self._listening = listening
        self._answers_to = answers_to
        web = Child("web", self._log / "web.log", sockets=(listening,))
        worker = Child("worker", self._log / "worker.log")
        self._children = (web, worker)

    def run(self, preparation: str) -> int:
        try:
            if self._postgres:
                self._postgres.start()
            welcome = self._prepare(preparation)
            if not self._signals.requests_to_end:
                self._serve(welcome)
        finally:
            self._end_all()
        return 0

    def _prepare(self, preparation: str) -> list[str]:
        """Runs migrations (and makes the demo); returns the lines to print once everything is ready."""
        child = Child(preparation, None)
        child.start()
        while child.running():
            self._signals.wait(1.0)
            if self._signals.requests_to_end:
                child.end(SECONDS_TO_END, lambda: self._signals.requests_to_end > 1)
                return []
        if child.status != 0:
            raise SystemExit(child.status)  # it told its reason on standard error itself
        return child.output().splitlines()

    def _serve(self, welcome: list[str]) -> None:
        for child in self._children:
            child.start()
        deadline = time.monotonic() + SECONDS_TO_READY
        while not self._signals.requests_to_end:
            if not self._ready:
                answer = self._ask_whether_ready()
                if answer == "200":
                    self._ready = True
                    # In English in every language: scripts wait for this line.
                    click.echo("\n".join([f"Parcours is ready: {self._address}", *welcome]))
                elif answer == "500" or time.monotonic() > deadline:
                    raise self._not_ready()
            self._signals.wait(1.0 if self._ready else 0.05)
            self._keep_running()

    def _keep_running(self) -> None:
        if self._postgres:
            keep_small(self._postgres.log)
            if not self._postgres.alive() and not self._signals.requests_to_end:
                click.echo(_("The database stopped by itself; starting it again."), err=True)
                self._postgres.ensure_running()
        for child in self._children:
            if child.log:
                keep_small(child.log)
            if child.running() or self._signals.requests_to_end:
                continue
            if child.crashes >= CRASHES_BEFORE_READY and not self._ready:
                raise self._not_ready()
            wait = child.plan_restart()
            if wait is not None:
                click.echo(
                    _("The part “{part}” stopped by itself (status {status}); starting it again.").format(
                        part=child.name, status=child.status
                    ),
                    err=True,
                )
            child.restart_when_due()

    def _ask_whether_ready(self) -> str:
        """The status /readyz answers, empty while nothing does: 200 yes, 503 not yet, 500 never.

        Asked by hand: an HTTP library would double this process's memory.
        """
        try:
            with socket.create_connection(self._listening.getsockname()[:2], timeout=2) as connection:
                connection.sendall(f"GET /readyz HTTP/1.0\r\nHost: {self._answers_to}\r\n\r\n".encode())
                return connection.recv(12)[-3:].decode("ascii", "replace")
        except OSError:
            return ""

    def _not_ready(self) -> ParcoursError:
        tails = [last_lines(child.log, 1) for child in self._children if child.log]
        return ParcoursError(
            " ".join([_("Parcours does not become ready."), *filter(None, tails)]),
            where=str(self._log),
            remedy=_("The logs name the reason; `parcours doctor` checks the installation."),
        )

    def _end_all(self) -> None:
        """Ends web and worker together, then the database. A second Ctrl-C does not wait for them."""

        def hurry() -> bool:
            return self._signals.requests_to_end > 1

        for child in self._children:
            child.ask_to_end()
        for child in self._children:
            child.end(SECONDS_TO_END, hurry)
        if self._postgres:
            self._postgres.stop()
