"""One at a time in a brand hands out conversations or takes them back from people."""

import uuid

from parcours.inbox.routing.models import RoutingSettings


def turn_of(brand_id: uuid.UUID) -> RoutingSettings:
    """Waits for one's turn, which lasts until the transaction ends; the settings as they are then.

    Take it before any conversation is locked: whoever holds it waits for conversations, never the other way
    round.
    """
    rows = RoutingSettings.objects.select_for_update(no_key=True)
    found = rows.filter(brand_id=brand_id).first()
    if found is None:
        RoutingSettings.objects.get_or_create(brand_id=brand_id)
        found = rows.get(brand_id=brand_id)
    return found
