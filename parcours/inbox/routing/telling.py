"""Who hears of it when queues, agents and rules change: the journal, open pages, and whoever hands out."""

import uuid
from typing import Any

from django.db import transaction

from parcours.accounts.rights import Actor
from parcours.inbox.nudging import ask_to_assign
from parcours.journal.writes import record
from parcours.live.writes import publish


def routing_changed(
    acting_user: Actor, verb: str, kind: str, identifier: uuid.UUID, data: dict[str, Any]
) -> None:
    """The last thing of a write: somebody may have room now who had none."""
    record(acting_user, verb, kind, identifier, data)
    brand_id = acting_user.brand_id
    publish(brand_id, f"inbox:{brand_id}", "routing.changed", {"what": verb})
    transaction.on_commit(lambda: ask_to_assign(brand_id))
