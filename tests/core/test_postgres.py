"""The embedded database: made, joined, recovered, and left in order. Each test has a server of its own."""

import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from parcours.core.errors import ParcoursError
from parcours.core.postgres import EmbeddedPostgres, database_settings, socket_folder
from parcours.core.server_process import orphans_of
from tests.folders import folder_for_a_server

QUICK = {"fsync": "off", "shared_buffers": "16MB"}


@pytest.fixture
def tmp_path() -> Iterator[Path]:
    with folder_for_a_server() as folder:
        yield folder


@pytest.fixture(scope="module")
def made() -> Iterator[Path]:
    """A cluster made once, for tests to copy: making one takes longer than all else here."""
    with folder_for_a_server() as data:
        with EmbeddedPostgres(data, QUICK):
            pass
        yield data


@pytest.fixture
def data(made: Path, tmp_path: Path) -> Iterator[Path]:
    """A folder with a cluster in it; whatever still runs there afterwards is ended."""
    data = tmp_path / "here"
    data.mkdir()
    shutil.copytree(made / "postgres", data / "postgres")
    yield data
    for pid in orphans_of(data / "postgres"):
        os.kill(pid, signal.SIGQUIT)


def query(server: EmbeddedPostgres, sql: str) -> str:
    answer = server.run_tool("psql", "-XAtq", "-d", "parcours", "-c", sql)
    assert answer.returncode == 0, answer.stderr
    return answer.stdout.strip()


def wait_until(condition: Callable[[], bool]) -> None:
    ended = threading.Event()
    for _attempt in range(1_000):
        if condition():
            return
        ended.wait(0.01)
    pytest.fail("what was waited for did not happen")


def test_a_new_folder_gets_a_database_in_utf8_and_nothing_listens_on_a_port(tmp_path: Path) -> None:
    with EmbeddedPostgres(tmp_path, QUICK) as server:
        assert query(server, "SHOW server_encoding") == "UTF8"
        assert query(server, "SELECT upper('é')") == "É"
        assert query(server, "SHOW listen_addresses") == ""
        assert server.run_tool("pg_isready", "-h", "127.0.0.1").returncode != 0
        assert database_settings(tmp_path)["HOST"] == str(server.socket)
    assert server.process_id() is None


def test_only_its_owner_may_enter_the_socket_folder(data: Path) -> None:
    with EmbeddedPostgres(data, QUICK) as server:
        assert server.socket.stat().st_mode & 0o777 == 0o700


def test_the_last_one_to_leave_stops_the_server(data: Path) -> None:
    first, second = EmbeddedPostgres(data, QUICK), EmbeddedPostgres(data, QUICK)
    first.start()
    second.start()
    assert first.process_id() == second.process_id()
    first.stop()
    assert query(second, "SELECT 1") == "1"
    second.stop()
    assert second.process_id() is None
    assert orphans_of(data / "postgres") == []


