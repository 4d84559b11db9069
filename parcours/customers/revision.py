from django.db.models import F

from parcours.accounts.models import Brand
from parcours.customers.models import Revision


def raise_revision(brand: Brand) -> None:
    """Says that a profile or a segment changed; part of the write's own transaction."""
    Revision.objects.get_or_create(brand=brand)
    Revision.objects.filter(brand=brand).update(number=F("number") + 1)


def revision_of(brand: Brand) -> int:
    """A number that changes whenever a profile, a consent or a segment does."""
    return Revision.objects.filter(brand=brand).values_list("number", flat=True).first() or 0
