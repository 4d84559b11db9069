from django.db import models
from django.db.models import Q

from parcours.core.clock import now
from parcours.core.ids import new_id


class Thread(models.Model):
    """A conversation about a card, a touchpoint, a cell (stage and lane), a stage, or the whole journey.

    What it is about may be deleted and put back: the thread waits for it.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    journey = models.ForeignKey("canvas.Journey", on_delete=models.CASCADE, related_name="threads")
    card = models.ForeignKey("canvas.Card", null=True, on_delete=models.CASCADE, related_name="threads")
    stage = models.ForeignKey("canvas.Stage", null=True, on_delete=models.CASCADE, related_name="+")
    lane = models.ForeignKey("canvas.Lane", null=True, on_delete=models.CASCADE, related_name="+")
    touchpoint = models.ForeignKey("canvas.Touchpoint", null=True, on_delete=models.CASCADE, related_name="+")
    resolved_at = models.DateTimeField(null=True)
    resolved_by = models.ForeignKey("accounts.Person", null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=now, editable=False)
    updated_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(card=None, touchpoint=None)
                | Q(card=None, stage=None, lane=None)
                | Q(touchpoint=None, stage=None, lane=None),
                name="thread_about_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(lane=None) | Q(stage__isnull=False), name="thread_lane_in_stage"
            ),
        ]
        indexes = [
            models.Index(fields=["journey", "-updated_at"], name="threads_of_journey"),
        ]


class Comment(models.Model):
    """What somebody said in a thread. In `text` people are named by their id: `<@…>` (see `mentions`).

    Without an `author` it was said by a program (`author_label` is its name), or by somebody who left.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="comments")
    author = models.ForeignKey("accounts.Person", null=True, on_delete=models.SET_NULL, related_name="+")
    author_label = models.CharField(max_length=160, blank=True)
    text = models.TextField()
    created_at = models.DateTimeField(default=now, editable=False)
    edited_at = models.DateTimeField(null=True)
    deleted_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["thread", "created_at"], name="comments_of_thread")]


class Mention(models.Model):
    """Somebody is named in a comment."""

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="mentions")
    person = models.ForeignKey("accounts.Person", on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["comment", "person"], name="mentioned_once")]


class Muted(models.Model):
    """Somebody wants to hear no more of a thread, unless they are mentioned."""

    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="muted")
    person = models.ForeignKey("accounts.Person", on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["thread", "person"], name="muted_once")]
