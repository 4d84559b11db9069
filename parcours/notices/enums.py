from django.db import models
from django.utils.translation import gettext_lazy as _


class MailWhen(models.TextChoices):
    """When somebody wants to read a kind of notice in their mail too."""

    AT_ONCE = "now", _("At once")
    DAILY = "daily", _("Once a day")
    NEVER = "never", _("Never")


class MailState(models.TextChoices):
    """Where a mail is. A failed one was given up and can be sent again by hand."""

    WAITING = "waiting", _("Waiting")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Not delivered")
    DROPPED = "dropped", _("No longer needed")
