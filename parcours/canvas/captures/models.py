from django.db import models
from django.db.models import Q

from parcours.canvas.captures.enums import Device, Rhythm
from parcours.core.clock import now
from parcours.core.ids import new_id


class Capturing(models.Model):
    """How the picture of a moment is taken from the shop, and how the last look went."""

    card = models.OneToOneField("canvas.Card", primary_key=True, on_delete=models.CASCADE, related_name="+")
    address = models.CharField(max_length=2_000)
    device = models.CharField(max_length=8, choices=Device.choices, default=Device.DESKTOP)
    language = models.CharField(max_length=8, blank=True)
    rhythm = models.CharField(max_length=8, choices=Rhythm.choices, default=Rhythm.BY_HAND)
    element = models.CharField(max_length=300, blank=True)  # a CSS selector: only this is in the picture
    scroll = models.PositiveIntegerField(default=0)  # by so many pixels, before the picture is taken
    wait_for = models.CharField(max_length=300, blank=True)
    dismiss = models.CharField(max_length=300, blank=True)
    ignored = models.JSONField(
        default=list
    )  # [[left, top, width, height]], each in hundredths of the picture
    asked_at = models.DateTimeField(null=True)  # a look was asked for and hasn't ended
    checked_at = models.DateTimeField(null=True)
    next_at = models.DateTimeField(null=True)
    failures = models.PositiveSmallIntegerField(default=0)  # looks in a row without a picture
    trouble = models.CharField(max_length=20, blank=True)
    trouble_facts = models.JSONField(default=dict)
    set_by = models.CharField(max_length=160, blank=True)
    created_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        indexes = [models.Index(fields=["next_at"], condition=Q(next_at__isnull=False), name="captures_due")]


class Capture(models.Model):
    """A picture that was taken and differed from the one before."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    card = models.ForeignKey("canvas.Card", on_delete=models.CASCADE, related_name="+")
    picture = models.ForeignKey("canvas.Picture", on_delete=models.PROTECT, related_name="+")
    before = models.ForeignKey("canvas.Picture", null=True, on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField(default=now)
    taken_by = models.CharField(max_length=160, blank=True)
    address = models.CharField(max_length=2_000)
    device = models.CharField(max_length=8, choices=Device.choices)
    language = models.CharField(max_length=8, blank=True)
    share = models.FloatField(null=True)  # of the pixels compared, those that changed; None for the first
    areas = models.JSONField(default=list)  # [[left, top, width, height]], each in hundredths of the picture
    proposal_id = models.UUIDField(null=True)  # None for one that went onto the card at once

    class Meta:
        indexes = [models.Index(fields=["card", "-taken_at"], name="captures_of_card")]