def test_two_that_start_at_once_share_one_server(data: Path) -> None:
    servers = [EmbeddedPostgres(data, QUICK) for _each in range(4)]
    threads = [threading.Thread(target=server.start) for server in servers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({server.process_id() for server in servers}) == 1
    for server in servers:
        server.stop()
    assert servers[0].process_id() is None


def test_what_was_committed_survives_kill_9_of_the_server(data: Path) -> None:
    server = EmbeddedPostgres(data, QUICK)
    server.start()
    query(server, "CREATE TABLE kept AS SELECT 42 AS answer")
    killed = server.process_id()
    assert killed is not None
    os.kill(killed, signal.SIGKILL)
    wait_until(lambda: not server.alive())

    server.ensure_running()

    assert query(server, "SELECT answer FROM kept") == "42"
    assert server.process_id() != killed
    server.stop()


def test_a_killed_owner_leaves_a_server_that_the_next_one_adopts_and_ends(data: Path) -> None:
    program = (
        "import os, signal, sys; from pathlib import Path\n"
        "from parcours.core.postgres import EmbeddedPostgres\n"
        "EmbeddedPostgres(Path(sys.argv[1])).start(); os.kill(os.getpid(), signal.SIGKILL)"
    )
    owner = subprocess.run([sys.executable, "-c", program, str(data)], check=False)
    assert owner.returncode == -signal.SIGKILL
    server = EmbeddedPostgres(data)
    left = server.process_id()
    assert left is not None

    server.start()

    assert server.process_id() == left
    server.stop()
    wait_until(lambda: not psutil.pid_exists(left) or psutil.Process(left).status() == psutil.STATUS_ZOMBIE)


def test_a_pid_file_whose_number_belongs_to_another_program_by_now_does_no_harm(data: Path) -> None:
    pid_file = data / "postgres" / "postmaster.pid"
    pid_file.write_text(
        f"{os.getpid()}\n{data / 'postgres'}\n1700000000\n5432\n/nowhere\n\n  1 2\nready   \n"
    )
    with EmbeddedPostgres(data, QUICK) as server:
        assert query(server, "SELECT 1") == "1"


def test_a_cluster_that_was_never_finished_is_made_anew(tmp_path: Path) -> None:
    half = tmp_path / "postgres.new"
    half.mkdir()
    (half / "PG_VERSION").write_text("18\n")
    with EmbeddedPostgres(tmp_path, QUICK) as server:
        assert query(server, "SELECT 1") == "1"
    assert not half.exists()


def test_a_path_too_long_for_a_socket_gets_a_short_private_one(made: Path, tmp_path: Path) -> None:
    data = tmp_path / ("a-folder-with-a-long-name-" * 5)
    data.mkdir()
    shutil.copytree(made / "postgres", data / "postgres")
    assert len(str(socket_folder(data))) < 60
    assert socket_folder(data) == socket_folder(data)
    with EmbeddedPostgres(data, QUICK) as server:
        assert query(server, "SELECT 1") == "1"
        assert server.socket.stat().st_mode & 0o777 == 0o700
    server.socket.rmdir()


def test_a_socket_folder_that_somebody_else_put_there_is_refused(data: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (data / "run").symlink_to(elsewhere)
    with pytest.raises(ParcoursError, match="belongs to somebody else"):
        EmbeddedPostgres(data, QUICK).start()


def test_a_database_of_another_version_is_left_alone(data: Path) -> None:
    (data / "postgres" / "PG_VERSION").write_text("16\n")
    with pytest.raises(ParcoursError, match="made by PostgreSQL 16") as caught:
        EmbeddedPostgres(data, QUICK).start()
    assert "backup" in caught.value.remedy


def test_a_folder_of_that_name_which_is_no_database_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "postgres").mkdir()
    (tmp_path / "postgres" / "thesis.txt").write_text("mine")
    with pytest.raises(ParcoursError, match="no database of Parcours"):
        EmbeddedPostgres(tmp_path, QUICK).start()
    assert (tmp_path / "postgres" / "thesis.txt").read_text() == "mine"


def test_a_data_folder_that_is_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    with pytest.raises(ParcoursError, match="can't be used"):
        EmbeddedPostgres(tmp_path / "data", QUICK).start()


def test_a_full_disk_is_told_before_anything_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    full = shutil.disk_usage(tmp_path)._replace(free=1024)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: full)
    with pytest.raises(ParcoursError, match="disk is full"):
        EmbeddedPostgres(tmp_path, QUICK).start()
    assert not (tmp_path / "postgres").exists()


def test_a_server_that_refuses_its_settings_says_so_and_nothing_is_left_running(data: Path) -> None:
    server = EmbeddedPostgres(data, {"max_connections": "minus one"})
    with pytest.raises(ParcoursError, match="could not be started"):
        server.start()
    assert "max_connections" in server.log.read_text()
    assert orphans_of(data / "postgres") == []
    with EmbeddedPostgres(data, QUICK) as again:
        assert query(again, "SELECT 1") == "1"
