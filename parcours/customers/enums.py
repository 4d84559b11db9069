from django.db import models
from django.utils.translation import gettext_lazy as _


class IdentityKind(models.TextChoices):
    """By what a customer is known."""

    USER_ID = "user_id", _("Customer number")
    ANONYMOUS_ID = "anonymous_id", _("Anonymous id")
    EMAIL = "email", _("E-mail address")
    PHONE = "phone", _("Phone number")
