"""`parcours serve` and `demo` through start, trouble and end."""

import json
import re
import signal
from pathlib import Path

import pytest

from tests.acceptance.product import Served, free_port, processes_of, run, served, wait_until

pytestmark = pytest.mark.acceptance


def ready(product: Served) -> bool:
    return product.status_of("/readyz") == 200


def test_serve_says_when_it_is_ready_and_ends_every_part_on_term(tmp_path: Path) -> None:
    with served(tmp_path, "serve") as product:
        assert product.lines[-1] == f"Parcours is ready: {product.url}"
        assert product.status_of("/healthz") == 200
        assert ready(product)
        assert "postgres" in processes_of(tmp_path)
        assert product.end() == 0
    assert processes_of(tmp_path) == []


def test_ctrl_c_ends_it_too(home: Path) -> None:
    with served(home, "serve") as product:
        assert product.end(signal.SIGINT) == 0
    assert processes_of(home) == []


def test_a_folder_that_is_served_is_told_with_process_and_address(home: Path) -> None:
    with served(home, "serve") as product:
        second = run(home, "serve", "--port", str(free_port()))
        assert second.returncode == 1
        assert f"process {product.process.pid} at {product.url}" in second.stderr
        assert "--data" in second.stderr
        assert ready(product)


def test_a_port_in_use_is_told_before_anything_starts(home: Path, tmp_path: Path) -> None:
    with served(home, "serve") as product:
        second = run(tmp_path / "two", "serve", "--port", str(product.port))
        assert second.returncode == 1
        assert f"Port {product.port} is in use" in second.stderr
        assert not (tmp_path / "two" / "postgres").exists()


def test_a_command_works_beside_a_served_installation_and_leaves_it_running(home: Path) -> None:
    with served(home, "serve") as product:
        added = run(home, "user", "add", "claire@example.org", "--role", "owner", "--brand", "Foulée")
        assert added.returncode == 0, added.stderr
        assert ready(product)
    assert processes_of(home) == []
    findings = json.loads(run(home, "doctor", "--json").stdout)
    assert [one["finding"] for one in findings if one["check"] == "people"] == ["Foulée: 1"]
    assert processes_of(home) == []


def test_after_kill_9_only_the_database_remains_and_the_next_serve_adopts_it(home: Path) -> None:
    with served(home, "serve") as product:
        database = product.part("postgres").pid
        product.process.kill()
        product.process.wait()
        wait_until(lambda: set(processes_of(home)) == {"postgres"})
    with served(home, "serve") as product:
        assert json.loads((home / "serve.lock").read_text())["pid"] == product.process.pid
        assert (home / "postgres" / "postmaster.pid").read_text().split()[0] == str(database)
        assert ready(product)
        product.end()
    assert processes_of(home) == []


def test_a_part_that_is_killed_comes_back_and_visitors_wait_for_it(home: Path) -> None:
    with served(home, "serve") as product:
        web = product.part("web")
        web.kill()
        assert "web" in product.wait_for("stopped by itself")
        assert ready(product)
        assert product.part("web").pid != web.pid
        worker = product.part("worker")
        worker.kill()
        assert "worker" in product.wait_for("stopped by itself")
        assert product.end() == 0


def test_a_database_that_is_killed_comes_back_with_everything(home: Path) -> None:
    with served(home, "serve") as product:
        run(home, "user", "add", "claire@example.org", "--role", "owner", "--brand", "Foulée")
        product.part("postgres").kill()
        product.wait_for("The database stopped by itself")
        wait_until(lambda: ready(product))
        again = run(home, "user", "add", "claire@example.org", "--role", "owner")
        assert "password" not in again.stdout
        assert product.end() == 0


def test_the_demo_shows_its_sign_in_and_a_second_start_keeps_the_data(tmp_path: Path) -> None:
    with served(tmp_path, "demo") as product:
        line = product.wait_for("demo@parcours.example")
        assert re.search(r"password \S+$", line)
    with served(tmp_path, "demo") as product:
        assert "first start" in product.wait_for("demo@parcours.example")
        assert "parcours user password demo@parcours.example" in product.wait_for("user password")


def test_parts_for_several_machines_ask_for_a_database_of_their_own(tmp_path: Path) -> None:
    for part in ("web", "worker"):
        answer = run(tmp_path, part)
        assert answer.returncode == 1
        assert "DATABASE_URL" in answer.stderr


def test_a_folder_with_other_things_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    answer = run(tmp_path, "serve", "--port", str(free_port()))
    assert answer.returncode == 1
    assert "something else" in answer.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]
