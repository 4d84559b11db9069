from django.db import models
from django.db.models import Q

from parcours.core.clock import now
from parcours.core.ids import new_id

STANDING = Q(deleted_at=None)


class BrandValue(models.Model):
    """What a brand wants to stand for."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    brand = models.ForeignKey("accounts.Brand", on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=80)
    sentence = models.CharField(max_length=300, blank=True)
    looks_like = models.TextField(blank=True)
    not_like = models.TextField(blank=True)
    order_key = models.CharField(max_length=120, db_collation="C")
    created_at = models.DateTimeField(default=now, editable=False)
    deleted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["brand", "order_key"], condition=STANDING, name="value_order"),
        ]


class Wish(models.Model):
    """How strongly customers should feel a value at a touchpoint: 0 to 4."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    touchpoint = models.ForeignKey("canvas.Touchpoint", on_delete=models.CASCADE, related_name="+")
    value = models.ForeignKey(BrandValue, on_delete=models.CASCADE, related_name="+")
    level = models.PositiveSmallIntegerField()
    by = models.CharField(max_length=160)
    at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["touchpoint", "value"], name="one_wish_a_value"),
            models.CheckConstraint(condition=Q(level__lte=4), name="wish_level"),
        ]


class Rating(models.Model):
    """How strongly somebody thinks that customers feel it: 0 to 4, one a person."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    touchpoint = models.ForeignKey("canvas.Touchpoint", on_delete=models.CASCADE, related_name="+")
    value = models.ForeignKey(BrandValue, on_delete=models.CASCADE, related_name="+")
    actor_id = models.UUIDField()
    level = models.PositiveSmallIntegerField()
    by = models.CharField(max_length=160)
    at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["touchpoint", "value", "actor_id"], name="one_rating_a_person"),
            models.CheckConstraint(condition=Q(level__lte=4), name="rating_level"),
        ]


class Quote(models.Model):
    """A customer's words about a value at a touchpoint."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    touchpoint = models.ForeignKey("canvas.Touchpoint", on_delete=models.CASCADE, related_name="+")
    value = models.ForeignKey(BrandValue, on_delete=models.CASCADE, related_name="+")
    text = models.CharField(max_length=500)
    source = models.CharField(max_length=120, blank=True)
    customer_id = models.BigIntegerField(null=True)  # whose words they are, when evidence told
    by = models.CharField(max_length=160)
    at = models.DateTimeField(default=now)
    deleted_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["touchpoint"], condition=STANDING, name="standing_quotes")]
