"""What tests share: two brands and their people. Alice owns, Bob views, Charlie is from the other brand."""

import os
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test import Client
from django.utils import translation

from parcours.accounts.models import Brand, Person
from parcours.accounts.rights import Actor, system_actor
from parcours.accounts.writes import add_person, create_brand

PASSWORD = "correct horse battery staple"
REAL_LOGS = Path(
    os.environ.get("PARCOURS_TEST_DATA") or Path(__file__).resolve().parents[2] / "shared" / "data"
)


@pytest.fixture(scope="session", autouse=True)
def _quick_to_empty() -> Iterator[None]:
    """Tests that commit empty all tables behind them; nobody needs Django's permissions made anew then."""
    with patch("django.core.management.commands.flush.emit_post_migrate_signal"):
        yield


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> None:
    """The databases of tests are copies of the one that was migrated (see tests.prepared)."""
    connection.settings_dict["TEST"]["TEMPLATE"] = connection.settings_dict["NAME"]


@pytest.fixture(autouse=True)
def _own_folders(settings: LazySettings, tmp_path: Path) -> Iterator[None]:
    """Each test writes its files in a folder of its own and reads English."""
    settings.DATA = tmp_path / "data"
    settings.MEDIA_ROOT = tmp_path / "data" / "media"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    with translation.override("en"):
        yield


@pytest.fixture
def brand(db: None) -> Brand:
    return create_brand("Foulée")


@pytest.fixture
def other_brand(db: None) -> Brand:
    return create_brand("Autre maison")


@pytest.fixture
def system(brand: Brand) -> Actor:
    return system_actor(brand.pk)


def _person(brand: Brand, name: str, role: str) -> Person:
    email = f"{name.lower()}@example.org"
    add_person(
        email, brand=brand, role=role, name=name, password=PASSWORD, acting_user=system_actor(brand.pk)
    )
    return Person.objects.get(email=email)


@pytest.fixture
def alice(brand: Brand) -> Person:
    """Owner of the brand."""
    return _person(brand, "Alice", "owner")


@pytest.fixture
def agnes(brand: Brand) -> Person:
    """An agent of the brand: sees and suggests."""
    return _person(brand, "Agnes", "agent")


@pytest.fixture
def bob(brand: Brand) -> Person:
    """Views the brand only."""
    return _person(brand, "Bob", "viewer")


@pytest.fixture
def charlie(other_brand: Brand) -> Person:
    """Owner of another brand: an outsider here."""
    return _person(other_brand, "Charlie", "owner")


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def as_alice(alice: Person) -> Client:
    return signed_in(alice)


@pytest.fixture
def as_agnes(agnes: Person) -> Client:
    return signed_in(agnes)


@pytest.fixture
def as_bob(bob: Person) -> Client:
    return signed_in(bob)


@pytest.fixture
def as_charlie(charlie: Person) -> Client:
    return signed_in(charlie)


@pytest.fixture
def alice_acts(alice: Person, brand: Brand) -> Actor:
    return Actor(kind="person", brand_id=brand.pk, role="owner", id=alice.pk, label="Alice")


def real_log(name: str) -> Path:
    """A real log's path; skips the test where the file isn't there."""
    path = REAL_LOGS / name
    if not path.exists():
        pytest.skip(f"{name} is not here: set PARCOURS_TEST_DATA to the folder that holds it")
    return path
