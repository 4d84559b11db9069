from django.db import models

from parcours.core.clock import now
from parcours.core.ids import new_id


class JourneyTemplate(models.Model):
    """A journey of the brand that new ones can begin from. `plan` is `plans.Plan` as JSON."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    brand = models.ForeignKey("accounts.Brand", on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=160)
    about = models.CharField(max_length=300, blank=True)
    plan = models.JSONField()
    made_by = models.CharField(max_length=160, blank=True)
    created_at = models.DateTimeField(default=now, editable=False)
    deleted_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["brand", "-created_at"], name="template_by_brand")]
