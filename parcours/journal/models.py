from django.db import models

from parcours.core.clock import now


class Entry(models.Model):
    """One thing somebody did. Rows are never changed or deleted: a trigger refuses it."""

    id = models.BigAutoField(primary_key=True)
    brand_id = models.UUIDField()
    at = models.DateTimeField(default=now)
    actor_kind = models.CharField(max_length=8)
    actor_id = models.UUIDField(null=True)
    actor_label = models.CharField(max_length=160)
    verb = models.CharField(max_length=60)
    target_kind = models.CharField(max_length=40)
    target_id = models.CharField(max_length=64)
    data = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["brand_id", "target_kind", "target_id", "id"], name="journal_by_target"),
            models.Index(fields=["brand_id", "id"], name="journal_by_brand"),
        ]
