from django.db import models
from django.utils.translation import gettext_lazy as _


class ConsentState(models.TextChoices):
    """What somebody said to a purpose. Without any word it is unknown, and that is not a yes."""

    UNKNOWN = "unknown", _("Unknown")
    GRANTED = "granted", _("Granted")
    DENIED = "denied", _("Refused")


class ConsentMethod(models.TextChoices):
    """How it was said."""

    PAGE = "page", _("Preference page")
    ONE_CLICK = "one_click", _("Unsubscribe link")
    AGENT = "agent", _("Told to an agent")
    EVENT = "event", _("Tracking client")
    HOOK = "hook", _("Shop")
    IMPORT = "import", _("Import")
    API = "api", _("API")


class RequestKind(models.TextChoices):
    """What a person asks of those who hold data about them."""

    EXPORT = "export", _("A copy of the data")
    ERASURE = "erasure", _("Erasure")


class RequestState(models.TextChoices):
    """Where a request stands."""

    ASKED = "asked", _("Asked")
    VERIFIED = "verified", _("Identity checked")
    DONE = "done", _("Done")
    REFUSED = "refused", _("Refused")


class ErasureState(models.TextChoices):
    """An erasure that was begun is carried through, also over a restart."""

    RUNNING = "running", _("Under way")
    DONE = "done", _("Done")
