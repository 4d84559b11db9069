from typing import TYPE_CHECKING

from django.db import models
from django.db.models.functions import Now

from parcours.core.clock import now
from parcours.core.ids import new_id
from parcours.customers.enums import Decision, IdentityKind

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
    """One way in which a customer is known; it belongs to one customer at a time.

    `home` is the customer it came to first; empty while it still belongs to it. What it brought goes back
    there when a merge is undone.
    """

    id = models.BigAutoField(primary_key=True)
    brand = _brand()
    kind = models.CharField(max_length=16, choices=IdentityKind.choices)
    value = models.CharField(max_length=400)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="identities")
    home = models.BigIntegerField(null=True)
    since = models.DateTimeField(default=now, db_default=Now())
    reason = models.CharField(max_length=80, blank=True, db_default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["brand", "kind", "value"], name="one_owner_an_identity")
        ]


class Merge(models.Model):
    """Two customers turned out to be one. Kept with who said so and why, and with what the winner took over,
    so that it can be undone.

    `in_lake_at` is empty until the lake's events of the loser carry the winner's id, `back_in_lake_at` until
    those of an undone merge carry the loser's again.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    brand = models.ForeignKey("accounts.Brand", on_delete=models.CASCADE, related_name="+")
    loser = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")
    winner = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")
    reason = models.CharField(max_length=200)
    by = models.CharField(max_length=160, blank=True)
    moved = models.JSONField(default=list)  # [[kind, value], …]
    taken = models.JSONField(default=dict)  # {"fields": [name, …], "traits": [key, …]}
    at = models.DateTimeField(default=now)
    in_lake_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.CharField(max_length=160, blank=True)
    back_in_lake_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["brand"], name="merge_not_in_lake", condition=models.Q(in_lake_at__isnull=True)
            ),
            models.Index(
                fields=["brand"],
                name="merge_not_back_in_lake",
                condition=models.Q(undone_at__isnull=False, back_in_lake_at__isnull=True),
            ),
        ]


class Claim(models.Model):
    """Somebody was said to have an identity that belongs to somebody else: a hint that they may be one, and
    no more than that.
    """

    id = models.BigAutoField(primary_key=True)
    brand = _brand()
    kind = models.CharField(max_length=16, choices=IdentityKind.choices)
    value = models.CharField(max_length=400)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["brand", "kind", "value", "customer"], name="one_claim_a_customer"
            )
        ]


class Likeness(models.Model):
    """Two customers that may be one, the lower id first, and what somebody decided about them."""

    id = models.BigAutoField(primary_key=True)
    brand = _brand()
    first = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")
    found_by = models.JSONField(default=list)  # of enums.Hint
    found_at = models.DateTimeField(default=now)
    decision = models.CharField(max_length=8, choices=Decision.choices, default=Decision.OPEN)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=160, blank=True)
    merge = models.ForeignKey(Merge, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["brand", "first", "second"], name="one_likeness_a_pair"),
            models.CheckConstraint(condition=models.Q(first__lt=models.F("second")), name="lower_id_first"),
        ]
        indexes = [models.Index(fields=["brand", "decision", "id"], name="likeness_by_decision")]


class Group(models.Model):
    """A company, club or household that customers belong to, by the number its senders give it."""

    id = models.BigAutoField(primary_key=True)
    brand = _brand()
    key = models.CharField(max_length=400)
    name = models.CharField(max_length=200, blank=True)
    traits = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["brand", "key"], name="one_group_a_key")]


class GroupMember(models.Model):
    """Stays with the customer it was said of; readers look at all that were merged."""

    id = models.BigAutoField(primary_key=True)
    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="members")
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["group", "customer"], name="one_membership_a_group")]


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
