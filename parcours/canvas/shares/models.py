from django.contrib.postgres.fields import ArrayField
from django.db import models

from parcours.canvas.models import Journey
from parcours.core.clock import now
from parcours.core.ids import new_id


class Share(models.Model):
    """A way to a canvas for people without an account. Its address holds a secret; only the digest is stored.

    `journeys` are further journeys that cards of this one lead to and that may be opened through it too.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    journey = models.ForeignKey(Journey, on_delete=models.CASCADE, related_name="shares")
    name = models.CharField(max_length=120)
    digest = models.CharField(max_length=64, unique=True)
    password = models.CharField(max_length=128, blank=True)
    with_numbers = models.BooleanField(default=False)
    period = models.CharField(max_length=20, default="90d")
    segment = models.CharField(max_length=80, blank=True)
    journeys = ArrayField(models.UUIDField(), default=list)
    origins = ArrayField(models.CharField(max_length=200), default=list)  # pages that may embed it
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    made_by = models.CharField(max_length=160)
    made_at = models.DateTimeField(default=now, editable=False)
    opened = models.PositiveIntegerField(default=0)
    last_opened_at = models.DateTimeField(null=True)
    wrong_passwords = models.PositiveSmallIntegerField(default=0)  # since the moment below
    wrong_since = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["journey", "-made_at"], name="shares_of_journey")]
