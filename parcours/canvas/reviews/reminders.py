"""Saying that a review is due: a week before, when it is overdue, and after two more weeks to the owners."""

import uuid
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from parcours.accounts.enums import Role
from parcours.accounts.models import Brand
from parcours.accounts.reads import people_of
from parcours.accounts.rights import system_actor
from parcours.canvas.enums import JourneyStatus
from parcours.canvas.models import Journey
from parcours.canvas.reviews.enums import ReminderKind
from parcours.canvas.reviews.models import Reminder
from parcours.core.clock import now
from parcours.notices.writes import notify

DAYS_BEFORE = 7
DAYS_UNTIL_OWNERS = 14


def remind(brand: Brand) -> int:
    """Says what hasn't been said yet about the due dates of the brand's journeys; returns how many times.

    Called as often as one likes.
    """
    today = now().astimezone(ZoneInfo(brand.time_zone)).date()
    near = Journey.objects.filter(
        brand=brand, deleted_at=None, review_due__lte=today + timedelta(days=DAYS_BEFORE)
    ).exclude(status=JourneyStatus.ARCHIVED)
    return sum(_remind(brand, pk, today) for pk in near.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def _remind(brand: Brand, journey_id: uuid.UUID, today: date) -> int:
    """Says the one thing that fits the day, once for each due date."""
    journey = Journey.objects.select_for_update(no_key=True).filter(pk=journey_id).first()
    if journey is None or journey.review_due is None:
        return 0
    kind = _kind(journey.review_due, today)
    _row, new = Reminder.objects.get_or_create(journey=journey, due=journey.review_due, kind=kind)
    if not new:
        return 0
    owners = [row.person_id for row in people_of(brand).filter(role=Role.OWNER)]
    told = owners if kind == ReminderKind.ESCALATED or journey.owner_id is None else [journey.owner_id]
    notify(
        brand.pk,
        [*told, *filter(None, [journey.owner_id])],
        kind=f"review-{kind}",
        facts={
            "journey": journey.title,
            "due": journey.review_due.isoformat(),
            "days": abs((journey.review_due - today).days),
        },
        url=f"/map/{journey.pk}/review/",
        acting_user=system_actor(brand.pk),
    )
    return 1


def _kind(due: date, today: date) -> ReminderKind:
    late = (today - due).days
    if late > DAYS_UNTIL_OWNERS:
        return ReminderKind.ESCALATED
    return ReminderKind.OVERDUE if late > 0 else ReminderKind.SOON
