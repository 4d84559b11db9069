"""What a merge joined comes apart again, in profiles and in the lake, as if it had never been."""

import random
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa
import pytest

from parcours.accounts.models import Brand
from parcours.core.errors import Conflict
from parcours.customers.models import Customer, Identity, Merge
from parcours.customers.reads import homecomings, merges_not_in_lake
from parcours.customers.stitching.merging import unmerge
from parcours.customers.writes import (
    Profile,
    link_identities,
    link_users,
    merge_customers,
    resolve_identities,
    resolve_with_homes,
    update_profiles,
)
from parcours.events.following import follow_merges
from parcours.events.lake import Lake
from parcours.events.lake.layout import staged_schema

START = datetime(2026, 1, 1, tzinfo=UTC)


def store(brand: Brand, names: Iterable[tuple[str, str]], *, day: int = 0) -> None:
    """One event a (kind, value) of an identity, as a hand-off stores them."""
    rows: list[dict[str, Any]] = []
    for place, (kind, value) in enumerate(names):
        ids, homes = resolve_with_homes(brand, kind, [value])
        rows.append(
            {
                "customer": int(ids[0]),
                "home": int(homes[0]),
                "time": START + timedelta(days=day, minutes=place),
                "seq": place,
                "content": f"{day:04}{value:>12}"[:16].encode(),
                "explicit": True,
                "name": f"{value} on day {day}",
                "channel": "web",
                "source": "test",
                "received": START,
                "properties": "{}",
            }
        )
    Lake(brand.pk).append(pa.Table.from_pylist(rows, schema=staged_schema()))


def events_of(brand: Brand) -> dict[int, list[str]]:
    """The names of events by the customer the lake holds them under."""
    index = Lake(brand.pk).index()
    codes = index.name_codes
    return {
        int(customer): sorted(
            index.names[code] for code in codes[index.offsets[place] : index.offsets[place + 1]].tolist()
        )
        for place, customer in enumerate(index.customers)
        if index.offsets[place] < index.offsets[place + 1]
    }


def everything(brand: Brand) -> dict[str, Any]:
    """All that is known of who is who."""
    return {
        "customers": list(
            Customer.objects.filter(brand=brand)
            .order_by("pk")
            .values_list("pk", "name", "email", "birth_year", "country", "language", "traits", "merged_into")
        ),
        "identities": list(
            Identity.objects.filter(brand=brand).order_by("pk").values_list("kind", "value", "customer")
        ),
        "events": events_of(brand),
    }


def people(brand: Brand, count: int, chance: random.Random) -> list[int]:
    ids = [int(each) for each in resolve_identities(brand, "user_id", [f"u{n}" for n in range(count)])]
    update_profiles(
        brand,
        {
            each: Profile(
                name=chance.choice(["", f"Name {each}"]),
                email=chance.choice(["", f"{each}@example.org"]),
                birth_year=chance.choice([None, 1950 + each % 50]),
                country=chance.choice(["", "FR", "BE"]),
                traits=dict.fromkeys(chance.sample(["size", "plan", "shop"], chance.randint(0, 3)), each),
            )
            for each in ids
        },
    )
    return ids


@pytest.mark.parametrize("seed", range(4))
def test_merging_and_undoing_in_the_reverse_order_leaves_no_trace(brand: Brand, seed: int) -> None:
    chance = random.Random(seed)
    ids = people(brand, 5, chance)
    store(brand, [("user_id", f"u{n}") for n in range(5)])
    before = everything(brand)

    while (standing := list(Customer.objects.filter(brand=brand, merged_into=None))) and len(standing) > 1:
        loser, winner = chance.sample(standing, 2)
        merge_customers(brand, {loser.pk: winner.pk}, reason="test")
        if chance.random() < 0.5:
            follow_merges(brand)
        if len(standing) == 2:
            break
    for merge in Merge.objects.order_by("-at"):
        unmerge(merge, by="test")
        if chance.random() < 0.5:
            follow_merges(brand)
    follow_merges(brand)

    assert everything(brand) == before
    assert not homecomings(brand).merges
    assert not merges_not_in_lake(brand)
    assert len(ids) == len(before["events"])


