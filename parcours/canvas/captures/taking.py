"""One look at the shop for one moment, from its settings to what is kept."""

import logging
import uuid

from parcours.accounts.rights import system_actor
from parcours.canvas.captures import addresses
from parcours.canvas.captures.chromium.faults import NoPicture
from parcours.canvas.captures.chromium.photographing import Wanted, photograph
from parcours.canvas.captures.models import Capturing
from parcours.canvas.captures.writes import keep_capture, note_trouble
from parcours.core.errors import NotFound

log = logging.getLogger(__name__)


def look(card_id: uuid.UUID) -> None:
    """Raises NoPicture when another try may help; whatever else went wrong is noted with the moment."""
    row = Capturing.objects.select_related("card__journey").filter(pk=card_id).first()
    if row is None:
        return
    actor = system_actor(row.card.journey.brand_id)
    try:
        try:
            taken = photograph(_wanted(row))
        except NoPicture as fault:
            note_trouble(card_id, fault.trouble, fault.facts, acting_user=actor)
            if fault.may_pass:
                raise
            log.info("no picture of card %s: %s", card_id, fault.trouble)
            return
        keep_capture(card_id, taken.content, acting_user=actor)
    except NotFound:  # the card was taken off the canvas meanwhile
        Capturing.objects.filter(pk=card_id).update(asked_at=None, next_at=None)


def _wanted(row: Capturing) -> Wanted:
    url, own = addresses.whole(row.address)
    return Wanted(
        url=url,
        device=row.device,
        language=row.language,
        element=row.element,
        scroll=row.scroll,
        wait_for=row.wait_for,
        dismiss=row.dismiss,
        own=own,
    )
