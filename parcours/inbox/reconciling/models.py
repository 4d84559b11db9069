from django.db import models

from parcours.core.clock import now
from parcours.core.ids import new_id


class NightlyCheck(models.Model):
    """What one look at a brand's inbox found: `findings` as `shapes.Finding`s, by check how much was seen."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    brand = models.ForeignKey("accounts.Brand", on_delete=models.CASCADE, related_name="+", db_index=False)
    began_at = models.DateTimeField(default=now)
    ended_at = models.DateTimeField(null=True)
    since = models.DateTimeField()
    looked_at = models.JSONField(default=dict)
    findings = models.JSONField(default=list)

    class Meta:
        indexes = [models.Index(fields=["brand", "-began_at"], name="nightly_check_newest")]
