from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from parcours.core.clock import now
from parcours.core.ids import new_id
from parcours.events.hooks.enums import DeliveryStatus, ShopKind, Trouble


class HookAccount(models.Model):
    """A shop that is connected. Its events come in as those of its source."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    brand = models.ForeignKey("accounts.Brand", on_delete=models.CASCADE, related_name="+")
    source = models.OneToOneField("events.Source", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=16, choices=ShopKind.choices)
    name = models.CharField(max_length=80)
    secret = models.TextField(blank=True)  # sealed; empty until it was entered
    customer_prefix = models.CharField(max_length=40, blank=True)  # before the shop's customer numbers
    counts_orders = models.BooleanField(default=True)  # no, when another source tells of the same orders
    shop_url = models.CharField(max_length=300, blank=True)  # where it is asked, when it is asked
    api_key = models.TextField(blank=True)  # sealed
    time_zone = models.CharField(max_length=64, default="UTC")  # of times the shop writes without one
    cursors = models.JSONField(default=dict)  # resource → [date of change, id] of the last one read
    asked_at = models.DateTimeField(null=True)
    asking_failed = models.TextField(blank=True)  # why it couldn't be asked, the last time
    created_at = models.DateTimeField(default=now)
    last_seen_at = models.DateTimeField(null=True)  # the newest delivery with a good signature
    refused_at = models.DateTimeField(null=True)  # the newest one without

    class Meta:
        indexes = [models.Index(fields=["brand", "created_at"], name="hook_account_by_brand")]


class HookDelivery(models.Model):
    """What a shop sent, raw, with what became of it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(HookAccount, on_delete=models.CASCADE, related_name="deliveries")
    external_id = models.CharField(max_length=200)
    topic = models.CharField(max_length=100)
    headers = models.JSONField(default=dict)  # those that matter to the kind; never a secret
    body = models.BinaryField()
    body_size = models.PositiveIntegerField()
    received_at = models.DateTimeField(default=now)
    status = models.CharField(max_length=8, choices=DeliveryStatus.choices)
    trouble = models.CharField(max_length=12, choices=Trouble.choices, blank=True)
    where = models.CharField(max_length=200, blank=True)  # in the payload
    events = models.JSONField(default=list)  # [[message id, type, name of the event], …]
    people = ArrayField(models.CharField(max_length=400), default=list)  # "user_id:12", "email:a@b.c"
    tries = models.PositiveSmallIntegerField(default=1)
    forgotten_at = models.DateTimeField(null=True)  # when its raw payload was let go of

    class Meta:
        constraints = [
            # What anybody may send without the secret must not stand in the way of the real one.
            models.UniqueConstraint(
                fields=["account", "external_id"],
                name="one_delivery_an_external_id",
                condition=~models.Q(status=DeliveryStatus.REFUSED),
            )
        ]
        indexes = [
            models.Index(fields=["account", "-received_at", "-id"], name="delivery_newest"),
            models.Index(
                fields=["account", "status"],
                name="delivery_troubled",
                condition=models.Q(status__in=[DeliveryStatus.FAILED, DeliveryStatus.REFUSED]),
            ),
            models.Index(
                fields=["received_at"], name="delivery_by_age", condition=models.Q(forgotten_at__isnull=True)
            ),
            GinIndex(fields=["people"], name="delivery_people"),
        ]


class ShopObject(models.Model):
    """What a cart held when it was last told of: shops tell how it is, not what changed."""

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey(HookAccount, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=200)
    version = models.DateTimeField()
    state = models.JSONField(default=dict)
    people = ArrayField(models.CharField(max_length=400), default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "key"], name="one_state_a_shop_object")]
        indexes = [
            GinIndex(fields=["people"], name="shop_object_people"),
            models.Index(fields=["version"], name="shop_object_by_age"),
        ]
