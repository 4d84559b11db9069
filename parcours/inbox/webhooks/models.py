from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from parcours.core.clock import now
from parcours.core.ids import new_id


class DeliveryStatus(models.TextChoices):
    """Where an event stands on its way to one endpoint."""

    WAITING = "waiting", _("Waiting")
    SENT = "sent", _("Delivered")
    DEAD = "dead", _("Given up")


class WebhookEndpoint(models.Model):
    """An address of somebody else's program that is told what happens in the brand.

    Empty `kinds` mean every event, empty `channels` every channel. `secret` and, until `old_until`,
    `old_secret` sign what is sent; both are sealed. `failing_since` is when the first try failed after the
    last one that didn't. `off_since` is when it was switched off, by a person or (`off_why`) by itself.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    brand = models.ForeignKey("accounts.Brand", on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=80)
    url = models.CharField(max_length=1000)
    kinds = ArrayField(models.CharField(max_length=60), default=list)
    channels = ArrayField(models.CharField(max_length=16), default=list)
    with_text = models.BooleanField(default=False)  # messages are sent with their words
    secret = models.TextField()
    old_secret = models.TextField(blank=True)
    old_until = models.DateTimeField(null=True)
    revision = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=now, editable=False)
    removed_at = models.DateTimeField(null=True)
    off_since = models.DateTimeField(null=True)
    off_why = models.CharField(max_length=16, blank=True)  # `person`, `gone` or `failing`
    failing_since = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)


class WebhookEvent(models.Model):
    """Something that happened, as endpoints are told of it: ids and what changed, nobody's words or name.

    Kept while an endpoint wants such events, also one that is off, so that it can be told later.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    brand = models.ForeignKey("accounts.Brand", on_delete=models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=60)
    at = models.DateTimeField(default=now)
    channel = models.CharField(max_length=16, blank=True)
    conversation_id = models.UUIDField(null=True)
    contact_id = models.UUIDField(null=True)
    message_id = models.UUIDField(null=True)
    data = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["brand", "at"], name="webhook_event_by_age"),
            models.Index(fields=["conversation_id"], name="webhook_event_of_talk"),
            models.Index(fields=["contact_id"], name="webhook_event_of_contact"),
        ]


class WebhookDelivery(models.Model):
    """One event on its way to one endpoint: the outbox, written in the transaction of what happened."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    endpoint = models.ForeignKey(
        WebhookEndpoint, on_delete=models.CASCADE, related_name="deliveries", db_index=False
    )
    event = models.ForeignKey(WebhookEvent, on_delete=models.CASCADE, related_name="deliveries")
    status = models.CharField(max_length=8, choices=DeliveryStatus.choices, default=DeliveryStatus.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(default=now)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["endpoint", "event"], name="one_delivery_an_endpoint")]
        indexes = [
            models.Index(fields=["endpoint", "-id"], name="webhook_delivery_newest"),
            models.Index(
                fields=["next_try_at"],
                name="webhook_delivery_due",
                condition=Q(status=DeliveryStatus.WAITING),
            ),
        ]


class WebhookTry(models.Model):
    """One try of a delivery: what was answered, of long answers the beginning, or why nothing was."""

    id = models.BigAutoField(primary_key=True)
    delivery = models.ForeignKey(WebhookDelivery, on_delete=models.CASCADE, related_name="attempts")
    at = models.DateTimeField(default=now)
    seconds = models.FloatField(default=0)
    answered = models.PositiveSmallIntegerField(null=True)  # the status; empty without an answer
    answer = models.TextField(blank=True)
    fault = models.CharField(max_length=300, blank=True)
