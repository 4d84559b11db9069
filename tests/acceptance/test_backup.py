"""A backup holds everything, and a restored installation is the same one."""

import json
from pathlib import Path

import pytest

from tests.acceptance.product import processes_of, run, served

pytestmark = pytest.mark.acceptance


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """An installation with somebody in it, a file of the lake and a picture."""
    home = tmp_path / "home"
    added = run(home, "user", "add", "claire@example.org", "--role", "owner", "--brand", "Foulée")
    assert added.returncode == 0, added.stderr
    (home / "lake" / "brand").mkdir()
    (home / "lake" / "brand" / "events.parquet").write_bytes(b"PAR1 events PAR1")
    (home / "media" / "shoe.png").write_bytes(b"a picture")
    return home


def people(data: Path) -> list[str]:
    findings = json.loads(run(data, "doctor", "--json").stdout)
    return [one["finding"] for one in findings if one["check"] == "people"]


def test_a_backup_made_while_serving_restores_to_the_same_installation(home: Path, tmp_path: Path) -> None:
    file, copy = tmp_path / "backup.tar", tmp_path / "copy"
    with served(home, "serve"):
        made = run(home, "backup", str(file))
        assert made.returncode == 0, made.stderr
    assert file.stat().st_mode & 0o077 == 0

    restored = run(copy, "restore", str(file))

    assert restored.returncode == 0, restored.stderr
    assert (copy / "lake" / "brand" / "events.parquet").read_bytes() == b"PAR1 events PAR1"
    assert (copy / "media" / "shoe.png").read_bytes() == b"a picture"
    assert (copy / "secret.key").read_text() == (home / "secret.key").read_text()
    assert people(copy) == people(home) == ["Foulée: 1"]
    assert processes_of(copy) == []


def test_restore_touches_no_folder_that_holds_something(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "backup.tar"
    run(home, "backup", str(file))
    before = sorted(path.name for path in home.iterdir())
    answer = run(home, "restore", str(file))
    assert answer.returncode == 1
    assert "not empty" in answer.stderr
    assert sorted(path.name for path in home.iterdir()) == before


@pytest.mark.parametrize("damage", ["cut short", "not a backup"])
def test_a_damaged_backup_is_told_and_nothing_is_made_of_it(home: Path, tmp_path: Path, damage: str) -> None:
    file, copy = tmp_path / "backup.tar", tmp_path / "restored" / "copy"
    run(home, "backup", str(file))
    whole = file.read_bytes()
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
