from django.db import models
from django.utils.translation import gettext_lazy as _


class EntryForm(models.TextChoices):
    """What an entry of the library becomes on a canvas."""

    CARD = "card", _("Card")
    TOUCHPOINT = "touchpoint", _("Touchpoint")
