from django.db import models
from django.utils.translation import gettext_lazy as _


class Strategy(models.TextChoices):
    """Who of those with room gets the next conversation of a queue."""

    LEAST_BUSY = "least_busy", _("whoever has the fewest conversations")
    LONGEST_IDLE = "longest_idle", _("whoever has not been given one for longest")


class AnsweredBy(models.TextChoices):
    """Whose a queue is. One of nobody has members no more, or none yet: what comes in waits."""

    EVERYBODY = "everybody", _("Everybody")
    MEMBERS = "members", _("Only those chosen here")
    NOBODY = "nobody", _("Nobody for now: what comes in waits")


class State(models.TextChoices):
    """Whether somebody takes conversations: only those online are given any."""

    ONLINE = "online", _("Online")
    AWAY = "away", _("Away")
    OFFLINE = "offline", _("Offline")


SILENT = "silent"
"""The reason of somebody who is offline only because their desk went quiet."""

UNANSWERED = "unanswered"
"""The reason of somebody who is away because they let a chat pass."""

LIVE_KINDS = frozenset({"chat"})
"""Channels on which the customer sits and waits: they go back to the queue at once when nobody answers."""
