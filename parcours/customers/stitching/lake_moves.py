"""What the lake has yet to do: give the events of merged customers to those they became, and take them back
when a merge was undone.

An event's home is the customer it came to first (the lake keeps it). Whose it is follows from the merges that
stand, so merges and undoings may come in any order.
"""

import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from django.db.models import F, Q

from parcours.accounts.models import Brand
from parcours.core.clock import now
from parcours.customers.models import Customer, Merge
from parcours.customers.stitching.merging import part_of


@dataclass(frozen=True)
class Homecomings:
    """`of`: customer under whose id the lake may hold events that are not his → {home: whose they are}."""

    of: dict[int, dict[int, int]] = field(default_factory=dict)
    merges: tuple[uuid.UUID, ...] = ()


def merges_not_in_lake(brand: Brand) -> dict[int, int]:
    """Losers whose events the lake still holds under their old id, with the customer each has become."""
    losers = Merge.objects.filter(brand=brand, in_lake_at=None).values_list("loser_id", flat=True)
    return _become(losers)


def note_merges_in_lake(brand: Brand, losers: Iterable[int]) -> None:
    """The lake holds these losers' events under the winners' ids now; called in the transaction that swaps
    its files.
    """
    Merge.objects.filter(brand=brand, in_lake_at=None, loser_id__in=list(losers)).update(in_lake_at=now())


def homecomings(brand: Brand) -> Homecomings:
    """Events that go back to those who were merged and are customers of their own again."""
    undone = list(
        Merge.objects.filter(brand=brand, undone_at__isnull=False)
        .filter(Q(back_in_lake_at=None) | Q(in_lake_at__gt=F("back_in_lake_at")))
        .values_list("pk", "loser_id", "winner_id")
    )
    of: dict[int, dict[int, int]] = {}
    for _merge, loser, winner in undone:
        homes = [loser, *part_of(loser)]
        becomes = {home: home for home in homes} | _become(homes)
        for place in _went_on_to(winner):
            elsewhere = {home: owner for home, owner in becomes.items() if owner != place}
            of.setdefault(place, {}).update(elsewhere)
    return Homecomings(of, tuple(merge for merge, _loser, _winner in undone))


def note_homecomings(done: Homecomings) -> None:
    """The lake has followed; called in the transaction that swaps its files."""
    Merge.objects.filter(pk__in=done.merges).update(back_in_lake_at=now())


def _become(customers: Collection[int] | Iterable[int]) -> dict[int, int]:
    return dict(
        Customer.objects.filter(pk__in=list(customers), merged_into__isnull=False).values_list(
            "pk", "merged_into_id"
        )
    )


def _went_on_to(customer: int) -> list[int]:
    """The customer and all it was ever merged into: the lake may have followed any part of the way."""
    found, frontier = [customer], [customer]
    while frontier:
        frontier = list(
            Merge.objects.filter(loser__in=frontier)
            .exclude(winner__in=found)
            .values_list("winner_id", flat=True)
            .distinct()
        )
        found += frontier
    return found
