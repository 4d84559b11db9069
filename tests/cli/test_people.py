"""People and tokens from the command line."""

import json

import pytest
from click.testing import CliRunner, Result

from parcours.accounts.models import Brand, Membership, Person
from parcours.accounts.reads import actor_of_token
from parcours.cli.main import parcours

pytestmark = pytest.mark.django_db


def call(*arguments: str) -> Result:
    return CliRunner().invoke(parcours, arguments)


def test_the_first_owner_brings_the_brand_and_sees_the_password_once() -> None:
    answer = call("user", "add", "claire@example.org", "--role", "owner", "--brand", "Foulée", "--json")
    shown = json.loads(answer.stdout)
    assert shown["brand"] == "Foulée"
    assert Person.objects.get(email="claire@example.org").check_password(shown["password"])
    again = call("user", "add", "claire@example.org", "--role", "owner", "--json")
    assert "password" not in json.loads(again.stdout)


@pytest.mark.parametrize(
    "arguments",
    [
        ("user", "add", "claire@example.org", "--role", "editor"),
        ("token", "add", "--role", "viewer"),
        ("source", "add", "shop"),
    ],
)
def test_a_fresh_installation_needs_no_brand_to_be_named(arguments: tuple[str, ...]) -> None:
    assert call(*arguments).exit_code == 0
    assert Brand.objects.count() == 1


def test_a_role_can_be_changed_by_adding_somebody_again(brand: Brand) -> None:
    call("user", "add", "claire@example.org", "--role", "agent")
    call("user", "add", "claire@example.org", "--role", "editor")
    assert Membership.objects.get(person__email="claire@example.org").role == "editor"


def test_a_new_password_replaces_the_old_one(brand: Brand) -> None:
    first = json.loads(call("user", "add", "claire@example.org", "--role", "agent", "--json").stdout)
    second = json.loads(call("user", "password", "claire@example.org", "--json").stdout)
    person = Person.objects.get(email="claire@example.org")
    assert person.check_password(second["password"])
    assert not person.check_password(first["password"])


def test_a_token_has_the_role_it_was_made_with(brand: Brand) -> None:
    shown = json.loads(call("token", "add", "--role", "viewer", "--name", "notebook", "--json").stdout)
    known = actor_of_token(shown["token"])
    assert known is not None
    assert (known[0].role, known[0].label, known[1]) == ("viewer", "notebook", brand)


def test_a_brand_that_is_not_there_is_named_with_those_that_are(brand: Brand) -> None:
    answer = call("token", "add", "--role", "viewer", "--brand", "Nobody")
    assert answer.exit_code != 0
    assert "Nobody" in str(answer.exception)
    assert brand.slug in str(answer.exception)


def test_a_second_brand_is_added_and_named_from_then_on(brand: Brand) -> None:
    added = call("brand", "add", "Trottoir", "--time-zone", "Europe/Brussels", "--json")
    assert json.loads(added.stdout) == {"name": "Trottoir", "slug": "trottoir"}
    call("user", "add", "anne@example.org", "--role", "owner", "--brand", "Trottoir")
    assert Membership.objects.get(person__email="anne@example.org").brand.time_zone == "Europe/Brussels"
    assert [row["name"] for row in json.loads(call("brand", "list", "--json").stdout)] == [
        brand.name,
        "Trottoir",
    ]


@pytest.mark.parametrize("option", [("--time-zone", "Mars/Olympus"), ("--currency", "euro")])
def test_a_brand_with_an_impossible_setting_is_refused(option: tuple[str, str]) -> None:
    assert call("brand", "add", "Trottoir", *option).exit_code == 1
    assert not Brand.objects.exists()
