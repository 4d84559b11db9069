"""Customers leave as a file that a spreadsheet may open, and come back changing nothing."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor
from parcours.core.errors import BadInput, Forbidden, NotFound
from parcours.customers.copies.many import do_export_customers, kind_of
from parcours.customers.reads import customers_revision
from parcours.customers.writes import Profile, resolve_identities, update_profiles
from parcours.events.imports import import_customers
from parcours.events.imports.customers import preview_customers

PEOPLE = {
    "7": Profile(name="Mark", email="m@example.org", phone="+33 6 12", birth_year=1984, traits={"size": 43}),
    "8": Profile(name='=HYPERLINK("x")', country="FR", language="fr", traits={"vip": True, "name": "x"}),
}


@pytest.fixture
def people(brand: Brand) -> None:
    ids = resolve_identities(brand, "user_id", list(PEOPLE))
    update_profiles(brand, dict(zip(map(int, ids), PEOPLE.values(), strict=True)))


def exported(brand: Brand, system: Actor, kind: str, **asked: Any) -> bytes:
    file = io.BytesIO()
    do_export_customers(brand, file, kind, acting_user=system, **asked)
    return file.getvalue()


def test_a_spreadsheet_runs_nothing_of_it(brand: Brand, people: None, system: Actor) -> None:
    text = exported(brand, system, "csv").decode("utf-8-sig")

    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["user_id"] for row in rows] == ["7", "8"]
    assert rows[1]["name"] == '\'=HYPERLINK("x")'
    assert rows[0]["phone"] == "'+33612"
    assert (rows[0]["size"], rows[1]["vip"], rows[1]["traits.name"]) == ("43", "true", "x")


@pytest.mark.parametrize("kind", ["csv", "jsonl", "parquet"])
def test_what_left_comes_back_and_changes_nothing(
    brand: Brand, people: None, system: Actor, tmp_path: Path, kind: str
) -> None:
    update_profiles(
        brand, {int(resolve_identities(brand, "user_id", ["8"])[0]): Profile(traits={"traits.name": "x"})}
    )
    path = tmp_path / f"customers.{kind}"
    path.write_bytes(exported(brand, system, kind))
    revision = customers_revision(brand)

    report = import_customers(brand, path, acting_user=system)

    assert (report.read, report.taken) == (2, 2)
    assert customers_revision(brand) == revision


def test_a_segment_leaves_alone(brand: Brand, people: None, system: Actor) -> None:
    lines = exported(brand, system, "jsonl", segment_key="millennials").decode().splitlines()
    assert [json.loads(line)["user_id"] for line in lines] == ["7"]
    table = pq.read_table(io.BytesIO(exported(brand, system, "parquet", segment_key="millennials")))
    assert table.to_pylist()[0]["birth_year"] == 1984
    with pytest.raises(NotFound):
        exported(brand, system, "csv", segment_key="unknown")


def test_viewers_take_no_file_of_customers(brand: Brand, people: None) -> None:
    viewer = Actor(kind="person", brand_id=brand.pk, role="viewer", id=None, label="Bob")
    with pytest.raises(Forbidden):
        do_export_customers(brand, io.BytesIO(), "csv", acting_user=viewer)


def test_a_name_that_says_no_kind_is_refused() -> None:
    assert kind_of(Path("a.CSV")) == "csv"
    with pytest.raises(BadInput):
        kind_of(Path("a.txt"))


def test_columns_mean_what_they_are_said_to_mean(brand: Brand, system: Actor, tmp_path: Path) -> None:
    path = tmp_path / "crm.csv"
    path.write_text("Nr;Anrede;Wohnort;Geheim\n7;Mark;Lyon;x\n;Anna;Paris;y\n")
    fields = {"Anrede": "name", "Wohnort": "city", "Geheim": ""}

    seen = preview_customers(path, customer="Nr", fields=fields)
    assert [(each.column, each.means) for each in seen.columns] == [
        ("Nr", "customer"), ("Anrede", "name"), ("Wohnort", "trait city"), ("Geheim", ""),
    ]  # fmt: skip
    assert (seen.rows, seen.rejected) == (2, 1)

    report = import_customers(brand, path, customer="Nr", fields=fields, acting_user=system)
    assert (report.taken, report.rejected) == (1, 1)
    said = json.loads(exported(brand, system, "jsonl"))
    assert (said["name"], said["city"]) == ("Mark", "Lyon")
    assert "Geheim" not in said
    with pytest.raises(BadInput, match="no column"):
        preview_customers(path, customer="Nr", fields={"Unknown": "name"})
