"""Finding the processes of a PostgreSQL server by its folder, whatever its pid file claims."""

import signal
from dataclasses import dataclass
from pathlib import Path

import psutil


@dataclass(frozen=True)
class Postmaster:
    """The server's main process. `ready` is what it says of itself."""

    pid: int
    ready: bool
    process: psutil.Process

    def alive(self) -> bool:
        return _lives(self.process)

    def signal(self, number: signal.Signals) -> None:
        try:
            self.process.send_signal(number)
        except psutil.NoSuchProcess:
            return


def find_postmaster(cluster: Path) -> Postmaster | None:
    """The main process of the server that runs in `cluster`.

    None too when the pid file is stale: its process is gone, a zombie, or another program with that number.
    """
    try:
        lines = (cluster / "postmaster.pid").read_text().splitlines()
        process = psutil.Process(int(lines[0]))
    except (FileNotFoundError, ValueError, IndexError, psutil.NoSuchProcess):
        return None
    if not _works_in(process, cluster):
        return None
    ready = len(lines) > 7 and lines[7].strip() == "ready"
    return Postmaster(process.pid, ready, process)


def orphans_of(cluster: Path) -> list[int]:
    """Processes that work in `cluster`: with a dead main process they end by themselves within moments."""
    return [process.pid for process in psutil.process_iter() if _works_in(process, cluster)]


def _works_in(process: psutil.Process, cluster: Path) -> bool:
    """Every process of a PostgreSQL server has its folder as working directory."""
    try:
        return process.name() == "postgres" and _lives(process) and cluster.samefile(process.cwd())
    except (psutil.Error, OSError):
        return False


def _lives(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
