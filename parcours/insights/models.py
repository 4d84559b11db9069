from django.db import models

from parcours.core.clock import now
from parcours.core.ids import new_id


class KeptNumbers(models.Model):
    """The numbers of a canvas as they were counted, so that no process counts them twice.

    `digest` names everything they depend on: rules, events, customers, period and segment.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    brand = models.ForeignKey("accounts.Brand", on_delete=models.CASCADE, related_name="+")
    journey = models.ForeignKey("canvas.Journey", on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64)
    numbers = models.JSONField()
    computed_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["journey", "digest"], name="numbers_once")]
