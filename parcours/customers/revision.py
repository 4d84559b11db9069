from django.db.models import F

from parcours.accounts.models import Brand
from parcours.customers.models import Revision


def raise_revision(brand: Brand) -> None:
    """Says that a profile or a segment changed; part of the write's own transaction."""
    Revision.objects.get_or_create(brand=brand)
    Revision.objects.filter(brand=brand).update(number=F("number") + 1)
