from django.db import models

from parcours.canvas.models import Card, Journey, Lane, Picture, Stage, Touchpoint
from parcours.canvas.proposals.enums import DraftState, State
from parcours.core.clock import now
from parcours.core.ids import new_id


class Proposal(models.Model):
    """A change of a canvas that somebody, or the log, suggests; a person decides.

    `kind` and `facts` make its words when it is read; `change` is what accepting does (see `changes`). It is
    drawn in the cell of `stage` and `lane`, on `card` or `touchpoint`, in the head of `stage`, or nowhere.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    journey = models.ForeignKey(Journey, on_delete=models.CASCADE, related_name="proposals")
    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=200)  # what it is about: the same is not proposed twice
    facts = models.JSONField(default=dict)
    change = models.JSONField(null=True)
    stage = models.ForeignKey(Stage, null=True, on_delete=models.SET_NULL, related_name="+")
    lane = models.ForeignKey(Lane, null=True, on_delete=models.SET_NULL, related_name="+")
    card = models.ForeignKey(Card, null=True, on_delete=models.CASCADE, related_name="proposals")
    touchpoint = models.ForeignKey(Touchpoint, null=True, on_delete=models.CASCADE, related_name="+")
    picture = models.ForeignKey(Picture, null=True, on_delete=models.SET_NULL, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    proposed_by = models.CharField(max_length=160)
    proposed_by_id = models.UUIDField(null=True)
    created_at = models.DateTimeField(default=now, editable=False)
    decided_by = models.CharField(max_length=160, blank=True)
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=500, blank=True)  # why it was dismissed
    outcome = models.JSONField(null=True)  # what accepting made, as its kind says it

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["journey", "kind", "key"],
                condition=models.Q(state=State.OPEN),
                name="one_open_proposal",
            ),
            models.CheckConstraint(condition=models.Q(state__in=State.values), name="proposal_state_known"),
        ]
        indexes = [models.Index(fields=["journey", "state"], name="proposal_by_state")]


class Look(models.Model):
    """When the log was last looked at for what a journey should change, and what came of it."""

    journey = models.OneToOneField(Journey, primary_key=True, on_delete=models.CASCADE, related_name="+")
    asked_at = models.DateTimeField(null=True)  # somebody waits for a look that hasn't ended yet
    looked_at = models.DateTimeField(null=True)
    generation = models.BigIntegerField(default=0)  # of the lake, when it was looked at
    rules_revision = models.PositiveIntegerField(default=0)  # of the journey, when it was looked at
    found = models.PositiveIntegerField(default=0)  # open proposals of the log after it
    told_at = models.DateTimeField(null=True)  # when the owner was last told of new ones


class JourneyDraft(models.Model):
    """A first canvas made from a log, before a person stores it as a journey, or lets it go."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    brand = models.ForeignKey("accounts.Brand", on_delete=models.CASCADE, related_name="+")
    options = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=DraftState.choices, default=DraftState.WAITING)
    step = models.PositiveSmallIntegerField(default=0)  # of `steps`: how far it is
    steps = models.PositiveSmallIntegerField(default=1)
    plan = models.JSONField(null=True)
    problem = models.TextField(blank=True)
    journey = models.ForeignKey(Journey, null=True, on_delete=models.SET_NULL, related_name="+")
    made_by = models.CharField(max_length=160)
    made_by_id = models.UUIDField(null=True)
    created_at = models.DateTimeField(default=now, editable=False)
    updated_at = models.DateTimeField(default=now)
