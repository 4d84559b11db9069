"""Conversations of stages that were removed let go of their place, so that they can have another."""

import uuid
from collections.abc import Collection

from django.db import transaction
from django.db.models import F, Q

from parcours.accounts.rights import Actor
from parcours.core.clock import now
from parcours.inbox.enums import ConversationStatus
from parcours.inbox.models import Conversation
from parcours.inbox.reads.examples import CLOSED_LATELY
from parcours.inbox.rights import REPLY
from parcours.journal.writes import record
from parcours.live.writes import publish


@transaction.atomic
def lose_places(stages: Collection[uuid.UUID], *, acting_user: Actor) -> int:
    """Of those that will be looked at again (open ones, and those of the last days) and stand at none of
    these stages; returns of how many.
    """
    acting_user.require(REPLY)
    brand_id = acting_user.brand_id
    wanted = ~Q(status=ConversationStatus.CLOSED) | Q(created_at__gte=now() - CLOSED_LATELY)
    rows = Conversation.objects.filter(wanted, brand_id=brand_id, merged_into=None, stage_id__isnull=False)
    gone = rows.exclude(stage_id__in=list(stages)).select_for_update(no_key=True).order_by("pk")
    number = Conversation.objects.filter(pk__in=list(gone.values_list("pk", flat=True))).update(
        journey_id=None,
        stage_id=None,
        touchpoint_id=None,
        placed_by="",
        looked_at=None,
        revision=F("revision") + 1,
    )
    if number:
        record(acting_user, "conversations to place again", "brand", brand_id, {"count": number})
        publish(brand_id, f"inbox:{brand_id}", "inbox.changed", {"what": "placed", "conversation": ""})
    return number
