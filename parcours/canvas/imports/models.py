from django.db import models

from parcours.core.clock import now
from parcours.core.ids import new_id


class WaitingImport(models.Model):
    """A file that somebody brought, until they have said what it means; gone after a day."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    brand = models.ForeignKey("accounts.Brand", on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=255)
    content = models.BinaryField()
    created_at = models.DateTimeField(default=now, editable=False)
