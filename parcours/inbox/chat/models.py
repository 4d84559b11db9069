from django.db import models

from parcours.core.clock import now
from parcours.core.ids import new_id


class ChatSession(models.Model):
    """A browser that talks to us. Of its token only the digest is kept.

    `visitor` is the contact's external id: `visitor:<session>` until somebody proves who they are, then
    `user:<their id in the shop>`, which all their devices share. `details` are what the visitor typed (name,
    email, topic) and what a signature vouches for (`user_id`, `signed_email`); `context` says where they are.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey("inbox.ChannelAccount", on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    visitor = models.CharField(max_length=254)
    language = models.CharField(max_length=8)
    details = models.JSONField(default=dict)
    context = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=now)
    seen_at = models.DateTimeField(default=now)

    class Meta:
        indexes = [
            models.Index(fields=["account", "visitor"], name="chat_by_visitor"),
            models.Index(fields=["seen_at"], name="chat_by_age"),
        ]


class ChatUpload(models.Model):
    """A file that a visitor has handed over and not sent yet."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    session = models.ForeignKey(ChatSession, on_delete=models.CASCADE, related_name="uploads")
    name = models.CharField(max_length=255)
    media_type = models.CharField(max_length=120)
    size = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    created_at = models.DateTimeField(default=now)
