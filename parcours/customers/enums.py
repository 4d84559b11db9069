from django.db import models
from django.utils.translation import gettext_lazy as _


class IdentityKind(models.TextChoices):
    """By what a customer is known."""

    USER_ID = "user_id", _("Customer number")
    ANONYMOUS_ID = "anonymous_id", _("Anonymous id")
    EMAIL = "email", _("E-mail address")
    PHONE = "phone", _("Phone number")


class Hint(models.TextChoices):
    """Why two customers may be one."""

    EMAIL = "email", _("the same e-mail address")
    PHONE = "phone", _("the same phone number")
    DEVICE = "device", _("the same device")
    PERSON = "person", _("the same name, year of birth and postcode")


class Decision(models.TextChoices):
    """What somebody decided about two customers that may be one."""

    OPEN = "open", _("open")
    MERGED = "merged", _("one customer")
    APART = "apart", _("two customers")