@pytest.mark.parametrize("seed", range(3))
def test_undoing_in_any_order_gives_everybody_back_what_came_by_their_own_ids(
    brand: Brand, seed: int
) -> None:
    chance = random.Random(seed)
    ids = people(brand, 5, chance)
    store(brand, [("user_id", f"u{n}") for n in range(5)])
    before = everything(brand)

    for _ in range(4):
        standing = list(Customer.objects.filter(brand=brand, merged_into=None).values_list("pk", flat=True))
        loser, winner = chance.sample(standing, 2)
        merge_customers(brand, {loser: winner}, reason="test")
        follow_merges(brand)
    store(brand, [("user_id", f"u{n}") for n in range(5)], day=1)
    merges = list(Merge.objects.all())
    chance.shuffle(merges)
    for merge in merges:
        unmerge(merge, by="test")
        if chance.random() < 0.5:
            follow_merges(brand)
    follow_merges(brand)

    after = everything(brand)
    assert after["customers"] == before["customers"]
    assert after["identities"] == before["identities"]
    assert after["events"] == {
        customer: [f"u{n} on day 0", f"u{n} on day 1"] for n, customer in enumerate(ids)
    }


def test_a_visitor_who_was_joined_takes_what_he_did_since_back_as_well(brand: Brand) -> None:
    store(brand, [("anonymous_id", "a"), ("user_id", "7")])
    (visitor,) = resolve_identities(brand, "anonymous_id", ["a"])
    (user,) = resolve_identities(brand, "user_id", ["7"])
    link_identities(brand, [("a", "7")], reason="test")
    store(brand, [("anonymous_id", "a"), ("user_id", "7")], day=1)
    follow_merges(brand)
    assert set(events_of(brand)) == {int(user)}

    unmerge(Merge.objects.get(), by="Alice")
    follow_merges(brand)

    assert events_of(brand) == {
        int(visitor): ["a on day 0", "a on day 1"],
        int(user): ["7 on day 0", "7 on day 1"],
    }


def test_what_was_merged_into_the_loser_stays_with_it(brand: Brand) -> None:
    one, two, three = (int(each) for each in resolve_identities(brand, "user_id", ["1", "2", "3"]))
    store(brand, [("user_id", "1"), ("user_id", "2"), ("user_id", "3")])
    link_users(brand, [("1", "2")], reason="alias")
    link_users(brand, [("2", "3")], reason="alias")
    follow_merges(brand)
    assert set(events_of(brand)) == {three}

    unmerge(Merge.objects.get(loser=two), by="Alice")
    follow_merges(brand)

    assert events_of(brand) == {two: ["1 on day 0", "2 on day 0"], three: ["3 on day 0"]}
    assert set(resolve_identities(brand, "user_id", ["1", "2"])) == {two}
    assert Customer.objects.get(pk=one).merged_into_id == two


def test_a_merge_is_undone_once(brand: Brand) -> None:
    link_users(brand, [("1", "2")], reason="alias")
    merge = Merge.objects.get()
    unmerge(merge, by="Alice")

    with pytest.raises(Conflict):
        unmerge(merge, by="Alice")


def test_a_merge_that_is_undone_and_made_again_holds(brand: Brand) -> None:
    store(brand, [("user_id", "1"), ("user_id", "2")])
    link_users(brand, [("1", "2")], reason="alias")
    follow_merges(brand)
    unmerge(Merge.objects.get(), by="Alice")
    link_users(brand, [("1", "2")], reason="alias")

    follow_merges(brand)

    (one,) = events_of(brand).values()
    assert one == ["1 on day 0", "2 on day 0"]
    assert not follow_merges(brand)
