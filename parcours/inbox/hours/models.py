from django.db import models
from django.db.models import Q

from parcours.core.clock import now
from parcours.core.ids import new_id


class BusinessHours(models.Model):
    """When somebody works, by a name. `spans` are by weekday ("0" is Monday) lists of begin and end, as
    ["09:00", "18:00"]; an end that isn't after its begin is on the next day.

    `holidays` are those of `country` and `subdivision` for some years ahead, by day their names in the
    languages of Parcours; `worked_holidays` the English names of those on which one works all the same.
    `special_days` outweigh both: each has `day` (2026-12-24), `name` and `spans`, none of which means closed.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    brand = models.ForeignKey("accounts.Brand", on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=80)
    time_zone = models.CharField(max_length=64)
    spans = models.JSONField(default=dict)
    country = models.CharField(max_length=2, blank=True)
    subdivision = models.CharField(max_length=16, blank=True)
    holidays = models.JSONField(default=dict)
    worked_holidays = models.JSONField(default=list)
    special_days = models.JSONField(default=list)
    is_default = models.BooleanField(default=False)
    revision = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=now, editable=False)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["brand"],
                condition=Q(is_default=True, removed_at__isnull=True),
                name="one_default_hours",
            ),
            models.UniqueConstraint(
                fields=["brand", "name"], condition=Q(removed_at__isnull=True), name="one_hours_a_name"
            ),
        ]
