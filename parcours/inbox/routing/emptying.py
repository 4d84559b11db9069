"""What stands in a queue that is put away goes elsewhere, and comes back with it: all of it at once, however
much that is. Open pages are told once, and what is due is counted anew by a worker.
"""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F

from parcours.accounts.rights import Actor
from parcours.core.clock import now
from parcours.inbox.enums import AuthorKind, Direction, Step
from parcours.inbox.models import STANDING, Conversation, Message
from parcours.inbox.nudging import ask_to_count_due
from parcours.inbox.routing.models import Queue
from parcours.live.writes import publish

AT_ONCE = 1_000


def empty_into(queue: Queue, other: Queue, acting_user: Actor) -> int:
    """Everything that stands in it goes there; returns how much. The caller has the turn of the brand."""
    here = Conversation.objects.filter(STANDING, brand_id=queue.brand_id, queue_id=queue.pk)
    return _move(list(here.values_list("pk", flat=True)), other, acting_user, since=queue.pk)


def fill_again(queue: Queue, other: Queue, put_away: datetime, acting_user: Actor) -> int:
    """What went there when it was put away, and still stands there, comes back; returns how much."""
    there = Conversation.objects.filter(STANDING, brand_id=queue.brand_id, queue_id=other.pk)
    lines = Message.objects.filter(
        conversation__in=there, direction=Direction.LINE, payload__since=str(queue.pk), at__gte=put_away
    )
    return _move(list(lines.values_list("conversation_id", flat=True)), queue, acting_user)


def _move(ids: Collection[UUID], queue: Queue, acting_user: Actor, *, since: UUID | None = None) -> int:
    """`since` is the queue in which they were, where they may come back to it."""
    rows = Conversation.objects.select_for_update(no_key=True).filter(pk__in=ids)
    found = list(rows.order_by("pk").values_list("pk", "account_id"))
    if not found:
        return 0
    Conversation.objects.filter(pk__in=[pk for pk, _account in found]).update(
        queue_id=queue.pk, revision=F("revision") + 1
    )
    facts = {"what": "moved", "queue": queue.name} | ({"since": str(since)} if since else {})
    is_person, moment = acting_user.kind == "person", now()
    Message.objects.bulk_create(
        (
            Message(
                brand_id=queue.brand_id,
                conversation_id=pk,
                account_id=account,
                direction=Direction.LINE,
                author_kind=AuthorKind.PERSON if is_person else AuthorKind.SYSTEM,
                author_id=acting_user.id if is_person else None,
                author_label=acting_user.label,
                payload=facts,
                at=moment,
                created_at=moment,
                step=Step.STORED,
            )
            for pk, account in found
        ),
        batch_size=AT_ONCE,
    )
    publish(queue.brand_id, f"inbox:{queue.brand_id}", "inbox.changed", {"what": "moved", "conversation": ""})
    transaction.on_commit(lambda: ask_to_count_due(queue.brand_id))
    return len(found)
