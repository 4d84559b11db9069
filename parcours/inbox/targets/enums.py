from django.db import models
from django.utils.translation import gettext_lazy as _


class Metric(models.TextChoices):
    """What a target says a time for."""

    FIRST_REPLY = "first_reply", _("First answer")
    NEXT_REPLY = "next_reply", _("Next answer")
    RESOLUTION = "resolution", _("Resolution")


class Mark(models.TextChoices):
    """How far a conversation came on the way to being late."""

    WARNED = "warned", _("Soon due")
    MISSED = "missed", _("Late")
