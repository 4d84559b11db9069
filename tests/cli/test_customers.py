"""Customers from the command line: listed, written to a file, taken in."""

import json
from pathlib import Path

import pytest

from parcours.accounts.models import Brand
from parcours.customers.models import Customer
from tests.cli.test_people import call

pytestmark = pytest.mark.django_db

FILE = "number,name,born,city\n7,Mark,1984,Lyon\n8,Anna,1950,Paris\n,Nobody,,\n"


@pytest.fixture
def crm(brand: Brand, tmp_path: Path) -> Path:
    path = tmp_path / "crm.csv"
    path.write_text(FILE)
    return path


def test_a_file_is_looked_at_taken_in_listed_and_written_again(crm: Path, tmp_path: Path) -> None:
    asked = (
        "import",
        "customers",
        str(crm),
        "--customer",
        "number",
        "--map",
        "born=birth_year",
        "--map",
        "city=",
    )
    seen = json.loads(call(*asked, "--preview", "--json").stdout)
    assert {row["column"]: row["means"] for row in seen} == {
        "number": "customer",
        "name": "name",
        "born": "birth_year",
        "city": "",
    }
    assert not Customer.objects.exists()

    report = json.loads(call(*asked, "--json").stdout)
    assert (report["taken"], report["rejected"]) == (2, 1)
    found = json.loads(call("customers", "list", "--search", "ann", "--json").stdout)
    assert [(row["name"], row["birth_year"], row["identities"]) for row in found] == [("Anna", 1950, "8")]

    path = tmp_path / "millennials.jsonl"
    written = json.loads(
        call("customers", "list", "--segment", "millennials", "-o", str(path), "--json").stdout
    )
    assert written["customers"] == 1
    assert json.loads(path.read_text())["name"] == "Mark"


def test_what_cannot_be_written_says_why(crm: Path, tmp_path: Path) -> None:
    assert call("customers", "list", "-o", str(tmp_path / "x.txt")).exit_code
    assert call("customers", "list", "-o", str(tmp_path / "no" / "x.csv")).exit_code
    assert call("customers", "list", "--segment", "unknown").exit_code
