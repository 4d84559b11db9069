"""Copies of cards, within a canvas and from one to another of the same brand."""

import uuid
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from parcours.accounts.rights import Actor
from parcours.canvas.models import Card
from parcours.canvas.rights import EDIT
from parcours.canvas.shapes import CardView
from parcours.canvas.writes.cards import add_card
from parcours.core.errors import NotFound


@transaction.atomic
def copy_card(
    journey_id: uuid.UUID,
    source_id: uuid.UUID,
    *,
    stage_id: uuid.UUID,
    lane_id: uuid.UUID,
    acting_user: Actor,
    before: uuid.UUID | None = None,
    after: uuid.UUID | None = None,
    card_id: uuid.UUID | None = None,
) -> CardView:
    """A new card with all that the other one says: in front of `before`, behind `after`, or last in its cell.

    The other card may stand on another journey of the brand, or have been deleted meanwhile. Touchpoints
    belong to their journey: a copy on another one names none. Raises NotFound.
    """
    acting_user.require(EDIT)
    source = Card.objects.filter(pk=source_id, journey__brand_id=acting_user.brand_id).first()
    if source is None:
        raise NotFound(_("There is no such card."), where="source")
    details: dict[str, Any] = dict(source.details)
    if source.journey_id != journey_id:
        details.pop("touchpoint", None)
    return add_card(
        journey_id,
        stage_id=stage_id,
        lane_id=lane_id,
        title=source.title,
        text=source.text,
        picture_id=source.picture_id,
        picture_alt=source.picture_alt,
        picture_caption=source.picture_caption,
        details=details,
        leads_to=source.leads_to_id,
        before=before,
        after=after,
        card_id=card_id,
        acting_user=acting_user,
    )
