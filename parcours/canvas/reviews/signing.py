"""The review of a whole journey: its rhythm, its steps, its signature."""

import uuid
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from parcours.accounts.reads import brand_by_id
from parcours.accounts.rights import Actor
from parcours.canvas.models import Journey
from parcours.canvas.reviews.enums import STEPS, WHOLE, StepState
from parcours.canvas.reviews.models import Review
from parcours.canvas.reviews.reads import review_view
from parcours.canvas.reviews.shapes import ReviewView
from parcours.canvas.reviews.writes import MOST_WORDS, locked_review, open_review, tell_review
from parcours.canvas.versions.enums import Cause
from parcours.canvas.versions.writes import keep_version
from parcours.canvas.writes.common import clean, locked_journey, tell
from parcours.core.clock import now
from parcours.core.errors import BadInput, Conflict

LEAST_DAYS, MOST_DAYS = 7, 1_096


@transaction.atomic
def set_rhythm(
    journey_id: uuid.UUID, *, every_days: int | None, due: date | None = None, acting_user: Actor
) -> None:
    """How often the journey is reviewed, and when next: by default one rhythm from the last signature, or
    from today. None means it isn't reviewed in a rhythm. Raises BadInput.
    """
    journey = locked_journey(journey_id, acting_user)
    if every_days is not None and not LEAST_DAYS <= every_days <= MOST_DAYS:
        raise BadInput(
            _("A journey is reviewed every {least} to {most} days.").format(least=LEAST_DAYS, most=MOST_DAYS),
            where="every_days",
        )
    before = {"every_days": journey.review_every_days, "due": _iso(journey.review_due)}
    journey.review_every_days = every_days
    journey.review_due = due if every_days is None else due or _next_due(journey, every_days)
    journey.save(update_fields=["review_every_days", "review_due"])
    after = {"every_days": every_days, "due": _iso(journey.review_due)}
    if before != after:
        _tell_rhythm(acting_user, journey, {"before": before, "after": after})


@transaction.atomic
def start_review(journey_id: uuid.UUID, *, acting_user: Actor) -> ReviewView:
    """The review of the whole that is under way, or a new one."""
    return open_review(journey_id, reason=WHOLE, facts={}, acting_user=acting_user)


@transaction.atomic
def settle_step(
    journey_id: uuid.UUID, review_id: uuid.UUID, step: str, *, state: str, acting_user: Actor
) -> ReviewView:
    """Marks a step as done or skipped, or, with an empty state, as open again. Raises BadInput, Conflict."""
    journey = locked_journey(journey_id, acting_user)
    row = _open_whole(journey, review_id)
    if step not in STEPS or state not in {"", *StepState.values}:
        raise BadInput(_("A review has no such step."), where="step")
    row.steps = {key: value for key, value in row.steps.items() if key != step}
    if state:
        row.steps[step] = {"state": state, "by": acting_user.label, "at": now().isoformat()}
    row.save(update_fields=["steps"])
    return review_view(row)


@transaction.atomic
def sign_off(
    journey_id: uuid.UUID,
    review_id: uuid.UUID,
    *,
    words: str,
    acting_user: Actor,
    due: date | None = None,
) -> ReviewView:
    """Ends the review: who, when and what they say, with a version of what they saw, and the next date.

    Raises BadInput as long as a step is neither done nor skipped, or without words; Conflict when signed.
    """
    journey = locked_journey(journey_id, acting_user)
    row = _open_whole(journey, review_id)
    waiting = [step for step in STEPS if step not in row.steps]
    if waiting:
        raise BadInput(
            _("Some steps of the review are still open."),
            where="steps",
            remedy=_("Mark each of them as done, or skip it."),
        )
    row.words = clean(words, where="words", most=MOST_WORDS, required=True)
    row.closed_by, row.closed_at = acting_user.label, now()
    kept = keep_version(journey_id, reason=row.words[:500], cause=Cause.SIGNED_OFF, acting_user=acting_user)
    row.version_id = kept.id
    row.save(update_fields=["words", "closed_by", "closed_at", "version"])
    if journey.review_every_days or due:
        journey.review_due = due or _today(journey) + timedelta(days=journey.review_every_days or 0)
        journey.save(update_fields=["review_due"])
    tell_review(acting_user, journey, "review signed", row)
    return review_view(row)


def _open_whole(journey: Journey, review_id: uuid.UUID) -> Review:
    row = locked_review(journey, review_id)
    if row.reason != WHOLE or row.closed_at is not None:
        raise Conflict(_("This review is over."), remedy=_("Begin another one."))
    return row


def _next_due(journey: Journey, every_days: int) -> date:
    last = Review.objects.filter(journey=journey, reason=WHOLE, closed_at__isnull=False)
    signed = last.order_by("-closed_at").values_list("closed_at", flat=True).first()
    start = signed.astimezone(_zone(journey)).date() if signed else _today(journey)
    return max(start + timedelta(days=every_days), _today(journey))


def _today(journey: Journey) -> date:
    return now().astimezone(_zone(journey)).date()


def _zone(journey: Journey) -> ZoneInfo:
    return ZoneInfo(brand_by_id(journey.brand_id).time_zone)


def _tell_rhythm(acting_user: Actor, journey: Journey, data: dict[str, object]) -> None:
    tell(
        acting_user,
        journey,
        "review rhythm changed",
        "journey",
        journey.pk,
        data=data,
        event="review.changed",
        payload={"what": "review rhythm changed"},
    )


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
