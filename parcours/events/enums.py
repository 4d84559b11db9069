from django.db import models
from django.utils.translation import gettext_lazy as _


class ImportStatus(models.TextChoices):
    """How far an import is."""

    WAITING = "waiting", _("Waiting")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")


class FileFormat(models.TextChoices):
    """Formats a log of events is read from."""

    CSV = "csv", _("CSV")
    PARQUET = "parquet", _("Parquet")
    JSONL = "jsonl", _("JSON lines")
    XES = "xes", _("XES")


class SourceKind(models.TextChoices):
    """What a source is, and so how it is connected."""

    CLIENT = "client", _("Website, app or server")
    FILE = "file", _("File")
    SHOPIFY = "shopify", _("Shopify")
    WOOCOMMERCE = "woocommerce", _("WooCommerce")
    PRESTASHOP = "prestashop", _("PrestaShop")
    STRIPE = "stripe", _("Stripe")
    PARCOURS = "parcours", _("Parcours itself")


class Dialect(models.TextChoices):
    """Whose form a message has."""

    SEGMENT = "segment", "Segment"
    POSTHOG = "posthog", "PostHog"


class WarningKind(models.TextChoices):
    """What may be wrong with events that were taken in."""

    UNKNOWN_NAME = "unknown_name", _("Unknown name")
    MISSING_PROPERTY = "missing", _("Missing property")
    BAD_TIME = "bad_time", _("Time that can't be read")
    FUTURE_TIME = "future_time", _("Time in the future")
    NO_CONSENT = "no_consent", _("Left out: no consent")
    SUPPRESSED = "suppressed", _("Left out: this person was erased")


class Refusal(models.TextChoices):
    """Why a message can't be an event."""

    NOT_JSON = "not_json", _("It is not JSON.")
    NOT_AN_OBJECT = "not_an_object", _("It is not a JSON object.")
    TOO_LARGE = "too_large", _("It is larger than 32 KB.")
    NO_TYPE = "no_type", _("It has no known type.")
    NO_NAME = "no_name", _("It has no event name.")
    NO_CUSTOMER = "no_customer", _("It names no customer: neither userId nor anonymousId.")
    NO_GROUP = "no_group", _("It names no group.")
    NO_PREVIOUS = "no_previous", _("It doesn't say which ids belong together.")
    FAILED = "failed", _("It could not be stored; the log says why.")
