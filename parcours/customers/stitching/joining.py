"""What people decide about who is who; each decision can be taken back."""

import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from parcours.accounts.models import Brand
from parcours.accounts.rights import Actor
from parcours.core.clock import now
from parcours.core.errors import BadInput, NotFound
from parcours.core.registry import joined_customers
from parcours.core.text import storable
from parcours.customers.enums import Decision
from parcours.customers.models import Customer, Likeness, Merge
from parcours.customers.stitching.merging import merge_customers, unmerge
from parcours.journal.writes import record
from parcours.live.writes import publish


@transaction.atomic
def do_merge_customers(
    brand: Brand, loser_id: int, winner_id: int, *, reason: str, acting_user: Actor
) -> Merge:
    """Makes two customers one, as somebody says; what the winner's profile lacks comes from the loser.

    Raises NotFound for customers that aren't there, BadInput when they are one already.
    """
    acting_user.require("customers.edit")
    reason = storable(reason).strip()
    ids = [_standing(brand, loser_id), _standing(brand, winner_id)]
    if ids[0] == ids[1]:
        raise BadInput(_("These are one customer already."), where=f"{loser_id}, {winner_id}")
    merge_customers(brand, {ids[0]: ids[1]}, reason=reason, by=acting_user.label)
    merge = Merge.objects.filter(loser=ids[0], winner=ids[1], undone_at=None).latest("at")
    # Not the reason: somebody may have written a name into it, and the journal outlives an erasure.
    record(acting_user, "customers merged", "customer", ids[1], {"loser": ids[0]})
    _tell(brand, ids)
    return merge


@transaction.atomic
def do_undo_merge(brand: Brand, merge_id: uuid.UUID, *, acting_user: Actor) -> Merge:
    """Takes two customers apart again, in profiles and events. Raises NotFound, Conflict."""
    acting_user.require("customers.edit")
    merge = Merge.objects.select_related("brand").filter(brand=brand, pk=merge_id).first()
    if merge is None:
        raise NotFound(_("There is no such merge."))
    unmerge(merge, by=acting_user.label)
    Likeness.objects.filter(brand=brand, merge=merge).update(
        decision=Decision.OPEN, merge=None, decided_at=None, decided_by=""
    )
    record(acting_user, "merge undone", "customer", merge.winner_id, {"loser": merge.loser_id})
    _tell(brand, [merge.loser_id, _standing(brand, merge.winner_id)])
    return merge


@transaction.atomic
def do_accept_likeness(brand: Brand, likeness_id: int, *, acting_user: Actor) -> Merge:
    """The two are one customer. Raises NotFound."""
    from parcours.customers.stitching.likenesses import likeness

    acting_user.require("customers.edit")
    view = likeness(brand, likeness_id)
    reason = "; ".join(_row(brand, likeness_id).found_by)
    merge = do_merge_customers(brand, view.goes.id, view.keeps.id, reason=reason, acting_user=acting_user)
    _decide(brand, likeness_id, Decision.MERGED, acting_user, merge)
    return merge


@transaction.atomic
def do_dismiss_likeness(brand: Brand, likeness_id: int, *, acting_user: Actor) -> None:
    """The two are two; they aren't brought up again. Raises NotFound."""
    acting_user.require("customers.edit")
    row = _decide(brand, likeness_id, Decision.APART, acting_user, None)
    record(acting_user, "likeness dismissed", "customer", row.first_id, {"other": row.second_id})


@transaction.atomic
def do_reopen_likeness(brand: Brand, likeness_id: int, *, acting_user: Actor) -> None:
    """Takes a dismissal back. Raises NotFound."""
    acting_user.require("customers.edit")
    row = _row(brand, likeness_id)
    if row.decision == Decision.APART:
        row.decision, row.decided_at, row.decided_by = Decision.OPEN, None, ""
        row.save(update_fields=["decision", "decided_at", "decided_by"])
        record(acting_user, "likeness reopened", "customer", row.first_id, {"other": row.second_id})


def _decide(
    brand: Brand, likeness_id: int, decision: str, acting_user: Actor, merge: Merge | None
) -> Likeness:
    row = _row(brand, likeness_id)
    row.decision, row.decided_at, row.decided_by, row.merge = decision, now(), acting_user.label[:160], merge
    row.save(update_fields=["decision", "decided_at", "decided_by", "merge"])
    return row


def _row(brand: Brand, likeness_id: int) -> Likeness:
    row = Likeness.objects.select_for_update().filter(brand=brand, pk=likeness_id).first()
    if row is None:
        raise NotFound(_("There is no such pair of customers any more."))
    return row


def _standing(brand: Brand, customer_id: int) -> int:
    row = Customer.objects.filter(brand=brand, pk=customer_id).values_list("pk", "merged_into_id").first()
    if row is None:
        raise NotFound(_("There is no such customer."), where=str(customer_id))
    return int(row[1] or row[0])


def _tell(brand: Brand, customers: list[int]) -> None:
    """The lake follows, and open profiles are shown anew."""
    brand_id = brand.pk
    for handler in joined_customers.all().values():
        handler(brand_id)
    for customer in customers:
        publish(brand_id, f"customer:{customer}", "customer.changed", {})
