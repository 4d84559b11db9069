"""What became of a customer's identities: merges that people and rules made, and what each brought."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from parcours.accounts.models import Brand
from parcours.core.errors import NotFound
from parcours.customers.models import Customer, Merge
from parcours.customers.reads import profiles


@dataclass(frozen=True, slots=True)
class MergeView:
    """`loser_label` is how the loser was called; `moved` are the (kind, value) it brought."""

    id: uuid.UUID
    loser: int
    winner: int
    loser_label: str
    reason: str
    by: str
    moved: tuple[tuple[str, str], ...]
    at: datetime
    undone_at: datetime | None
    undone_by: str


def merges_of(brand: Brand, customer_id: int, most: int = 200) -> list[MergeView]:
    """The merges that made a customer what it is, and those it was taken out of; the newest first."""
    family = [customer_id, *Customer.objects.filter(merged_into=customer_id).values_list("pk", flat=True)]
    about = Q(winner__in=family) | Q(loser=customer_id)
    return _views(brand, Merge.objects.filter(about, brand=brand).order_by("-at", "-pk")[:most])


def merges_by_people(brand: Brand, most: int = 20) -> list[MergeView]:
    """What somebody made one lately, and nobody took apart."""
    rows = Merge.objects.filter(brand=brand, undone_at=None).exclude(by="")
    return _views(brand, rows.order_by("-at", "-pk")[:most])


def merge_page(brand: Brand, *, after: uuid.UUID | None, limit: int) -> list[MergeView]:
    """All merges of a brand, the newest first, from the one after `after` on."""
    rows = Merge.objects.filter(brand=brand)
    return _views(brand, (rows.filter(pk__lt=after) if after else rows).order_by("-pk")[:limit])


def merge_view(brand: Brand, merge_id: uuid.UUID) -> MergeView:
    """Raises NotFound."""
    found = _views(brand, Merge.objects.filter(brand=brand, pk=merge_id))
    if not found:
        raise NotFound(_("There is no such merge."))
    return found[0]


def _views(brand: Brand, rows: "QuerySet[Merge]") -> list[MergeView]:
    merges = list(rows)
    names = profiles(brand, {merge.loser_id for merge in merges})
    return [
        MergeView(
            merge.pk,
            merge.loser_id,
            merge.winner_id,
            _label(merge, names[merge.loser_id].name or names[merge.loser_id].email),
            merge.reason,
            merge.by,
            tuple((str(kind), str(value)) for kind, value in merge.moved),
            merge.at,
            merge.undone_at,
            merge.undone_by,
        )
        for merge in merges
    ]


def _label(merge: Merge, known: str) -> str:
    return known or next((str(value) for _kind, value in merge.moved), str(merge.loser_id))
