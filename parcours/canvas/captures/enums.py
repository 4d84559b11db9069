from django.db import models
from django.utils.translation import gettext_lazy as _


class Device(models.TextChoices):
    DESKTOP = "desktop", _("Desktop")
    PHONE = "phone", _("Phone")


class Rhythm(models.TextChoices):
    """How often Parcours looks by itself."""

    BY_HAND = "by-hand", _("Only when asked")
    DAILY = "daily", _("Every day")
    WEEKLY = "weekly", _("Every week")
    MONTHLY = "monthly", _("Every month")


class Outcome(models.TextChoices):
    """What became of a picture that was taken."""

    SHOWN = "shown", _("On the card")
    PROPOSED = "proposed", _("Proposed")
    DISMISSED = "dismissed", _("Dismissed")
    OVERTAKEN = "overtaken", _("Overtaken by a later one")
    WAS_SHOWN = "was-shown", _("Was on the card")


class Trouble(models.TextChoices):
    """Why no picture could be taken; `problems` says it in sentences."""

    NO_BROWSER = "no-browser"
    NO_SANDBOX = "no-sandbox"
    CRASHED = "crashed"
    NO_SUCH_HOST = "no-such-host"
    PRIVATE = "private"
    NO_ANSWER = "no-answer"
    STATUS = "status"
    NO_PAGE = "no-page"
    NO_ELEMENT = "no-element"
    NEVER_CAME = "never-came"
    TOO_LONG = "too-long"
    TOO_LARGE = "too-large"
    NO_OWN_ADDRESS = "no-own-address"
