"""Everything that means one person: the customers merged into one, and how they are known."""

import uuid
from collections.abc import Collection, Iterable

from django.db.models import Q
from django.utils.translation import gettext as _

from parcours.accounts.models import Brand
from parcours.core.errors import NotFound
from parcours.customers.enums import IdentityKind
from parcours.customers.models import Customer, Identity, Merge
from parcours.customers.stitching.identities import clean_identity

Known = tuple[str, str]
"""An identity: its kind and its value."""


def everybody_of(brand: Brand, customer_ids: Iterable[int]) -> list[int]:
    """The ids under which these people were ever kept: their own and all that were merged with them."""
    asked = list(customer_ids)
    rows = Customer.objects.filter(brand=brand, pk__in=asked).values_list("pk", "merged_into")
    winners = {merged_into or pk for pk, merged_into in rows}
    merged = Customer.objects.filter(brand=brand, merged_into__in=winners).values_list("pk", flat=True)
    return sorted(winners | set(merged))


def identities_of(brand_id: uuid.UUID, customer_ids: Collection[int]) -> set[Known]:
    """Every (kind, value) by which these customers are known, those of their profiles included."""
    ids = list(customer_ids)
    known = set(Identity.objects.filter(brand_id=brand_id, customer__in=ids).values_list("kind", "value"))
    merges = Merge.objects.filter(Q(loser__in=ids) | Q(winner__in=ids), undone_at=None)
    for moved in merges.values_list("moved", flat=True):
        known |= {(str(each[0]), str(each[1])) for each in moved if len(each) > 1}
    emails = Customer.objects.filter(pk__in=ids).exclude(email="").values_list("email", flat=True)
    known |= {(IdentityKind.EMAIL.value, clean_identity(email, IdentityKind.EMAIL)) for email in emails}
    return {(kind, value) for kind, value in known if value}


def find_customer(brand: Brand, named: str) -> int:
    """The customer with that number, or with an identity: `email:…`, `user_id:…`. Raises NotFound."""
    named = named.strip()
    kind, colon, value = named.partition(":")
    if colon and kind in IdentityKind.values:
        found = Identity.objects.filter(brand=brand, kind=kind, value=clean_identity(value, kind))
        customer_id = found.values_list("customer", flat=True).first()
    elif named.isdecimal() and len(named) < 19:
        row = Customer.objects.filter(brand=brand, pk=int(named)).first()
        customer_id = (row.merged_into_id or row.pk) if row else None
    else:
        customer_id = None
    if customer_id is None:
        raise NotFound(
            _("There is no such customer."),
            where=named,
            remedy=_("Name the customer's number as their page's address has it, or email:ADDRESS."),
        )
    return int(customer_id)
