"""Keeping evidence current: counted when it changes, when events arrive, and every day."""

import uuid

from parcours.accounts.models import Brand
from parcours.accounts.rights import system_actor
from parcours.canvas.evidence.keeping import notice_standings
from parcours.canvas.evidence.reads import proofs
from parcours.insights.evidence import count_evidence


def ask_to_count_evidence(brand_id: uuid.UUID) -> None:
    """Called when somebody changed evidence; part of their transaction."""
    from django.db import transaction
    from procrastinate.exceptions import AlreadyEnqueued

    from parcours.insights.tasks import count_evidence_again

    try:
        # A savepoint: the refusal of a second job must not undo the change.
        with transaction.atomic():
            lock = f"insights.count_evidence.{brand_id}"
            count_evidence_again.configure(queueing_lock=lock).defer(brand=str(brand_id))
    except AlreadyEnqueued:
        return  # a count that hasn't begun yet will see this change too


def bring_evidence_up_to_date(brand: Brand) -> list[uuid.UUID]:
    """Counts what changed, tells open canvases, and opens reviews for cards that lost their ground; returns
    the cards whose standing changed.
    """
    before = proofs(brand.pk)
    count_evidence(brand)
    return notice_standings(brand.pk, acting_user=system_actor(brand.pk), before=before)
