from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from parcours.core.clock import now
from parcours.core.ids import new_id

if TYPE_CHECKING:
    from parcours.accounts.models import Brand


def _brand() -> "models.ForeignKey[Brand, Brand]":
    return models.ForeignKey("accounts.Brand", on_delete=models.CASCADE, related_name="+")


class QuickReply(models.Model):
    """Words that are written often. `texts` are by language, with variables in double braces; `words` are all
    of them with its name, to be found by.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    brand = _brand()
    shortcut = models.CharField(max_length=40)
    name = models.CharField(max_length=80)
    texts = models.JSONField(default=dict)
    stage_id = models.UUIDField(null=True)
    words = models.TextField(blank=True)
    created_at = models.DateTimeField(default=now, editable=False)
    changed_at = models.DateTimeField(default=now)
    deleted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["brand", "shortcut"],
                condition=Q(deleted_at__isnull=True),
                name="one_quick_reply_a_shortcut",
            )
        ]


class Macro(models.Model):
    """Several things done to a conversation at once: `deeds` as `[name, fields]` in their order, and words of
    `texts` for the reply, which a person still sends.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    brand = _brand()
    name = models.CharField(max_length=80)
    texts = models.JSONField(default=dict)
    deeds = models.JSONField(default=list)
    created_at = models.DateTimeField(default=now, editable=False)
    deleted_at = models.DateTimeField(null=True)


class SavedView(models.Model):
    """A filter of the list under a name: one person's, or (without one) everybody's."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    brand = _brand()
    person = models.ForeignKey("accounts.Person", null=True, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=600)
    created_at = models.DateTimeField(default=now, editable=False)
