"""Profiles say what is known, and only what changes is written."""

import pyarrow as pa
import pytest

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor
from parcours.core.errors import BadInput, Forbidden, NotFound
from parcours.customers.profiles import birth_year, profile_of
from parcours.customers.reads import customer, customers_revision
from parcours.customers.search import search_customers
from parcours.customers.writes import resolve_identities, upsert_customers

TABLE = pa.table(
    {
        "user_id": ["7", "8", None],
        "name": ["Mark", "Anna", "Nobody"],
        "email": ["mark@example.org", "", None],
        "birth_date": ["1984-05-02", None, None],
        "country": ["FR", "BE", None],
        "shoe size": [43, None, None],
    }
)


def known(brand: Brand, user_id: str) -> int:
    return int(resolve_identities(brand, "user_id", [user_id])[0])


def test_a_table_of_customers_becomes_profiles(brand: Brand, system: Actor) -> None:
    assert upsert_customers(brand, TABLE, acting_user=system) == 2

    mark = customer(brand, known(brand, "7"))
    assert (mark.name, mark.birth_year, mark.country, mark.traits) == ("Mark", 1984, "FR", {"shoe size": 43})
    assert mark.generation is not None
    assert mark.generation.key == "millennials"
    assert ("email", "mark@example.org") in {(each.kind, each.value) for each in mark.identities}


def test_the_same_table_again_changes_nothing(brand: Brand, system: Actor) -> None:
    upsert_customers(brand, TABLE, acting_user=system)
    revision = customers_revision(brand)

    upsert_customers(brand, TABLE, acting_user=system)

    assert customers_revision(brand) == revision


def test_empty_cells_leave_what_is_known(brand: Brand, system: Actor) -> None:
    upsert_customers(brand, TABLE, acting_user=system)
    upsert_customers(brand, pa.table({"user_id": ["7"], "name": [""], "city": ["Lyon"]}), acting_user=system)

    mark = customer(brand, known(brand, "7"))
    assert (mark.name, mark.traits) == ("Mark", {"shoe size": 43, "city": "Lyon"})


def test_a_table_without_user_ids_is_refused(brand: Brand, system: Actor) -> None:
    with pytest.raises(BadInput, match="user_id"):
        upsert_customers(brand, pa.table({"name": ["Mark"]}), acting_user=system)


def test_viewers_may_not_import(brand: Brand) -> None:
    viewer = Actor(kind="person", brand_id=brand.pk, role="viewer", id=None, label="Bob")

    with pytest.raises(Forbidden):
        upsert_customers(brand, TABLE, acting_user=viewer)


def test_customers_of_another_brand_are_not_there(brand: Brand, other_brand: Brand, system: Actor) -> None:
    upsert_customers(brand, TABLE, acting_user=system)

    with pytest.raises(NotFound):
        customer(other_brand, known(brand, "7"))
    assert search_customers(other_brand) == ([], 0)


def test_customers_are_found_by_what_they_are_known_by(brand: Brand, system: Actor) -> None:
    upsert_customers(brand, TABLE, acting_user=system)

    def found(**asked: str) -> list[str]:
        return [each.name for each in search_customers(brand, **asked)[0]]  # type: ignore[arg-type]

    assert found() == ["Mark", "Anna"]
    assert found(text="ann") == ["Anna"]
    assert found(text="mark@") == ["Mark"]
    assert found(text="8") == ["Anna"]
    assert found(text="100%") == []
    assert found(segment_key="millennials") == ["Mark"]


@pytest.mark.parametrize(
    ("said", "year"),
    [
        ("1984", 1984),
        (1984.0, 1984),
        ("1984-05-02", 1984),
        ("02/05/1984", 1984),
        ("84", None),
        ("9999", None),
    ],
)
def test_a_birth_year_is_read_from_what_is_usual(said: object, year: int | None) -> None:
    assert birth_year(said) == year


def test_what_a_profile_does_not_know_is_a_trait() -> None:
    profile = profile_of({"Country": "FR", "birthday": "unknown", "plan": "gold", "empty": None, "n": 0})

    assert profile.country == "FR"
    assert profile.birth_year is None
    assert profile.traits == {"birthday": "unknown", "plan": "gold", "n": 0}


def test_columns_of_a_french_file_say_the_same() -> None:
    profile = profile_of(
        {"Nom complet": "Mark Martin", "Courriel": "mark@example.org", "Pays": "FR", "Langue": "fr"}
        | {"Date de naissance": "1984-05-02", "Téléphone": "0262 12 34 56", "région": "Réunion"}
    )

    assert (profile.name, profile.email, profile.phone) == (
        "Mark Martin",
        "mark@example.org",
        "0262 12 34 56",
    )
    assert (profile.country, profile.language, profile.birth_year) == ("FR", "fr", 1984)
    assert profile.traits == {"région": "Réunion"}
