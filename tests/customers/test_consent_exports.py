"""The ledger as a table."""

import csv
from datetime import UTC, datetime, timedelta
from pathlib import Path

from click.testing import CliRunner

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor
from parcours.cli.main import parcours
from parcours.customers.consent.ledger import Said, record_consents
from parcours.customers.consent.purposes import purposes
from parcours.customers.writes import link_identities, resolve_identities

MONDAY = datetime(2026, 11, 16, 9, tzinfo=UTC)


def test_every_word_or_the_newest_is_written_with_who_when_and_to_which_words(
    brand: Brand, system: Actor, tmp_path: Path
) -> None:
    visitor = int(resolve_identities(brand, "anonymous_id", ["visitor"])[0])
    wording = purposes(brand)[0].wording_id
    said = Said(visitor, "marketing", "granted", "email", at=MONDAY, wording_id=wording, language="en")
    record_consents(brand, [said], method="page", acting_user=system)
    mark = int(resolve_identities(brand, "user_id", ["mark"])[0])
    link_identities(brand, [("visitor", "mark")], reason="signed in")
    later = Said(mark, "marketing", "denied", "email", at=MONDAY + timedelta(days=1), shown="=1+1")
    record_consents(brand, [later], method="agent", acting_user=system)
    every, newest = table(tmp_path), table(tmp_path, "--newest")
    assert [(row["user_id"], row["state"], row["method"]) for row in every] == [
        ("mark", "denied", "agent"),
        ("mark", "granted", "page"),
    ]
    assert "news and offers" in every[1]["words"]
    assert every[1]["at"] == "2026-11-16T09:00:00+00:00"
    assert [row["state"] for row in newest] == ["denied"]
    assert not newest[0]["words"].startswith("=")


def table(folder: Path, *options: str) -> list[dict[str, str]]:
    path = folder / "consents.csv"
    answer = CliRunner().invoke(parcours, ["customers", "consents", "-o", str(path), *options])
    assert answer.exit_code == 0, answer.exception
    with path.open(newline="") as file:
        return list(csv.DictReader(file))
