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


class Presence(models.Model):
    """An open tab on a topic, renewed while it is awake. The table is not logged: a crash may empty it."""

    tab = models.UUIDField()
    brand_id = models.UUIDField()
    topic = models.CharField(max_length=80)
    person_id = models.UUIDField()
    label = models.CharField(max_length=160)
    place = models.CharField(max_length=120, blank=True)
    idle = models.BooleanField(default=False)
    since = models.DateTimeField(default=now)
    seen = models.DateTimeField(default=now)
    until = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["topic", "tab"], name="presence_of_tab")]
        indexes = [models.Index(fields=["brand_id", "topic"], name="presence_by_topic")]
