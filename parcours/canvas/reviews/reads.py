"""What is to be reviewed, and what was."""

import uuid
from collections.abc import Collection, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from parcours.canvas.models import Journey
from parcours.canvas.reviews.enums import WHOLE
from parcours.canvas.reviews.models import OPEN, Review
from parcours.canvas.reviews.reasons import sentence_of
from parcours.canvas.reviews.shapes import ReviewView, Standing
from parcours.core.clock import now
from parcours.core.errors import NotFound

MOST_SHOWN = 100


def open_reviews(brand_id: uuid.UUID, journey_id: uuid.UUID) -> tuple[ReviewView, ...]:
    """What waits for somebody on this journey, the oldest first; never the review of the whole."""
    rows = _reviews(brand_id, journey_id).filter(OPEN).exclude(reason=WHOLE).order_by("opened_at", "id")
    return tuple(review_view(row) for row in rows)


def count_waiting(journey_id: uuid.UUID) -> int:
    """How many reviews of cards of a journey are open."""
    return waiting_rows().filter(journey_id=journey_id).count()


def waiting_rows() -> QuerySet[Review]:
    """The open reviews of cards, in every journey."""
    return Review.objects.filter(OPEN).exclude(reason=WHOLE)


def reviews_of_card(brand_id: uuid.UUID, journey_id: uuid.UUID, card_id: uuid.UUID) -> tuple[ReviewView, ...]:
    """The open reviews of one card, the oldest first."""
    rows = _reviews(brand_id, journey_id).filter(OPEN, card_id=card_id).order_by("opened_at", "id")
    return tuple(review_view(row) for row in rows)


def whole_review(brand_id: uuid.UUID, journey_id: uuid.UUID) -> ReviewView | None:
    """The review of the whole journey that is under way."""
    row = _reviews(brand_id, journey_id).filter(OPEN, reason=WHOLE, card=None).first()
    return review_view(row) if row else None


def signed_reviews(brand_id: uuid.UUID, journey_id: uuid.UUID) -> tuple[ReviewView, ...]:
    """The reviews of the whole that somebody signed, the last first."""
    rows = _reviews(brand_id, journey_id).filter(reason=WHOLE, closed_at__isnull=False)
    return tuple(review_view(row) for row in rows.order_by("-closed_at", "-id")[:MOST_SHOWN])


def review(brand_id: uuid.UUID, journey_id: uuid.UUID, review_id: uuid.UUID) -> ReviewView:
    """Raises NotFound."""
    row = _reviews(brand_id, journey_id).filter(pk=review_id).first()
    if row is None:
        raise NotFound(_("There is no such review."))
    return review_view(row)


def counts_by_card(
    journey_id: uuid.UUID, card_ids: Collection[uuid.UUID] | None = None
) -> Mapping[uuid.UUID, int]:
    """How many reviews each card waits for; of the whole canvas, or of `card_ids` only. One query."""
    rows = rows_by_card(journey_id)
    return dict(rows if card_ids is None else rows.filter(card_id__in=card_ids))


def rows_by_card(journey_id: uuid.UUID) -> QuerySet[Any, Any]:
    """The same as rows (card, n) that are not asked yet."""
    rows = Review.objects.filter(OPEN, journey_id=journey_id, card__isnull=False)
    return rows.order_by().values_list("card_id").annotate(n=Count("id"))


def standing(brand_id: uuid.UUID, journey_id: uuid.UUID) -> Standing:
    """How one journey stands. Raises NotFound."""
    found = standings(brand_id, [journey_id]).get(journey_id)
    if found is None:
        raise NotFound(_("There is no such journey."), remedy=_("It may have been deleted."))
    return found


def standings(
    brand_id: uuid.UUID, journey_ids: Collection[uuid.UUID] | None = None
) -> Mapping[uuid.UUID, Standing]:
    """By journey, in one query; of all journeys of the brand, or of some."""
    last = Review.objects.filter(journey=OuterRef("pk"), reason=WHOLE, closed_at__isnull=False).order_by(
        "-closed_at", "-id"
    )
    waiting = (
        waiting_rows()
        .filter(journey=OuterRef("pk"))
        .order_by()
        .values("journey")
        .annotate(n=Count("id"))
        .values("n")
    )
    rows = Journey.objects.filter(brand_id=brand_id, deleted_at=None).select_related("owner", "brand")
    if journey_ids is not None:
        rows = rows.filter(pk__in=journey_ids)
    rows = rows.annotate(
        last_at=Subquery(last.values("closed_at")[:1]),
        last_by=Subquery(last.values("closed_by")[:1]),
        waiting=Subquery(waiting),
    )
    moment = now()

    def days_left(row: Journey) -> int | None:
        today = moment.astimezone(ZoneInfo(row.brand.time_zone)).date()
        return (row.review_due - today).days if row.review_due else None

    return {
        row.pk: Standing(
            owner_id=row.owner_id,
            owner=row.owner.label if row.owner else "",
            every_days=row.review_every_days,
            due=row.review_due,
            days_left=days_left(row),
            last_at=row.last_at,
            last_by=row.last_by or "",
            open_cards=row.waiting or 0,
        )
        for row in rows
    }


def _reviews(brand_id: uuid.UUID, journey_id: uuid.UUID) -> QuerySet[Review]:
    return Review.objects.filter(
        journey_id=journey_id, journey__brand_id=brand_id, journey__deleted_at=None
    ).select_related("card")


def review_view(row: Review) -> ReviewView:
    return ReviewView(
        id=row.pk,
        journey_id=row.journey_id,
        card_id=row.card_id,
        card_title=row.card.title if row.card else "",
        reason=row.reason,
        sentence=sentence_of(row.reason, row.facts),
        facts=row.facts,
        opened_by=row.opened_by,
        opened_at=row.opened_at,
        closed_by=row.closed_by,
        closed_at=row.closed_at,
        words=row.words,
        version_id=row.version_id,
        steps=row.steps,
    )
