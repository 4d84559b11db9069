from django.db import models

from parcours.canvas.models import Journey
from parcours.canvas.versions.enums import Answer, Cause
from parcours.core.clock import now
from parcours.core.ids import new_id


class Version(models.Model):
    """A canvas as it stood at one moment. Rows are never changed or deleted: a trigger refuses it, except
    for the erasure of a whole brand (`parcours.erasing`).
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    journey = models.ForeignKey(Journey, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    cause = models.CharField(max_length=20, choices=Cause.choices, default=Cause.KEPT)
    reason = models.CharField(max_length=500, blank=True)
    content = models.JSONField()  # see `snapshots`
    digest = models.CharField(max_length=64)  # SHA-256 of the content: the same canvas has the same
    author_id = models.UUIDField(null=True)
    author = models.CharField(max_length=160)
    at = models.DateTimeField(default=now, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["journey", "number"], name="one_number_a_version")]


class Approval(models.Model):
    """A version put before somebody, and what they answered."""

    version = models.OneToOneField(
        Version, primary_key=True, on_delete=models.CASCADE, related_name="approval"
    )
    approver = models.ForeignKey("accounts.Person", null=True, on_delete=models.SET_NULL, related_name="+")
    approver_label = models.CharField(max_length=160)
    asked_at = models.DateTimeField(default=now, editable=False)
    answer = models.CharField(max_length=10, choices=Answer.choices, blank=True)
    words = models.CharField(max_length=1_000, blank=True)
    answered_at = models.DateTimeField(null=True)
