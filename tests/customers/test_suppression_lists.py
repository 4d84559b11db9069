"""A backup that is older than an erasure must not bring anybody back for good."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor
from parcours.cli.main import parcours
from parcours.core.errors import BadInput
from parcours.customers.erasure.carrying_out import do_erase
from parcours.customers.erasure.suppression import do_lift_suppression, suppressed
from parcours.customers.erasure.suppression_lists import erase_again, erased_list
from parcours.customers.models import Identity
from parcours.customers.privacy_models import Suppression
from parcours.customers.writes import resolve_identities


def erase(brand: Brand, user: str, actor: Actor) -> None:
    do_erase(brand, list(map(int, resolve_identities(brand, "user_id", [user]))), acting_user=actor)


def test_whoever_a_backup_brought_back_goes_again(brand: Brand, system: Actor, tmp_path: Path) -> None:
    for user in ("mark", "anna"):
        erase(brand, user, system)
    list_file = tmp_path / "erased.jsonl"
    CliRunner().invoke(parcours, ["customers", "erased", "-o", str(list_file)])
    assert "mark" not in list_file.read_text()
    Suppression.objects.all().delete()  # as it was when the backup was made
    resolve_identities(brand, "user_id", ["mark", "julie"])
    answer = CliRunner().invoke(parcours, ["customers", "erase-again", str(list_file), "--json"])
    assert json.loads(answer.stdout) == {"people": 1}
    assert list(Identity.objects.values_list("value", flat=True)) == ["julie"]
    known = [("user_id", "mark"), ("user_id", "anna"), ("user_id", "julie")]
    assert set(suppressed(brand.pk, known)) == {("user_id", "mark"), ("user_id", "anna")}


def test_who_came_back_by_their_own_will_is_not_on_the_list(brand: Brand, system: Actor) -> None:
    erase(brand, "mark", system)
    do_lift_suppression(brand, [("user_id", "mark")], acting_user=system)
    assert list(erased_list()) == []


def test_the_same_digest_in_another_brand_means_nobody(
    brand: Brand, other_brand: Brand, system: Actor
) -> None:
    erase(brand, "mark", system)
    resolve_identities(other_brand, "user_id", ["mark"])
    assert erase_again(erased_list()) == 0
    assert Identity.objects.filter(brand=other_brand).exists()


@pytest.mark.parametrize("line", ["nonsense", "{}", '{"brand": "x", "kind": "email", "digest": "y"}', "[]"])
def test_a_file_that_is_no_such_list_erases_nobody(brand: Brand, system: Actor, line: str) -> None:
    erase(brand, "mark", system)
    good = list(erased_list())
    resolve_identities(brand, "user_id", ["mark"])
    with pytest.raises(BadInput, match="not a list of who was erased"):
        erase_again([*good, line])
    assert Identity.objects.exists()
