"""Consents and rights through the API, as a program uses them."""

import json
import zipfile
from io import BytesIO

import pytest

from parcours.accounts.models import Brand
from parcours.customers.consent import ledger as consent
from parcours.customers.erasure.carrying_out import carry_out_erasure
from parcours.customers.models import Customer
from parcours.customers.privacy_models import Erasure
from parcours.customers.writes import resolve_identities
from tests.api.test_journeys import Program


@pytest.fixture
def owner(brand: Brand) -> Program:
    return Program(brand, "owner")


@pytest.fixture
def mark(brand: Brand) -> int:
    return int(resolve_identities(brand, "user_id", ["mark"])[0])


def test_a_consent_is_added_and_read(brand: Brand, mark: int, owner: Program) -> None:
    said = {"purpose": "marketing", "channel": "email", "state": "granted", "words": "Yes, write to me."}
    assert owner("POST", f"customers/{mark}/consents", said).status_code == 201
    owner("POST", f"customers/{mark}/consents", {**said, "state": "denied"})
    answer = owner("GET", f"customers/{mark}/consents").json()
    assert [row["state"] for row in answer["ledger"]] == ["denied", "granted"]
    assert [row["state"] for row in answer["current"]] == ["denied"]
    assert answer["ledger"][1]["words"] == {"": "Yes, write to me."}
    assert consent.state(brand, mark, "marketing", "email") == "denied"


@pytest.mark.parametrize(
    "said",
    [
        {"purpose": "marketing", "state": "maybe"},
        {"purpose": "", "state": "granted"},
        {"purpose": "!!!", "state": "granted"},
        {"state": "granted"},
    ],
)
def test_what_cannot_be_a_consent_is_refused(mark: int, owner: Program, said: dict[str, str]) -> None:
    answer = owner("POST", f"customers/{mark}/consents", said)
    assert answer.status_code == 422
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_characters_that_cannot_be_stored_do_no_harm(mark: int, owner: Program) -> None:
    said = {"purpose": "a\0b", "channel": "\0", "state": "granted", "words": "\0", "language": "\0"}
    assert owner("POST", f"customers/{mark}/consents", said).status_code == 201


def test_a_copy_comes_as_a_file(mark: int, owner: Program) -> None:
    answer = owner("GET", f"customers/{mark}/export")
    with zipfile.ZipFile(BytesIO(answer.content)) as packed:
        assert json.loads(packed.read("data.json"))["customer"] == mark


def test_erasure_is_begun_and_its_certificate_tells_the_rest(mark: int, owner: Program) -> None:
    answer = owner("POST", f"customers/{mark}/erasure", {"reason": "asked\0"})
    assert (answer.status_code, answer.json()["state"]) == (202, "running")
    carry_out_erasure(Erasure.objects.get().pk)
    done = owner("GET", answer.headers["Location"].removeprefix("/api/v1/")).json()
    assert (done["state"], done["reason"], done["places"]["profiles"]) == ("done", "asked", 1)
    assert not Customer.objects.exists()


def test_only_owners_erase_and_viewers_record_nothing(brand: Brand, mark: int) -> None:
    for role in ("editor", "viewer"):
        assert Program(brand, role)("POST", f"customers/{mark}/erasure", {}).status_code == 403
    viewer = Program(brand, "viewer")
    said = {"purpose": "marketing", "state": "granted"}
    assert viewer("POST", f"customers/{mark}/consents", said).status_code == 403
    assert viewer("GET", f"customers/{mark}/consents").status_code == 200


def test_another_brands_customer_is_not_there(other_brand: Brand, mark: int) -> None:
    outsider = Program(other_brand, "owner")
    for method, path in (("GET", "consents"), ("GET", "export"), ("POST", "erasure")):
        assert outsider(method, f"customers/{mark}/{path}", {}).status_code == 404
    assert Customer.objects.exists()
