from django.db import models

from parcours.core.clock import now


class Update(models.Model):
    """One message to whoever follows a topic. Within a brand, ids grow in the order of commits."""

    id = models.BigAutoField(primary_key=True)
    brand_id = models.UUIDField()
    topic = models.CharField(max_length=80)
    name = models.CharField(max_length=40)
    payload = models.JSONField(default=dict)
    at = models.DateTimeField(default=now)

    class Meta:
        indexes = [
            models.Index(fields=["brand_id", "topic", "id"], name="live_by_topic"),
            models.Index(fields=["at"], name="live_by_age"),
        ]
