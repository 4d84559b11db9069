"""Identities joined when they turn out to be one customer's, by rules that never guess.

An anonymous id belongs to the first user it is seen with. Two user ids are joined by an alias, or by a
person, and by nothing else.
"""

from collections.abc import Iterable
from typing import NamedTuple

from django.db import connection, transaction

from parcours.accounts.models import Brand
from parcours.customers.bulk import lock_customers
from parcours.customers.enums import IdentityKind
from parcours.customers.models import Identity
from parcours.customers.stitching.claims import note_claims
from parcours.customers.stitching.identities import (
    Owner,
    attach_identities,
    clean_identity,
    owners_of,
    resolve_identities,
    resolve_with_homes,
)
from parcours.customers.stitching.merging import joined_chains, merge_customers


class Link(NamedTuple):
    """A visitor's anonymous id that was seen together with a customer's user id."""

    anonymous_id: str
    user_id: str


@transaction.atomic
def link_identities(
    brand: Brand, pairs: Iterable[Link | tuple[str, str]], *, reason: str, by: str = ""
) -> dict[int, int]:
    """Joins anonymous visitors to the customers they turned out to be: (anonymous id, user id) in order of
    arrival.

    An anonymous id belongs to the first user it is seen with: on a shared device the second user doesn't get
    the first one's past, and it is noted that the two share a device. An anonymous id that nobody has yet is
    the user's at once, without a merge. Returns {customer that is gone: customer it became}; the lake follows
    when it next takes events in.
    """
    wanted = [
        Link(
            clean_identity(pair[0], IdentityKind.ANONYMOUS_ID), clean_identity(pair[1], IdentityKind.USER_ID)
        )
        for pair in dict.fromkeys(map(tuple, pairs))
        if pair[0].strip() and pair[1].strip()
    ]
    if not wanted:
        return {}
    users = _users(brand, [link.user_id for link in wanted])
    _lock(brand)
    known = owners_of(brand, IdentityKind.ANONYMOUS_ID, (link.anonymous_id for link in wanted))
    first: dict[str, Owner] = {}
    for link in wanted:
        if link.anonymous_id not in known:
            first.setdefault(link.anonymous_id, users[link.user_id])
    if first:
        attach_identities(brand, IdentityKind.ANONYMOUS_ID, first.items(), reason=reason)
    now_known = {value: owner.customer for value, owner in {**first, **known}.items()}
    apart = [
        (now_known[link.anonymous_id], users[link.user_id].customer, link.anonymous_id)
        for link in wanted
        if now_known[link.anonymous_id] != users[link.user_id].customer
    ]
    winners = _first_user_of_each(brand, [(visitor, user) for visitor, user, _value in apart])
    merged = merge_customers(brand, winners, reason=reason, by=by)
    _note_shared_devices(brand, apart, winners)
    return merged


def link_users(
    brand: Brand, pairs: Iterable[tuple[str, str]], *, reason: str, by: str = ""
) -> dict[int, int]:
    """Joins two known users: (previous user id, user id), as an alias message says. Returns as
    `link_identities`.
    """
    wanted = list(dict.fromkeys(pairs))
    before = resolve_identities(brand, IdentityKind.USER_ID, [previous for previous, _user in wanted])
    after = resolve_identities(brand, IdentityKind.USER_ID, [user for _previous, user in wanted])
    joined = joined_chains(zip(map(int, before), map(int, after), strict=True))
    return merge_customers(brand, joined, reason=reason, by=by)


def _users(brand: Brand, values: list[str]) -> dict[str, Owner]:
    ids, homes = resolve_with_homes(brand, IdentityKind.USER_ID, values)
    return {
        value: Owner(int(customer), int(home))
        for value, customer, home in zip(values, ids, homes, strict=True)
    }


def _lock(brand: Brand) -> None:
    with connection.cursor() as cursor:
        lock_customers(cursor, brand.pk)


def _first_user_of_each(brand: Brand, apart: list[tuple[int, int]]) -> dict[int, int]:
    """Visitors who have no user id of their own yet, with the first user each was seen with."""
    taken = set(
        Identity.objects.filter(
            brand=brand, kind=IdentityKind.USER_ID, customer__in={visitor for visitor, _user in apart}
        ).values_list("customer", flat=True)
    )
    first: dict[int, int] = {}
    for visitor, user in apart:
        if visitor not in taken:
            first.setdefault(visitor, user)
    return first


def _note_shared_devices(brand: Brand, apart: list[tuple[int, int, str]], winners: dict[int, int]) -> None:
    note_claims(
        brand,
        (
            (IdentityKind.ANONYMOUS_ID, value, user)
            for visitor, user, value in apart
            if winners.get(visitor) != user
        ),
    )
