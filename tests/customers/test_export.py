"""Everything about one person, and nothing about another, as a file."""

import json
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor
from parcours.cli.main import parcours
from parcours.core.errors import Forbidden
from parcours.customers.consent.ledger import Said, record_consents
from parcours.customers.consent.purposes import purposes
from parcours.customers.copies.one_person import do_export_customer
from parcours.customers.erasure.records import tables_with_customers
from parcours.customers.models import Customer
from parcours.customers.profiles import Profile
from parcours.customers.writes import link_identities, resolve_identities, update_profiles
from parcours.events.imports import import_events
from parcours.journal.models import Entry

LOG = """user_id,time,event,query
mark,2026-03-01T10:00:00Z,Products Searched,<b>shoes</b>
julie,2026-03-02T11:00:00Z,Order Completed,secret of Julie
mark,no time,Order Completed,
"""


@pytest.fixture
def mark(brand: Brand, system: Actor, tmp_path: Path) -> int:
    path = tmp_path / "log.csv"
    path.write_text(LOG)
    import_events(brand, path, acting_user=system)
    link_identities(brand, [("visitor", "mark")], reason="signed in")
    mark = int(resolve_identities(brand, "user_id", ["mark"])[0])
    update_profiles(brand, {mark: Profile(name="Mark Höfer", email="mark@example.net")})
    wording = purposes(brand)[0].wording_id
    said = Said(mark, "marketing", "granted", "email", wording_id=wording, language="en")
    record_consents(brand, [said], method="page", acting_user=system)
    return mark


def export(brand: Brand, customer: int, actor: Actor, language: str = "") -> tuple[dict[str, Any], str]:
    file = BytesIO()
    do_export_customer(brand, customer, file, acting_user=actor, language=language)
    with zipfile.ZipFile(file) as packed:
        return json.loads(packed.read("data.json")), packed.read("data.html").decode()


def test_the_file_holds_everything_from_every_place(brand: Brand, mark: int, system: Actor) -> None:
    collected, _page = export(brand, mark, system)
    data = collected["data"]
    assert {row["name"] for row in data["profiles"]} == {"Mark Höfer"}
    assert {row["value"] for row in data["identities"]} == {"mark", "visitor", "mark@example.net"}
    assert [row["name"] for row in data["events"]] == ["Products Searched"]
    assert "news and offers" in data["consents"][0]["shown"]["en"]
    assert [row["line"] for row in data["rejected rows"]] == ["4"]


def test_the_file_holds_nothing_about_others(brand: Brand, mark: int, system: Actor) -> None:
    collected, page = export(brand, mark, system)
    assert "ulie" not in json.dumps(collected) + page


def test_the_page_is_readable_and_runs_nothing(brand: Brand, mark: int, system: Actor) -> None:
    _collected, page = export(brand, mark, system, "fr")
    assert '<html lang="fr">' in page
    assert "Mark Höfer" in page
    assert "&lt;b&gt;shoes&lt;/b&gt;" in page
    assert "<script" not in page
    assert "http" not in page


def test_the_page_names_columns_and_codes_in_the_readers_words(
    brand: Brand, mark: int, system: Actor
) -> None:
    _collected, page = export(brand, mark, system, "fr")
    assert "Finalité" in page
    assert "Accordé" in page
    assert "granted" not in page
    assert "actor label" not in page


def test_the_journal_knows_that_it_was_handed_over(brand: Brand, mark: int, system: Actor) -> None:
    export(brand, mark, system)
    entry = Entry.objects.get(verb="customer exported")
    assert entry.target_id == str(mark)


def test_a_viewer_hands_nothing_over(brand: Brand, mark: int) -> None:
    viewer = Actor(kind="person", brand_id=brand.pk, role="viewer", id=None, label="Bob")
    with pytest.raises(Forbidden):
        export(brand, mark, viewer)


def test_every_table_that_names_a_customer_is_handed_over() -> None:
    named = {model._meta.model_name for model, _fields in tables_with_customers()}
    assert {"customer", "identity", "merge", "consent", "privacyrequest", "groupmember", "claim"} <= named


def test_the_command_writes_the_file(brand: Brand, mark: int, tmp_path: Path) -> None:
    file = tmp_path / "mark.zip"
    named = ["customers", "export", "email:Mark@example.net", "-o", str(file), "--json"]
    answer = CliRunner().invoke(parcours, named)
    assert json.loads(answer.stdout)["customer"] == mark
    assert zipfile.is_zipfile(file)


def test_the_command_erases_after_asking(brand: Brand, mark: int) -> None:
    CliRunner().invoke(parcours, ["customers", "erase", str(mark)], input="n\n")
    assert Customer.objects.filter(pk=mark).exists()
    answer = CliRunner().invoke(parcours, ["customers", "erase", str(mark), "--yes", "--json"])
    assert json.loads(answer.stdout)["places"]["events"] == 1
    assert not Customer.objects.filter(pk=mark).exists()


def test_the_command_says_when_nobody_is_meant(brand: Brand) -> None:
    answer = CliRunner().invoke(parcours, ["customers", "erase", "email:nobody@example.net", "--yes"])
    assert answer.exit_code != 0
    assert "no such customer" in str(answer.exception)
