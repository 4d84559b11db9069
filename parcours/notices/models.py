from django.db import models
from django.db.models import Q

from parcours.core.clock import now
from parcours.core.ids import new_id
from parcours.notices.enums import MailState, MailWhen


class Mail(models.Model):
    """A mail on its way to one person: stored before the first try, with the Message-ID of every try."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    brand = models.ForeignKey("accounts.Brand", on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey("accounts.Person", on_delete=models.CASCADE, related_name="+")
    message_id = models.CharField(max_length=200, unique=True)
    day = models.DateField(null=True)  # of a daily digest, in the brand's time zone
    state = models.CharField(max_length=8, choices=MailState.choices, default=MailState.WAITING)
    due = models.DateTimeField(default=now)
    tries = models.PositiveSmallIntegerField(default=0)
    problem = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(default=now, editable=False)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["brand", "person", "day"], condition=Q(day__isnull=False), name="one_digest_a_day"
            ),
        ]
        indexes = [
            models.Index(fields=["due"], condition=Q(state=MailState.WAITING), name="mails_due"),
            models.Index(fields=["created_at"], name="mails_by_age"),
        ]


class Notice(models.Model):
    """Something one person should know. Its words are made from `kind` and `facts` when it is read."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    brand = models.ForeignKey("accounts.Brand", on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey("accounts.Person", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=40)
    facts = models.JSONField(default=dict)
    url = models.CharField(max_length=400)  # a path of this installation
    actor_id = models.UUIDField(null=True)
    actor_label = models.CharField(max_length=160, blank=True)
    at = models.DateTimeField(default=now)
    read_at = models.DateTimeField(null=True)
    mail = models.ForeignKey(Mail, null=True, on_delete=models.SET_NULL, related_name="notices")

    class Meta:
        indexes = [
            models.Index(fields=["person", "brand", "-at", "-id"], name="notices_of_person"),
            models.Index(
                fields=["person", "brand"], condition=Q(read_at__isnull=True), name="notices_unread"
            ),
            models.Index(fields=["at"], name="notices_by_age"),
        ]


class MailChoice(models.Model):
    """When a person wants mails of a kind; without a row the kind's own default holds."""

    brand = models.ForeignKey("accounts.Brand", on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey("accounts.Person", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=40)
    choice = models.CharField(max_length=8, choices=MailWhen.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "brand", "kind"], name="one_mail_choice_a_kind")
        ]
