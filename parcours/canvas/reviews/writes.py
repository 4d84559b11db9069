"""Opening reviews and closing them."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from parcours.accounts.rights import Actor
from parcours.canvas.models import Card, Journey
from parcours.canvas.reviews.models import OPEN, Review
from parcours.canvas.reviews.reads import review_view
from parcours.canvas.reviews.shapes import ReviewView
from parcours.canvas.writes.common import clean, locked_journey, tell
from parcours.core.clock import now
from parcours.core.errors import NotFound

MOST_WORDS = 1_000


@transaction.atomic
def open_review(
    journey_id: uuid.UUID,
    *,
    reason: str,
    facts: Mapping[str, Any],
    acting_user: Actor,
    card_id: uuid.UUID | None = None,
) -> ReviewView:
    """Asks for another look at a card, or the journey. `reason` is a key of `core.registry.review_reasons`.

    While one with the same reason is open for the same card, it is returned as it is, with the new facts.
    Raises NotFound for a card that isn't of this canvas.
    """
    journey = locked_journey(journey_id, acting_user)
    card = _card(journey, card_id) if card_id else None
    there = Review.objects.filter(OPEN, journey=journey, reason=reason, card=card).select_related("card")
    if (row := there.first()) is not None:
        if row.facts != dict(facts):
            row.facts = dict(facts)
            row.save(update_fields=["facts"])
        return review_view(row)
    row = Review.objects.create(
        journey=journey, card=card, reason=reason, facts=dict(facts), opened_by=acting_user.label
    )
    tell_review(acting_user, journey, "review opened", row)
    return review_view(row)


@transaction.atomic
def close_review(
    journey_id: uuid.UUID, review_id: uuid.UUID, *, acting_user: Actor, words: str = ""
) -> ReviewView:
    """Somebody looked; closing it again changes nothing. A whole journey is signed off instead
    (`signing.sign_off`). Raises NotFound.
    """
    journey = locked_journey(journey_id, acting_user)
    row = locked_review(journey, review_id)
    if row.closed_at is None:
        row.words = clean(words, where="words", most=MOST_WORDS)
        row.closed_by, row.closed_at = acting_user.label, now()
        row.save(update_fields=["words", "closed_by", "closed_at"])
        tell_review(acting_user, journey, "review closed", row)
    return review_view(row)


def locked_review(journey: Journey, review_id: uuid.UUID) -> Review:
    """A review of a journey that is locked already. Raises NotFound."""
    row = Review.objects.select_related("card").filter(journey=journey, pk=review_id).first()
    if row is None:
        raise NotFound(_("There is no such review."))
    return row


def tell_review(acting_user: Actor, journey: Journey, verb: str, row: Review) -> None:
    """Journal, then live: a card's marks change with its reviews."""
    data = {"reason": row.reason, "card": str(row.card_id) if row.card_id else None}
    if row.card is None:
        payload: dict[str, Any] = {"review": str(row.pk), "what": verb}
        tell(acting_user, journey, verb, "review", row.pk, data=data, event="review.changed", payload=payload)
        return
    payload = {"card": str(row.card_id), "revision": row.card.revision}
    tell(acting_user, journey, verb, "review", row.pk, data=data, event="card.marked", payload=payload)


def _card(journey: Journey, card_id: uuid.UUID) -> Card:
    card = Card.objects.filter(journey=journey, pk=card_id, deleted_at=None).first()
    if card is None:
        raise NotFound(_("There is no such card."), where="card", remedy=_("It may have been deleted."))
    return card
