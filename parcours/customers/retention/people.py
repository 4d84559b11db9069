"""When people last were in touch, as far as profiles and the ledger of consents know."""

from datetime import datetime

from django.db.models.functions import Coalesce

from parcours.accounts.models import Brand
from parcours.customers.models import Customer
from parcours.customers.privacy_enums import ConsentMethod
from parcours.customers.privacy_models import Consent

_BY_THE_PERSON = (ConsentMethod.PAGE, ConsentMethod.ONE_CLICK, ConsentMethod.AGENT)


def last_words(brand: Brand, *, since: datetime) -> set[int]:
    """The customers who said something about their consents themselves at or after the moment."""
    said = Consent.objects.filter(brand=brand, at__gte=since, method__in=_BY_THE_PERSON)
    return set(said.values_list(Coalesce("customer__merged_into", "customer"), flat=True).distinct())


def silent_since(brand: Brand, before: datetime) -> list[int]:
    """The customers whose profile was made before the moment."""
    rows = Customer.objects.filter(brand=brand, merged_into=None, created_at__lt=before)
    return list(rows.values_list("pk", flat=True))
