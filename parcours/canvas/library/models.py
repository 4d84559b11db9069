from django.db import models
from django.db.models import Q

from parcours.canvas.library.enums import EntryForm
from parcours.core.clock import now
from parcours.core.ids import new_id


class LibraryEntry(models.Model):
    """A card or a touchpoint that a brand uses again and again."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    brand = models.ForeignKey("accounts.Brand", on_delete=models.CASCADE, related_name="+")
    form = models.CharField(max_length=10, choices=EntryForm.choices)
    kind = models.CharField(max_length=12, blank=True)  # of the row that the card belongs in
    title = models.CharField(max_length=200)
    text = models.TextField(blank=True)
    picture = models.ForeignKey("canvas.Picture", null=True, on_delete=models.PROTECT, related_name="+")
    picture_alt = models.CharField(max_length=300, blank=True)
    picture_caption = models.CharField(max_length=300, blank=True)
    details = models.JSONField(default=dict)
    channel = models.CharField(max_length=60, blank=True)
    rule = models.JSONField(null=True)
    starter = models.CharField(max_length=60, blank=True)  # the key of the starter set it came with
    revision = models.PositiveIntegerField(default=1)
    edited_by = models.CharField(max_length=160, blank=True)
    created_at = models.DateTimeField(default=now, editable=False)
    updated_at = models.DateTimeField(default=now)
    deleted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["brand", "starter"], condition=~Q(starter=""), name="one_of_each_starter"
            ),
            models.CheckConstraint(condition=Q(form__in=EntryForm.values), name="library_form_known"),
        ]
        indexes = [models.Index(fields=["brand"], condition=Q(deleted_at=None), name="standing_library")]


class LibraryUse(models.Model):
    """A copy of an entry on a canvas; `revision` is the entry's when the copy was taken or last compared."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    entry = models.ForeignKey(LibraryEntry, on_delete=models.CASCADE, related_name="uses")
    card = models.OneToOneField("canvas.Card", null=True, on_delete=models.CASCADE, related_name="+")
    touchpoint = models.OneToOneField(
        "canvas.Touchpoint", null=True, on_delete=models.CASCADE, related_name="+"
    )
    revision = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(card=None, touchpoint__isnull=False) | Q(card__isnull=False, touchpoint=None),
                name="library_use_of_one_thing",
            ),
        ]
