"""Conversations that wait again: nobody answered them, their agent left, or their queue is too full."""

import uuid
from collections.abc import Collection
from datetime import timedelta

from django.db import transaction
from django.db.models import F, Q, QuerySet

from parcours.accounts.rights import Actor, system_actor
from parcours.core.clock import now
from parcours.inbox.enums import ConversationStatus
from parcours.inbox.hours.reads import hours_of
from parcours.inbox.models import Conversation
from parcours.inbox.nudging import ask_to_assign
from parcours.inbox.routing.circles import leads_to
from parcours.inbox.routing.enums import LIVE_KINDS, UNANSWERED, State
from parcours.inbox.routing.models import Presence, Queue, RoutingSettings
from parcours.inbox.routing.patience import worked_before
from parcours.inbox.routing.turns import turn_of
from parcours.inbox.writes.common import add_line, changed
from parcours.live.writes import publish

GONE_FOR = timedelta(hours=24)
"""What was given to somebody who has been offline for so long goes to somebody else, mails too."""
MISSED_WORK = timedelta(hours=4)
"""So much of it must have been working time: nobody is gone because it is Sunday."""
AT_ONCE = 200


def look_after_all() -> None:
    """Every brand that lets conversations be handed out."""
    for brand_id in RoutingSettings.objects.filter(assigns=True).values_list("brand_id", flat=True):
        look_after(brand_id)


def look_after(brand_id: uuid.UUID) -> int:
    """Returns how many wait again or elsewhere, and lets them be handed out."""
    moved = 0
    with transaction.atomic():
        if not turn_of(brand_id).assigns:
            return 0
        acting = system_actor(brand_id)
        back = _unanswered(brand_id)
        passed = {each.assignee_id for each in back if each.assignee_id is not None}
        for conversation in back:
            give_back(conversation, "unanswered", acting)
        _away(brand_id, passed)
        gone = _of_people_who_are_gone(brand_id)
        for conversation in gone:
            give_back(conversation, "left", acting)
        over = _overflow(brand_id, acting)
        for conversation in [*back, *gone, *over]:
            changed(conversation, "assigned")
            moved += 1
        for person_id in passed:
            tell_presence(brand_id, person_id)
    ask_to_assign(brand_id)
    return moved


def give_back(conversation: Conversation, why: str, acting_user: Actor) -> None:
    """It waits for somebody again, and rather for somebody else. The caller tells open pages, last of all."""
    person = conversation.assignee
    conversation.assignee = None
    conversation.offered_at, conversation.queued_at = None, now()
    if person is not None and person.pk not in conversation.passed_by:
        conversation.passed_by = [*conversation.passed_by, person.pk]
    conversation.revision += 1
    conversation.save(update_fields=["assignee", "offered_at", "queued_at", "passed_by", "revision"])
    facts = {"why": why, "person": str(person.pk) if person else "", "name": person.label if person else ""}
    add_line(conversation, "given back", acting_user, facts)


def tell_presence(brand_id: uuid.UUID, person_id: uuid.UUID) -> None:
    """Open pages hear how somebody is there now."""
    row = Presence.objects.filter(brand_id=brand_id, person_id=person_id).first()
    if row is not None:
        told = {
            "person": str(person_id),
            "state": row.state,
            "reason": row.reason,
            "since": row.since.isoformat(),
        }
        publish(brand_id, f"inbox:{brand_id}", "presence.changed", told)


def _away(brand_id: uuid.UUID, people: Collection[uuid.UUID]) -> None:
    """Whoever lets a chat pass isn't at their desk: they get no others until they say that they are back."""
    rows = Presence.objects.filter(brand_id=brand_id, person__in=list(people), state=State.ONLINE)
    rows.update(state=State.AWAY, reason=UNANSWERED, since=now())


def _unanswered(brand_id: uuid.UUID) -> list[Conversation]:
    """Chats that were given to somebody and not answered since, in queues that say within what time."""
    waited = Q(pk__in=[])
    for queue in Queue.objects.filter(brand_id=brand_id, answer_within__isnull=False):
        before = now() - timedelta(seconds=queue.answer_within or 0)
        here = Q(queue_id=queue.pk) | (Q(queue_id=None) if queue.is_default else Q(pk__in=[]))
        waited |= here & Q(offered_at__lte=before)
    rows = _locked(brand_id).filter(
        waited, account__kind__in=LIVE_KINDS, assignee__isnull=False, waiting_since__lte=F("offered_at")
    )
    return list(rows.order_by("pk")[:AT_ONCE])


def _of_people_who_are_gone(brand_id: uuid.UUID) -> list[Conversation]:
    """What was handed out, not what a person assigned: that stays where it was put."""
    hours = hours_of(brand_id=brand_id)
    since = min(now() - GONE_FOR, worked_before(hours, now(), MISSED_WORK))
    gone = Presence.objects.filter(brand_id=brand_id, state=State.OFFLINE, since__lte=since)
    rows = _locked(brand_id).filter(
        offered_at__isnull=False, assignee__in=gone.values("person_id"), waiting_since__isnull=False
    )
    return list(rows.order_by("pk")[:AT_ONCE])


def _overflow(brand_id: uuid.UUID, acting_user: Actor) -> list[Conversation]:
    """What waits in a queue for too long goes on to the next one; there it begins to wait anew. Queues that
    stand in a circle keep what they have: it would go round for ever.
    """
    moved: list[Conversation] = []
    queues = {row.pk: row for row in Queue.objects.filter(brand_id=brand_id, archived_at=None)}
    following = {pk: row.overflow_queue_id for pk, row in queues.items()}
    for queue in queues.values():
        other = queues.get(queue.overflow_queue_id) if queue.overflow_queue_id else None
        if other is None or leads_to(queue.pk, queue.pk, following):
            continue
        rows = _locked(brand_id).filter(_too_long(queue), assignee=None, waiting_since__isnull=False)
        for conversation in rows.order_by("pk")[:AT_ONCE]:
            conversation.queue_id, conversation.queued_at = other.pk, now()
            conversation.revision += 1
            conversation.save(update_fields=["queue_id", "queued_at", "revision"])
            add_line(conversation, "overflowed", acting_user, {"from": queue.name, "queue": other.name})
            moved.append(conversation)
    return moved


def _too_long(queue: Queue) -> Q:
    """In its hours, so that what came at night isn't elsewhere by the morning; whoever sits and waits doesn't
    wait for anybody's hours.
    """
    span = timedelta(minutes=queue.after_minutes or 0)
    hours = hours_of(queue=queue, brand_id=queue.brand_id)
    live = Q(account__kind__in=LIVE_KINDS)
    here = Q(queue_id=queue.pk) | (Q(queue_id=None) if queue.is_default else Q(pk__in=[]))
    long_enough = (live & Q(queued_at__lte=now() - span)) | (
        ~live & Q(queued_at__lte=worked_before(hours, now(), span))
    )
    return here & long_enough


def _locked(brand_id: uuid.UUID) -> QuerySet[Conversation]:
    """Those that nobody is changing at the moment; the others are looked at the next time."""
    rows = Conversation.objects.select_for_update(no_key=True, of=("self",), skip_locked=True)
    return rows.select_related("account__brand", "account__source", "contact__account", "assignee").filter(
        brand_id=brand_id, status=ConversationStatus.OPEN, merged_into=None
    )
