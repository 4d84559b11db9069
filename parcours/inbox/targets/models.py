from django.db import models

from parcours.core.clock import now
from parcours.core.ids import new_id
from parcours.inbox.targets.enums import Mark, Metric


class Target(models.Model):
    """Within how many minutes conversations that meet all `conditions` are to be answered and solved; the
    first that fits, by `order`, counts. Empty minutes: no such target.

    Minutes are of business time where `in_business_time`. With `pauses` the time to a resolution stands still
    while it is the customer's turn. Warned is after `warn_at` percent of the time.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    brand = models.ForeignKey("accounts.Brand", on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=80)
    order = models.PositiveSmallIntegerField(default=0)
    conditions = models.JSONField(default=dict)  # queue, kind, priority, segment: lists of what may be
    first_reply = models.PositiveIntegerField(null=True)
    next_reply = models.PositiveIntegerField(null=True)
    resolution = models.PositiveIntegerField(null=True)
    in_business_time = models.BooleanField(default=True)
    pauses = models.BooleanField(default=True)
    warn_at = models.PositiveSmallIntegerField(default=75)
    revision = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=now, editable=False)
    removed_at = models.DateTimeField(null=True)


class TargetMark(models.Model):
    """That a conversation was soon due, or late: noted once for each answer that was waited for, however many
    workers look. `began_at` is when that waiting began; `agent_id` whose conversation it was.
    """

    id = models.BigAutoField(primary_key=True)
    brand = models.ForeignKey("accounts.Brand", on_delete=models.CASCADE, related_name="+", db_index=False)
    conversation = models.ForeignKey("inbox.Conversation", on_delete=models.CASCADE, related_name="+")
    target_id = models.UUIDField()
    metric = models.CharField(max_length=12, choices=Metric.choices)
    mark = models.CharField(max_length=8, choices=Mark.choices)
    began_at = models.DateTimeField()
    due_at = models.DateTimeField()
    agent_id = models.UUIDField(null=True)
    at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["conversation", "metric", "mark", "began_at"], name="one_mark_a_waiting"
            )
        ]
        indexes = [models.Index(fields=["brand", "-at"], name="target_mark_newest")]


class LateNotice(models.Model):
    """How many late conversations of a queue somebody knows of, and when they were told: they hear of it
    again when there are more. `number` follows what is answered, down to none; `pending` says that one became
    late of which they have not been told.
    """

    id = models.BigAutoField(primary_key=True)
    brand = models.ForeignKey("accounts.Brand", on_delete=models.CASCADE, related_name="+", db_index=False)
    person = models.ForeignKey("accounts.Person", on_delete=models.CASCADE, related_name="+", db_index=False)
    queue_id = models.UUIDField()
    number = models.PositiveIntegerField(default=0)
    pending = models.BooleanField(default=False)
    told_at = models.DateTimeField(null=True)
    notice = models.ForeignKey("notices.Notice", null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["brand", "person", "queue_id"], name="one_late_notice_a_queue")
        ]
