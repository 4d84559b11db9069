from django.db import models
from django.db.models import Q

from parcours.canvas.enums import JourneyKind, JourneyStatus, LaneKind
from parcours.core.clock import now
from parcours.core.ids import new_id

BYTE_ORDER = "C"
"""Fractional order keys compare byte by byte; a language's collation would shuffle them."""

STANDING = Q(deleted_at=None)


class Picture(models.Model):
    """An uploaded image, re-encoded; the file is named after its content (see `pictures.path_of`)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    brand = models.ForeignKey("accounts.Brand", on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    bytes = models.PositiveIntegerField()
    created_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["brand", "digest"], name="one_picture_a_content")]


class Persona(models.Model):
    """The customer that a journey is drawn for."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    brand = models.ForeignKey("accounts.Brand", on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=80)
    birth_year = models.PositiveSmallIntegerField(null=True)
    sketch = models.TextField(blank=True)
    goals = models.TextField(blank=True)
    habits = models.TextField(blank=True)
    quote = models.CharField(max_length=1000, blank=True)  # several, each a line
    channels = models.JSONField(default=list)  # names of channels, the dearest first
    segment_id = models.UUIDField(null=True)  # a segment of customers: whose numbers the persona's are
    photo = models.ForeignKey(Picture, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=now, editable=False)
    deleted_at = models.DateTimeField(null=True)


class Journey(models.Model):
    """A map: stages from left to right, lanes from top to bottom, cards where they cross."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    brand = models.ForeignKey("accounts.Brand", on_delete=models.CASCADE, related_name="+")
    title = models.CharField(max_length=160)
    summary = models.TextField(blank=True)
    kind = models.CharField(max_length=8, choices=JourneyKind.choices, default=JourneyKind.AS_IS)
    status = models.CharField(max_length=8, choices=JourneyStatus.choices, default=JourneyStatus.ACTIVE)
    persona = models.ForeignKey(Persona, null=True, on_delete=models.SET_NULL, related_name="+")
    segment_id = models.UUIDField(null=True)  # a segment of customers: whose journey is drawn
    owner = models.ForeignKey("accounts.Person", null=True, on_delete=models.SET_NULL, related_name="+")
    drawn_from = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="+")
    review_every_days = models.PositiveSmallIntegerField(null=True)
    review_due = models.DateField(null=True)
    rules_revision = models.PositiveIntegerField(default=1)  # rises when stages or touchpoints change
    created_at = models.DateTimeField(default=now, editable=False)
    updated_at = models.DateTimeField(default=now)
    deleted_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["brand", "-updated_at"], name="journey_by_brand")]


class Stage(models.Model):
    """A column. `key` names one of the default stages, whose cells know what belongs in them."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    journey = models.ForeignKey(Journey, on_delete=models.CASCADE, related_name="stages")
    name = models.CharField(max_length=80)
    description = models.CharField(max_length=300, blank=True)
    key = models.CharField(max_length=20, blank=True)
    order_key = models.CharField(max_length=120, db_collation=BYTE_ORDER)
    deleted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["journey", "order_key"], condition=STANDING, name="stage_order"),
            models.UniqueConstraint(fields=["id", "journey"], name="stage_of_journey"),
        ]


class Lane(models.Model):
    """A row."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    journey = models.ForeignKey(Journey, on_delete=models.CASCADE, related_name="lanes")
    kind = models.CharField(max_length=12, choices=LaneKind.choices)
    name = models.CharField(max_length=80)
    order_key = models.CharField(max_length=120, db_collation=BYTE_ORDER)
    deleted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["journey", "order_key"], condition=STANDING, name="lane_order"),
            models.UniqueConstraint(fields=["id", "journey"], name="lane_of_journey"),
            models.CheckConstraint(condition=Q(kind__in=LaneKind.values), name="lane_kind_known"),
        ]


class Card(models.Model):
    """What stands in a stage and lane. Both are of the card's own journey: the database sees to it.

    `revision` rises with every change; `content_revision` and `place_revision` are its values after the last
    edit and the last move, so that an edit and a move at the same time don't stand in each other's way.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    journey = models.ForeignKey(Journey, on_delete=models.CASCADE, related_name="cards")
    stage = models.ForeignKey(Stage, on_delete=models.CASCADE, related_name="cards")
    lane = models.ForeignKey(Lane, on_delete=models.CASCADE, related_name="cards")
    title = models.CharField(max_length=200)
    text = models.TextField(blank=True)
    picture = models.ForeignKey(Picture, null=True, on_delete=models.PROTECT, related_name="+")
    picture_alt = models.CharField(max_length=300, blank=True)
    picture_caption = models.CharField(max_length=300, blank=True)
    details = models.JSONField(default=dict)  # what its kind asks for beyond words (see `kinds`)
    leads_to = models.ForeignKey(Journey, null=True, on_delete=models.SET_NULL, related_name="+")
    drawn_from = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="+")
    order_key = models.CharField(max_length=120, db_collation=BYTE_ORDER)
    revision = models.PositiveIntegerField(default=1)
    content_revision = models.PositiveIntegerField(default=1)
    place_revision = models.PositiveIntegerField(default=1)
    edited_by = models.CharField(max_length=160, blank=True)
    created_at = models.DateTimeField(default=now, editable=False)
    updated_at = models.DateTimeField(default=now)
    deleted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["stage", "lane", "order_key"], condition=STANDING, name="card_order"
            ),
        ]
        indexes = [models.Index(fields=["journey"], condition=STANDING, name="standing_cards")]


class CardLease(models.Model):
    """“Claire is editing”: a courtesy that runs out by itself, never a lock."""

    card = models.OneToOneField(Card, primary_key=True, on_delete=models.CASCADE, related_name="lease")
    actor_id = models.UUIDField(null=True)
    label = models.CharField(max_length=160)
    until = models.DateTimeField()


class Touchpoint(models.Model):
    """Where customers meet the brand in a stage: the events that its rule means (see `resolver`)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    journey = models.ForeignKey(Journey, on_delete=models.CASCADE, related_name="touchpoints")
    stage = models.ForeignKey(Stage, on_delete=models.CASCADE, related_name="touchpoints")
    name = models.CharField(max_length=120)
    channel = models.CharField(max_length=60, blank=True)
    rule = models.JSONField()
    order_key = models.CharField(max_length=120, db_collation=BYTE_ORDER)
    deleted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["stage", "order_key"], condition=STANDING, name="touchpoint_order"
            ),
        ]
        indexes = [models.Index(fields=["journey"], condition=STANDING, name="standing_touchpoints")]


# The parts of a canvas that have a folder keep their rows there; Django looks for them here.
from parcours.canvas.brand_values import models as _brand_values  # noqa: E402, F401
from parcours.canvas.captures import models as _captures  # noqa: E402, F401
from parcours.canvas.comments import models as _comments  # noqa: E402, F401
from parcours.canvas.evidence import models as _evidence  # noqa: E402, F401
from parcours.canvas.imports import models as _imports  # noqa: E402, F401
from parcours.canvas.library import models as _library  # noqa: E402, F401
from parcours.canvas.proposals import models as _proposals  # noqa: E402, F401
from parcours.canvas.reviews import models as _reviews  # noqa: E402, F401
from parcours.canvas.shares import models as _shares  # noqa: E402, F401
from parcours.canvas.templates import models as _templates  # noqa: E402, F401
from parcours.canvas.versions import models as _versions  # noqa: E402, F401
