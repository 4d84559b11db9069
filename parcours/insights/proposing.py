"""Looking at the log for what a journey should change, and proposing it."""

import uuid

from django.db import transaction

from parcours.accounts.models import Brand
from parcours.canvas.proposals.looks import look_at, note_asked, note_looked
from parcours.canvas.reads import journey


def ask_to_look(brand_id: uuid.UUID, journey_id: uuid.UUID) -> None:
    """Has the log looked at for one journey by whichever worker is free; once, however often it is asked."""
    from procrastinate.exceptions import AlreadyEnqueued

    from parcours.insights.tasks import look_for_proposals

    note_asked(journey_id)
    lock = f"insights.look.{journey_id}"
    try:
        with transaction.atomic():
            look_for_proposals.configure(queueing_lock=lock, lock=lock).defer(
                brand=str(brand_id), journey=str(journey_id)
            )
    except AlreadyEnqueued:
        return  # the one that waits will see the same


def propose_from_the_log(brand: Brand, journey_id: uuid.UUID) -> int:
    """Looks now; returns how many proposals of the log wait on the journey afterwards."""
    from parcours.events.lake import Lake

    drawn = journey(brand.pk, journey_id)
    generation = Lake(brand.pk).generation
    found = 0
    note_looked(journey_id, generation=generation, rules_revision=drawn.rules_revision, found=found)
    return look_at(journey_id).found
