from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """What became of a proposal. One that lapsed was true once: the log, or the canvas, has changed since."""

    OPEN = "open", _("To decide")
    ACCEPTED = "accepted", _("Accepted")
    DISMISSED = "dismissed", _("Dismissed")
    LAPSED = "lapsed", _("No longer true")


class DraftState(models.TextChoices):
    """How far a draft from the log is."""

    WAITING = "waiting", _("Waiting its turn")
    WORKING = "working", _("Being drawn")
    READY = "ready", _("Ready to look at")
    STORED = "stored", _("Stored as a journey")
    DROPPED = "dropped", _("Let go")
    FAILED = "failed", _("Could not be drawn")
