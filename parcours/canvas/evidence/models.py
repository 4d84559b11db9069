"""What cards are founded on. A card's evidence goes with it, and comes back with it."""

from django.db import models
from django.db.models import Q

from parcours.canvas.evidence.enums import EvidenceKind, Side, Source, Standing
from parcours.core.clock import now
from parcours.core.ids import new_id


class Evidence(models.Model):
    """One piece: a query over events, the customers of a number, or a note.

    `rule` is the JSON of `core.rules` over events; `asked` names a number elsewhere in Parcours by the words
    of its address. `words` is the property that holds what customers said. `period` is as in an address, and
    stays relative: the last 90 days of whatever day it is.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    brand = models.ForeignKey("accounts.Brand", on_delete=models.CASCADE, related_name="+")
    card = models.ForeignKey("canvas.Card", on_delete=models.CASCADE, related_name="evidence")
    kind = models.CharField(max_length=8, choices=EvidenceKind.choices)
    side = models.CharField(max_length=8, choices=Side.choices, default=Side.FOR)
    source = models.CharField(max_length=16, choices=Source.choices)
    title = models.CharField(max_length=200, blank=True)
    rule = models.JSONField(null=True)
    asked = models.JSONField(null=True)
    words = models.CharField(max_length=120, blank=True)
    period = models.JSONField(default=dict)
    segment = models.CharField(max_length=80, blank=True)
    text = models.TextField(blank=True)  # of a note: what was heard, read or seen
    address = models.CharField(max_length=1000, blank=True)
    dated = models.DateField(null=True)  # of a note: the day it is from
    author_id = models.UUIDField(null=True)
    author_label = models.CharField(max_length=160, blank=True)
    created_at = models.DateTimeField(default=now, editable=False)
    deleted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=EvidenceKind.values), name="evidence_kind_known"),
            models.CheckConstraint(condition=Q(side__in=Side.values), name="evidence_side_known"),
        ]
        indexes = [
            models.Index(fields=["card"], condition=Q(deleted_at=None), name="standing_evidence"),
            models.Index(fields=["brand"], condition=Q(deleted_at=None), name="evidence_to_count"),
        ]


class EvidenceCount(models.Model):
    """What a counted piece came to. `digest` names everything that it depends on.

    `weeks` are customers in each of the last twelve weeks, the oldest first. `samples` are what customers
    said, without what would tell who they are, each with the customer who may have it erased. `problem` says
    in a word why it could not be counted.
    """

    evidence = models.OneToOneField(
        Evidence, primary_key=True, on_delete=models.CASCADE, related_name="count"
    )
    digest = models.CharField(max_length=64)
    events = models.PositiveBigIntegerField(null=True)
    customers = models.PositiveBigIntegerField(default=0)
    share = models.FloatField(null=True)
    weeks = models.JSONField(default=list)
    samples = models.JSONField(default=list)
    last_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=20, blank=True)
    computed_at = models.DateTimeField(default=now)


class EvidenceConfirmation(models.Model):
    """Somebody looked, and it is still true."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    evidence = models.ForeignKey(Evidence, on_delete=models.CASCADE, related_name="confirmations")
    note = models.CharField(max_length=300, blank=True)
    actor_id = models.UUIDField(null=True)
    actor_label = models.CharField(max_length=160, blank=True)
    at = models.DateTimeField(default=now)


class CardStanding(models.Model):
    """How a card stood when it was last looked at, so that a change is noticed once."""

    card = models.OneToOneField(
        "canvas.Card", primary_key=True, on_delete=models.CASCADE, related_name="standing"
    )
    standing = models.CharField(max_length=12, choices=Standing.choices)
    before = models.CharField(max_length=12, choices=Standing.choices)
    changed_at = models.DateTimeField(default=now)


class EvidenceDays(models.Model):
    """After how many days a brand calls evidence ageing, and after how many old."""

    brand = models.OneToOneField(
        "accounts.Brand", primary_key=True, on_delete=models.CASCADE, related_name="+"
    )
    ageing = models.PositiveSmallIntegerField(default=30)
    old = models.PositiveSmallIntegerField(default=90)
