"""Tests begin with a copy of a database that is migrated already."""

from pathlib import Path

import pytest
from django.db import connection

from parcours.core.postgres import EmbeddedPostgres
from tests import prepared
from tests.folders import folder_for_a_server


def test_a_begun_installation_has_nothing_left_to_migrate(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM django_migrations")
        (done,) = cursor.fetchone()
    with folder_for_a_server() as folder:
        prepared.begin(folder)
        with EmbeddedPostgres(folder) as server:
            asked = ("-d", "parcours", "-c", "SELECT count(*) FROM django_migrations")
            counted = server.run_tool("psql", "-XAtq", *asked)
    assert counted.stdout.strip() == str(done)


def test_a_changed_migration_asks_for_another_database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    migration = tmp_path / "parcours" / "core" / "migrations" / "0001_initial.py"
    migration.parent.mkdir(parents=True)
    migration.write_text("operations = []\n")
    monkeypatch.setattr(prepared, "ROOT", tmp_path)
    before = prepared._key()
    migration.write_text("operations = [1]\n")
    assert prepared._key() != before


def test_where_nothing_can_be_kept_the_folder_is_left_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setattr(prepared, "KEPT", tmp_path / "file" / "kept")
    prepared.begin(tmp_path / "var")
    assert not (tmp_path / "var").exists()
