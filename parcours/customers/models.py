from typing import TYPE_CHECKING

from django.db import models

from parcours.core.clock import now
from parcours.core.ids import new_id
from parcours.customers.enums import IdentityKind

if TYPE_CHECKING:
    from parcours.accounts.models import Brand


def _brand() -> "models.ForeignKey[Brand, Brand]":
    """The brand of rows that come by the million: no index beside those that begin with it, and no check a
    row, which together took half of the time of an import.
    """
    return models.ForeignKey(
        "accounts.Brand", on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )


class Customer(models.Model):
    """Somebody whose events are known. Ids are whole numbers, for the lake sorts and hashes by them."""

    id = models.BigAutoField(primary_key=True)
    brand = _brand()
    created_at = models.DateTimeField(default=now)
    name = models.CharField(max_length=200, blank=True)
    email = models.CharField(max_length=254, blank=True)
    birth_year = models.SmallIntegerField(null=True)
    country = models.CharField(max_length=80, blank=True)
    language = models.CharField(max_length=16, blank=True)
    traits = models.JSONField(default=dict)
    merged_into = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, related_name="+", db_index=False
    )

    class Meta:
        indexes = [
            models.Index(fields=["brand", "id"], name="customer_by_brand"),
            models.Index(
                fields=["merged_into"], name="customer_merged", condition=models.Q(merged_into__isnull=False)
            ),
        ]


class Identity(models.Model):
    """One way in which a customer is known; it belongs to one customer at a time."""

    id = models.BigAutoField(primary_key=True)
    brand = _brand()
    kind = models.CharField(max_length=16, choices=IdentityKind.choices)
    value = models.CharField(max_length=400)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="identities")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["brand", "kind", "value"], name="one_owner_an_identity")
        ]


class Merge(models.Model):
    """Two customers turned out to be one. Kept with its reason and the identities that moved, so that it can
    be undone.

    `in_lake_at` is empty until the lake's events of the loser carry the winner's id.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    brand = models.ForeignKey("accounts.Brand", on_delete=models.CASCADE, related_name="+")
    loser = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")
    winner = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")
    reason = models.CharField(max_length=200)
    moved = models.JSONField(default=list)  # [[kind, value], …]
    at = models.DateTimeField(default=now)
    in_lake_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["brand"], name="merge_not_in_lake", condition=models.Q(in_lake_at__isnull=True)
            )
        ]


class Segment(models.Model):
    """A group of customers by a rule of the brand's own; the generations are built in and need no row."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    brand = models.ForeignKey("accounts.Brand", on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=120)
    rule = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["brand", "name"], name="one_segment_a_name")]


class Revision(models.Model):
    """Counts the changes to a brand's profiles and segments, so that numbers computed from them can be kept
    until then.
    """

    brand = models.OneToOneField(
        "accounts.Brand", on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    number = models.BigIntegerField(default=0)


# Django finds an area's tables in its `models`; these stand in a file of their own.
from parcours.customers import privacy_models  # noqa: E402, F401
