from django.db import models
from django.utils.translation import gettext_lazy as _


class ShopKind(models.TextChoices):
    """The shops that can be connected; values as in `SourceKind`."""

    SHOPIFY = "shopify", "Shopify"
    WOOCOMMERCE = "woocommerce", "WooCommerce"
    PRESTASHOP = "prestashop", "PrestaShop"
    STRIPE = "stripe", "Stripe"


class DeliveryStatus(models.TextChoices):
    """What became of a delivery."""

    MAPPED = "mapped", _("Understood")
    IGNORED = "ignored", _("Nothing in it for Parcours")
    FAILED = "failed", _("Not understood")
    REFUSED = "refused", _("Refused")


class Trouble(models.TextChoices):
    """Why a delivery was refused, not understood or ignored."""

    UNSIGNED = "unsigned", _("It carries no signature.")
    FORGED = "forged", _("Its signature isn't right: it was made with another secret, or altered on the way.")
    OLD = "old", _("It was signed too long ago, or by a clock that is wrong.")
    NO_SECRET = "no_secret", _("The shop's secret wasn't entered yet.")
    NOT_JSON = "not_json", _("It isn't JSON.")
    MISSING = "missing", _("Something it needs is missing or isn't what it should be.")
    UNEXPECTED = "unexpected", _("Parcours stumbled over it.")
    OTHER_TOPIC = "other_topic", _("No event of a customer is in what it tells.")
    TEST = "test", _("It is a test of the shop's.")
    GREETING = "greeting", _("The shop only looked whether somebody is here.")
    REQUEST = "request", _("A person asks for their data or for erasure: it waits under Privacy.")
    NO_CHANGE = "no_change", _("Nothing changed since the last time, or it was told already.")


class Health(models.TextChoices):
    """How a connection does."""

    WAITING = "waiting", _("Waiting for the first delivery")
    WELL = "well", _("Works")
    QUIET = "quiet", _("Quiet")
    TROUBLED = "troubled", _("Needs a look")
