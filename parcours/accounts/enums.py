from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a person or a token is to a brand; each includes the ones below it."""

    OWNER = "owner", _("Owner")
    EDITOR = "editor", _("Editor")
    AGENT = "agent", _("Agent")
    VIEWER = "viewer", _("Viewer")
