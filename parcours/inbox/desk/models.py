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
    revision = models.PositiveIntegerField(default=1)
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


class ReplyUse(models.Model):
    """How often a quick reply was the answer to conversations about a topic."""

    id = models.BigAutoField(primary_key=True)
    reply = models.ForeignKey(QuickReply, on_delete=models.CASCADE, related_name="used")
    topic = models.CharField(max_length=80)
    times = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["reply", "topic"], name="one_use_a_topic")]


class MeaningMatch(models.Model):
    """Which quick replies mean what the customer wrote last in `message_id`: `scores` by id of the reply."""

    conversation = models.OneToOneField(
        "inbox.Conversation", primary_key=True, on_delete=models.CASCADE, related_name="+"
    )
    message_id = models.UUIDField()
    scores = models.JSONField(default=dict)


class Signature(models.Model):
    """How somebody signs mails, by language; without an account it is for all mailboxes of the brand."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    brand = _brand()
    person = models.ForeignKey("accounts.Person", on_delete=models.CASCADE, related_name="+")
    account = models.ForeignKey(
        "inbox.ChannelAccount", null=True, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    texts = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["brand", "person", "account"],
                name="one_signature_a_mailbox",
                nulls_distinct=False,
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
    revision = models.PositiveIntegerField(default=1)
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
