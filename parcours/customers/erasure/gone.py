"""Of whom nothing may be kept any more."""

import uuid
from collections.abc import Collection

from parcours.customers.models import Customer
from parcours.customers.privacy_enums import ErasureState
from parcours.customers.privacy_models import Erasure


def gone(brand_id: uuid.UUID, customer_ids: Collection[int]) -> set[int]:
    """Those of the customers whose erasure has begun, or is done: two queries, none without customers."""
    if not customer_ids:
        return set()
    known = set(Customer.objects.filter(brand_id=brand_id, pk__in=customer_ids).values_list("pk", flat=True))
    running = Erasure.objects.filter(brand_id=brand_id, state=ErasureState.RUNNING)
    leaving = {customer for ids in running.values_list("customer_ids", flat=True) for customer in ids}
    return {customer for customer in customer_ids if customer not in known or customer in leaving}
