"""Customers that may be one are brought to a person, who decides; every decision can be taken back."""

from typing import Any

import pytest

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor
from parcours.core.errors import BadInput, Forbidden, NotFound
from parcours.customers.models import Merge
from parcours.customers.reads import customer
from parcours.customers.stitching.joining import (
    do_accept_likeness,
    do_dismiss_likeness,
    do_merge_customers,
    do_reopen_likeness,
    do_undo_merge,
)
from parcours.customers.stitching.likenesses import find_likenesses, likeness, likenesses, likenesses_of
from parcours.customers.writes import Profile, link_identities, resolve_identities, update_profiles


def somebody(brand: Brand, user_id: str, **said: Any) -> int:
    (made,) = resolve_identities(brand, "user_id", [user_id])
    update_profiles(brand, {int(made): Profile(**said)})
    return int(made)


@pytest.fixture
def pair(brand: Brand) -> tuple[int, int]:
    """Two customers with one e-mail address."""
    one = somebody(brand, "7", name="Mark", email="mark@example.org", country="FR")
    other = somebody(brand, "8", name="Marc D.", email="Mark@example.org", country="FR")
    find_likenesses(brand)
    return one, other


def test_the_same_address_on_two_customers_is_no_merge_but_a_hint(
    brand: Brand, pair: tuple[int, int]
) -> None:
    assert customer(brand, pair[1]).id == pair[1]
    (found,), total = likenesses(brand)
    assert total == 1
    assert (found.first.id, found.second.id) == pair
    assert found.hints == ("the same e-mail address",)
    assert ("E-mail address", "mark@example.org", "") in found.speaks_for
    assert ("Country", "FR", "") in found.speaks_for
    assert {fact.label for fact in found.speaks_against} == {"Customer number", "Name"}


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ({"phone": "+33 6 12"}, {"phone": "+33612"}, True),
        ({"phone": "+33 6 12"}, {"phone": "+33613"}, False),
        (
            {"name": "Anna Petit", "birth_year": 1980, "traits": {"postcode": "75 011"}},
            {"name": "anna petit", "birth_year": 1980, "traits": {"address": {"postalCode": "75011"}}},
            True,
        ),
        (
            {"name": "Anna Petit", "birth_year": 1980, "traits": {"postcode": "75011"}},
            {"name": "Anna Petit", "birth_year": 1980, "traits": {"postcode": "75012"}},
            False,
        ),
        ({"name": "Anna Petit", "birth_year": 1980}, {"name": "Anna Petit", "birth_year": 1980}, False),
    ],
)
def test_what_two_customers_share_brings_them_up(
    brand: Brand, one: dict[str, Any], other: dict[str, Any], alike: bool
) -> None:
    somebody(brand, "1", **one)
    somebody(brand, "2", **other)

    assert find_likenesses(brand) == int(alike)
    assert find_likenesses(brand) == 0


def test_a_device_of_two_users_is_a_hint_and_one_of_everybody_is_none(brand: Brand) -> None:
    link_identities(brand, [("tablet", "7"), ("tablet", "8")], reason="test")
    link_identities(brand, [("kiosk", f"guest {n}") for n in range(30)], reason="test")

    assert find_likenesses(brand) == 1
    (found,), _total = likenesses(brand)
    assert found.hints == ("the same device",)


def test_a_pair_is_made_one_and_taken_apart_again(
    brand: Brand, pair: tuple[int, int], alice_acts: Actor
) -> None:
    (found,), _total = likenesses(brand)

    merge = do_accept_likeness(brand, found.id, acting_user=alice_acts)

    assert customer(brand, pair[1]).id == pair[0]
    assert (merge.reason, merge.by) == ("email", "Alice")
    assert likenesses(brand) == ([], 0)

    do_undo_merge(brand, merge.pk, acting_user=alice_acts)
    assert customer(brand, pair[1]).name == "Marc D."
    assert [each.id for each in likenesses_of(brand, pair[0])] == [found.id]


def test_a_dismissed_pair_is_never_brought_up_again_unless_somebody_reopens_it(
    brand: Brand, pair: tuple[int, int], alice_acts: Actor
) -> None:
    (found,), _total = likenesses(brand)
    do_dismiss_likeness(brand, found.id, acting_user=alice_acts)

    assert find_likenesses(brand) == 0
    assert likenesses(brand) == ([], 0)
    (dismissed,), _total = likenesses(brand, decision="apart")
    assert dismissed.decided_by == "Alice"

    do_reopen_likeness(brand, found.id, acting_user=alice_acts)
    assert likenesses(brand)[1] == 1


def test_the_one_with_a_number_is_kept(brand: Brand, alice_acts: Actor) -> None:
    (guest,) = resolve_identities(brand, "phone", ["+33612"])
    user = somebody(brand, "7", phone="+33612")
    find_likenesses(brand)
    (found,), _total = likenesses(brand)

    assert (found.keeps.id, found.goes.id) == (user, int(guest))


def test_what_cannot_be_decided_is_refused(
    brand: Brand, other_brand: Brand, pair: tuple[int, int], alice_acts: Actor
) -> None:
    (found,), _total = likenesses(brand)
    viewer = Actor(kind="person", brand_id=brand.pk, role="viewer", id=None, label="Bob")
    with pytest.raises(Forbidden):
        do_accept_likeness(brand, found.id, acting_user=viewer)
    with pytest.raises(NotFound):
        likeness(other_brand, found.id)
    with pytest.raises(NotFound):
        do_merge_customers(other_brand, *pair, reason="x", acting_user=alice_acts)
    with pytest.raises(BadInput):
        do_merge_customers(brand, pair[0], pair[0], reason="x", acting_user=alice_acts)
    assert not Merge.objects.exists()
