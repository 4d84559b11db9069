from typing import TYPE_CHECKING

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from parcours.core.clock import now
from parcours.core.ids import new_id
from parcours.inbox.routing.enums import State, Strategy

if TYPE_CHECKING:
    from parcours.accounts.models import Brand, Person


def _brand() -> "models.ForeignKey[Brand, Brand]":
    return models.ForeignKey("accounts.Brand", on_delete=models.CASCADE, related_name="+")


def _person() -> "models.ForeignKey[Person, Person]":
    return models.ForeignKey("accounts.Person", on_delete=models.CASCADE, related_name="+")


class RoutingSettings(models.Model):
    """How a brand hands out conversations. Its row is also the lock under which they are handed out: whoever
    gives or takes them from people holds it, so that nobody ever gets more than they have room for.
    """

    brand = models.OneToOneField(
        "accounts.Brand", primary_key=True, on_delete=models.CASCADE, related_name="+"
    )
    assigns = models.BooleanField(default=False)  # off: they wait until somebody takes them
    sticky = models.BooleanField(default=True)  # whoever knows the customer comes first
    revision = models.PositiveIntegerField(default=1)


class Queue(models.Model):
    """A line in which conversations wait for somebody: for everybody, or else for its members.

    `deserted_at` is since when none of its members answers customers, as its managers were told.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    brand = _brand()
    name = models.CharField(max_length=80)
    order = models.PositiveIntegerField(default=0)
    hours_id = models.UUIDField(null=True)
    is_default = models.BooleanField(default=False)
    for_everybody = models.BooleanField(default=True)
    deserted_at = models.DateTimeField(null=True)
    strategy = models.CharField(max_length=12, choices=Strategy.choices, default=Strategy.LEAST_BUSY)
    answer_within = models.PositiveIntegerField(null=True)  # seconds; an unanswered chat goes back then
    overflow_queue = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="+")
    after_minutes = models.PositiveIntegerField(null=True)  # until what waits goes to the overflow queue
    archived_at = models.DateTimeField(null=True)
    revision = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["brand"], condition=Q(is_default=True), name="one_default_queue_a_brand"
            )
        ]

    @property
    def archived(self) -> bool:
        return self.archived_at is not None


class QueueMember(models.Model):
    queue = models.ForeignKey(Queue, on_delete=models.CASCADE, related_name="members")
    person = _person()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["queue", "person"], name="one_member_a_queue")]


class Skill(models.Model):
    """Something that not everybody can do: returns, wholesale, a certain shop."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    brand = _brand()
    name = models.CharField(max_length=60)
    created_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["brand", "name"], name="one_skill_a_name")]


class AgentProfile(models.Model):
    """What somebody can take: `languages` and `kinds` without an entry are all of them; `most` is how many
    conversations at a time by kind of channel, `capacity` how many in all.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    brand = _brand()
    person = _person()
    languages = ArrayField(models.CharField(max_length=8), default=list)
    skills = ArrayField(models.UUIDField(), default=list)
    kinds = ArrayField(models.CharField(max_length=16), default=list)
    capacity = models.PositiveSmallIntegerField()
    most = models.JSONField(default=dict)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["brand", "person"], name="one_profile_an_agent")]


class Presence(models.Model):
    """Whether somebody takes conversations now. `seen_at` is the last sign of their desk, `given_at` when
    they were last given a conversation.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    brand = _brand()
    person = _person()
    state = models.CharField(max_length=8, choices=State.choices, default=State.OFFLINE)
    reason = models.CharField(max_length=80, blank=True)
    since = models.DateTimeField(default=now)
    seen_at = models.DateTimeField(null=True)
    given_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["brand", "person"], name="one_presence_a_person")]
        indexes = [
            models.Index(fields=["seen_at"], name="presence_to_watch", condition=~Q(state=State.OFFLINE))
        ]


class RoutingRule(models.Model):
    """If all `conditions` hold of a conversation that begins, then it goes into `queue` and the rest applies.
    The first rule that fits decides.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    brand = _brand()
    order = models.PositiveIntegerField(default=0)
    name = models.CharField(max_length=80)
    conditions = models.JSONField(default=dict)  # as `routing.conditions.Conditions` holds them
    queue = models.ForeignKey(Queue, null=True, on_delete=models.SET_NULL, related_name="+")
    skills = ArrayField(models.UUIDField(), default=list)
    priority = models.SmallIntegerField(null=True)
    language = models.CharField(max_length=8, blank=True)
    enabled = models.BooleanField(default=True)
    revision = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=now, editable=False)
