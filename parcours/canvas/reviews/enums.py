from django.db import models
from django.utils.translation import gettext_lazy as _


class ReminderKind(models.TextChoices):
    SOON = "soon", _("Soon due")
    OVERDUE = "overdue", _("Overdue")
    ESCALATED = "escalated", _("Overdue for long")


WHOLE = "whole"
"""The reason of a review of a whole journey, which ends with a signature."""

STEPS = ("changes", "evidence", "against", "proposals", "comments", "kpis")
"""What a review of a whole journey looks at, in this order."""


class StepState(models.TextChoices):
    DONE = "done", _("Done")
    SKIPPED = "skipped", _("Skipped")
