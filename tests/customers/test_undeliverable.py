"""The list of addresses that refuse mails: how one gets onto it, off it, and who may see it."""

from datetime import datetime, timedelta

import pytest
from django.test import Client

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor, system_actor
from parcours.core.clock import now
from parcours.core.errors import NotFound
from parcours.core.registry import personal_data
from parcours.customers.enums import IdentityKind
from parcours.customers.undeliverable import (
    do_write_again,
    listed,
    note_heard_from,
    note_refusal,
    undeliverable,
    why_undeliverable,
)
from parcours.customers.writes import resolve_identities
from tests.api.test_journeys import Program

pytestmark = pytest.mark.django_db

LUCIE = "lucie@example.org"


def refuse(brand: Brand, number: int, *, for_good: bool = False, at: datetime | None = None) -> bool:
    return note_refusal(
        brand.pk, LUCIE, about=f"mail-{number}@x", reason="mailbox full", at=at or now(), for_good=for_good
    )


def test_one_refusal_for_good_is_enough(brand: Brand) -> None:
    assert refuse(brand, 1, for_good=True)
    assert undeliverable(brand.pk, ["Lucie@Example.org ", "paul@example.org"]) == {
        "Lucie@Example.org ": "mailbox full"
    }


def test_five_passing_refusals_in_a_row_are_enough_each_counted_once(brand: Brand) -> None:
    for number in (1, 2, 2, 3, 3, 3, 4):
        assert not refuse(brand, number)
    assert why_undeliverable(brand.pk, LUCIE) == ""
    assert refuse(brand, 5)
    assert not listed(brand.pk)[0].for_good


def test_passing_refusals_are_forgotten_when_somebody_writes_from_there_or_after_a_while(
    brand: Brand,
) -> None:
    for number in range(4):
        refuse(brand, number)
    note_heard_from(brand.pk, LUCIE, now())
    assert not refuse(brand, 5)

    for number in range(6, 9):
        refuse(brand, number)
    assert not refuse(brand, 9, at=now() + timedelta(days=90)), "a new row began"


def test_an_old_mail_from_there_lifts_nothing(brand: Brand) -> None:
    refuse(brand, 1, for_good=True)
    note_heard_from(brand.pk, LUCIE, now() - timedelta(days=1))
    assert why_undeliverable(brand.pk, LUCIE)


def test_a_person_takes_an_address_off_the_list_of_their_own_brand_only(
    brand: Brand, alice_acts: Actor, other_brand: Brand
) -> None:
    refuse(brand, 1, for_good=True)
    (row,) = listed(brand.pk, words="LUCIE@")
    with pytest.raises(NotFound):
        do_write_again(other_brand, row.id, acting_user=system_actor(other_brand.pk))
    assert do_write_again(brand, row.id, acting_user=alice_acts) == LUCIE
    assert listed(brand.pk) == []


def test_it_is_handed_over_and_erased_with_the_person(brand: Brand) -> None:
    (customer,) = resolve_identities(brand, IdentityKind.EMAIL, [LUCIE])
    refuse(brand, 1, for_good=True)
    keeper = personal_data.all()["customers"]
    assert keeper.export(brand.pk, [customer])["refusing addresses"][0]["address"] == LUCIE
    assert keeper.erase(brand.pk, [customer])["refusing addresses"] == 1
    assert listed(brand.pk) == []


def test_the_page_shows_the_list_and_lets_write_again(as_alice: Client, brand: Brand) -> None:
    refuse(brand, 1, for_good=True)
    page = as_alice.get("/listen/privacy/undeliverable/", {"words": "lucie"})
    assert LUCIE in page.content.decode()
    (row,) = listed(brand.pk)
    answer = as_alice.post(f"/listen/privacy/undeliverable/{row.id}/write-again/", follow=True)
    assert LUCIE in answer.content.decode(), "it says that mails go there again"
    assert listed(brand.pk) == []


def test_programs_ask_and_lift(brand: Brand) -> None:
    owner = Program(brand, "owner")
    refuse(brand, 1, for_good=True)
    found = owner("GET", "undeliverable").json()["items"]
    assert [each["address"] for each in found] == [LUCIE]
    assert owner("DELETE", f"undeliverable/{found[0]['id']}").status_code == 204
    assert owner("DELETE", f"undeliverable/{found[0]['id']}").status_code == 404
    assert owner("GET", "undeliverable").json() == {"items": [], "next": None}
