"""A backup holds everything, and a restored installation is the same one."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.acceptance.product import processes_of, run, served
from tests.folders import folder_for_a_server
from tests.prepared import begin

pytestmark = pytest.mark.acceptance

EVENTS = """client,date,action
ann,2026-01-01T10:00:00Z,Product Viewed
ann,2026-01-01T10:05:00Z,Order Completed
bob,2026-01-02T09:00:00Z,Product Viewed
"""


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    """An installation with somebody in it, three events, a picture, and what a killed import left behind."""
    with folder_for_a_server() as folder:
        yield fill(folder / "var")


def fill(home: Path) -> Path:
    begin(home)
    log = home.with_name("events.csv")
    log.write_text(EVENTS)
    columns = ("--customer", "client", "--time", "date", "--activity", "action")
    for command in (
        ("user", "add", "claire@example.org", "--role", "owner", "--brand", "Foulée"),
        ("import", "events", str(log), *columns),
    ):
        done = run(home, *command)
        assert done.returncode == 0, done.stderr
    (home / "media" / "shoe.png").write_bytes(b"a picture")
    next(home.glob("lake/*/events")).joinpath("00-left-behind.parquet").write_bytes(b"half")
    return home


@pytest.fixture(scope="module")
def backup(home: Path) -> Path:
    """A backup made while the installation was served."""
    file = home.with_name("backup.tar")
    with served(home, "serve"):
        made = run(home, "backup", str(file))
    assert made.returncode == 0, made.stderr
    return file


def findings(data: Path) -> dict[str, str]:
    answer = json.loads(run(data, "doctor", "--json").stdout)
    return {one["check"]: f"{one['state']}: {one['finding']}" for one in answer}


def events(data: Path) -> str:
    return run(data, "events", "count", "--json").stdout


def test_only_its_owner_may_read_a_backup(backup: Path) -> None:
    assert backup.stat().st_mode & 0o077 == 0


def test_a_restored_installation_is_the_same_one(home: Path, backup: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    restored = run(copy, "restore", str(backup))
    assert restored.returncode == 0, restored.stderr
    assert (copy / "media" / "shoe.png").read_bytes() == b"a picture"
    assert (copy / "secret.key").read_text() == (home / "secret.key").read_text()
    assert findings(copy)["people"] == "ok: Foulée: 1"
    assert findings(copy)["lake"] == findings(home)["lake"]
    assert "3" in events(copy)
    assert events(copy) == events(home)
    assert list(copy.glob("lake/*/events/00-left-behind.parquet")) == []
    assert processes_of(copy) == []

    next(copy.glob("lake/*/events/*.parquet")).unlink()
    assert findings(copy)["lake"].startswith("problem: 1 of")


def test_restore_touches_no_folder_that_holds_something(backup: Path, tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    answer = run(tmp_path, "restore", str(backup))
    assert answer.returncode == 1
    assert "not empty" in answer.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


@pytest.mark.parametrize("damage", ["cut short", "not a backup"])
def test_a_damaged_backup_is_told_and_nothing_is_made_of_it(
    backup: Path, tmp_path: Path, damage: str
) -> None:
    file, copy = tmp_path / "backup.tar", tmp_path / "restored" / "copy"
    whole = backup.read_bytes()
    file.write_bytes(whole[: len(whole) // 2] if damage == "cut short" else b"rubbish" * 100)
    answer = run(copy, "restore", str(file))
    assert answer.returncode == 1
    assert "not a backup of Parcours, or it was cut short" in answer.stderr
    assert list(copy.parent.iterdir()) == []


def test_there_is_nothing_to_back_up_where_no_installation_is(tmp_path: Path) -> None:
    answer = run(tmp_path / "nowhere", "backup", str(tmp_path / "backup.tar"))
    assert answer.returncode == 1
    assert "no installation" in answer.stderr
    assert not (tmp_path / "nowhere").exists()
