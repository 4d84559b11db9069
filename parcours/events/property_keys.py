"""Which properties the events of a brand have."""

import uuid

from parcours.events.lake import Lake


def property_keys(brand_id: uuid.UUID) -> tuple[str, ...]:
    """The keys that occur in a sample of events from every bucket, the most frequent first."""
    return Lake(brand_id).index().property_keys()
