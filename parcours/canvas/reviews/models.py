from django.db import models
from django.db.models import Q

from parcours.canvas.models import Card, Journey
from parcours.canvas.reviews.enums import ReminderKind
from parcours.canvas.versions.models import Version
from parcours.core.clock import now
from parcours.core.ids import new_id

OPEN = Q(closed_at=None)


class Review(models.Model):
    """Something to look at again: one card, for a reason the data gave, or the whole journey."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    journey = models.ForeignKey(Journey, on_delete=models.CASCADE, related_name="reviews")
    card = models.ForeignKey(Card, null=True, on_delete=models.CASCADE, related_name="reviews")
    reason = models.CharField(max_length=40)
    facts = models.JSONField(default=dict)
    steps = models.JSONField(default=dict)  # key of a step → {"state": "done" | "skipped", "by", "at"}
    opened_by = models.CharField(max_length=160)
    opened_at = models.DateTimeField(default=now, editable=False)
    closed_by = models.CharField(max_length=160, blank=True)
    closed_at = models.DateTimeField(null=True)
    words = models.CharField(max_length=1_000, blank=True)
    version = models.ForeignKey(Version, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["journey", "reason"], condition=OPEN & Q(card=None), name="one_open_review"
            ),
            models.UniqueConstraint(
                fields=["card", "reason"],
                condition=OPEN & Q(card__isnull=False),
                name="one_open_review_a_card",
            ),
        ]
        indexes = [models.Index(fields=["journey", "-opened_at"], name="reviews_of_journey")]


class Reminder(models.Model):
    """“A review is due” was said about this due date: once of each kind."""

    journey = models.ForeignKey(Journey, on_delete=models.CASCADE, related_name="+")
    due = models.DateField()
    kind = models.CharField(max_length=10, choices=ReminderKind.choices)
    at = models.DateTimeField(default=now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["journey", "due", "kind"], name="one_reminder_of_a_kind")
        ]
