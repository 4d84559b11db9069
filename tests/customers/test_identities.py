"""A customer is one customer, by whatever he is known."""

import numpy as np

from parcours.accounts.models import Brand
from parcours.customers.models import Claim, Identity, Merge
from parcours.customers.reads import customer, customers_revision, merges_not_in_lake
from parcours.customers.writes import (
    Profile,
    link_identities,
    link_users,
    merge_customers,
    note_merges_in_lake,
    resolve_identities,
    update_profiles,
)


def test_a_value_is_the_same_customer_every_time_and_another_one_in_another_brand(
    brand: Brand, other_brand: Brand
) -> None:
    first = resolve_identities(brand, "email", ["Mark@Example.org ", "anna@example.org"])
    again = resolve_identities(brand, "email", ["anna@example.org", "mark@example.org"])

    assert list(again) == list(first[::-1])
    assert not np.isin(resolve_identities(other_brand, "email", ["mark@example.org"]), first).any()
    assert resolve_identities(brand, "user_id", ["mark@example.org"])[0] not in first


def test_nothing_asked_is_nothing_answered(brand: Brand) -> None:
    assert len(resolve_identities(brand, "user_id", [])) == 0


def test_a_visitor_becomes_the_user_and_brings_what_he_is_known_by(brand: Brand) -> None:
    (visitor,) = resolve_identities(brand, "anonymous_id", ["a"])
    update_profiles(brand, {int(visitor): Profile(country="FR", traits={"from": "ad", "size": 42})})
    (user,) = resolve_identities(brand, "user_id", ["7"])
    update_profiles(brand, {int(user): Profile(name="Mark", traits={"size": 43})})

    gone = link_identities(brand, [("a", "7")], reason="test")

    assert gone == {int(visitor): int(user)} == merges_not_in_lake(brand)
    assert resolve_identities(brand, "anonymous_id", ["a"])[0] == user
    known = customer(brand, int(visitor))
    assert (known.id, known.name, known.country) == (int(user), "Mark", "FR")
    assert known.traits == {"from": "ad", "size": 43}
    merge = Merge.objects.get()
    assert (merge.reason, merge.moved) == ("test", [["anonymous_id", "a"]])


def test_linking_again_changes_nothing(brand: Brand) -> None:
    link_identities(brand, [("a", "7"), ("a", "7")], reason="test")
    revision = customers_revision(brand)

    assert link_identities(brand, [("a", "7")], reason="test") == {}
    assert customers_revision(brand) == revision


def test_an_anonymous_id_stays_with_its_first_user(brand: Brand) -> None:
    link_identities(brand, [("a", "7"), ("a", "8")], reason="test")

    user, other = resolve_identities(brand, "user_id", ["7", "8"])
    assert resolve_identities(brand, "anonymous_id", ["a"])[0] == user != other


def test_a_chain_of_former_ids_ends_at_the_last(brand: Brand) -> None:
    one, two, three = resolve_identities(brand, "user_id", ["1", "2", "3"])

    link_users(brand, [("1", "2"), ("2", "3")], reason="test")

    assert set(resolve_identities(brand, "user_id", ["1", "2", "3"])) == {three}
    assert merges_not_in_lake(brand) == {int(one): int(three), int(two): int(three)}


def test_a_merge_of_a_winner_takes_those_before_along(brand: Brand) -> None:
    one, two, three = resolve_identities(brand, "user_id", ["1", "2", "3"])
    link_users(brand, [("1", "2")], reason="test")
    note_merges_in_lake(brand, [int(one)])
    link_users(brand, [("2", "3")], reason="test")

    assert customer(brand, int(one)).id == three
    assert merges_not_in_lake(brand) == {int(two): int(three)}


def test_two_ids_that_name_each_other_end_as_one(brand: Brand) -> None:
    link_users(brand, [("1", "2"), ("2", "1")], reason="test")

    assert len(set(resolve_identities(brand, "user_id", ["1", "2"]))) == 1


def test_an_unknown_visitor_is_the_users_at_once_without_a_merge(brand: Brand) -> None:
    (user,) = resolve_identities(brand, "user_id", ["7"])

    assert link_identities(brand, [("a", "7"), ("b", "7"), ("c", "8")], reason="seen together") == {}

    assert list(resolve_identities(brand, "anonymous_id", ["a", "b"])) == [user, user]
    assert (
        resolve_identities(brand, "anonymous_id", ["c"])[0] == resolve_identities(brand, "user_id", ["8"])[0]
    )
    assert not Merge.objects.exists()
    assert Identity.objects.get(value="a").reason == "seen together"


def test_an_identity_of_somebody_else_is_kept_as_a_claim(brand: Brand) -> None:
    one, two = resolve_identities(brand, "user_id", ["1", "2"])
    update_profiles(brand, {int(one): Profile(email="a@example.org")})
    update_profiles(brand, {int(two): Profile(email="A@example.org", phone="+33 6")})
    update_profiles(brand, {int(two): Profile(email="A@example.org", phone="+33 6")})

    (claim,) = Claim.objects.all()
    assert (claim.kind, claim.value, claim.customer_id) == ("email", "a@example.org", two)
    assert resolve_identities(brand, "email", ["a@example.org"])[0] == one


def test_several_losers_fill_the_winner_in_their_order(brand: Brand) -> None:
    one, two, three = (int(each) for each in resolve_identities(brand, "user_id", ["1", "2", "3"]))
    update_profiles(brand, {one: Profile(country="FR"), two: Profile(country="BE", language="nl")})

    merge_customers(brand, {one: three, two: three}, reason="test", by="Alice")

    assert (customer(brand, three).country, customer(brand, three).language) == ("FR", "nl")
    taken = dict(Merge.objects.values_list("loser", "taken"))
    assert (taken[one]["fields"], taken[two]["fields"]) == (["country"], ["language"])


def test_users_are_not_joined_through_a_device(brand: Brand) -> None:
    link_identities(brand, [("a", "7")], reason="test")
    link_identities(brand, [("a", "8"), ("b", "8"), ("b", "7")], reason="test")

    seven, eight = resolve_identities(brand, "user_id", ["7", "8"])
    assert seven != eight
    assert not Merge.objects.exists()
    assert {(claim.value, claim.customer_id) for claim in Claim.objects.all()} == {("a", eight), ("b", seven)}
