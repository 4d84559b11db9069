"""What the team does with a conversation: whose it is, whether it is done, what it is about."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from parcours.accounts.reads import people_of
from parcours.accounts.rights import Actor
from parcours.core.clock import now
from parcours.core.errors import BadInput, NotFound
from parcours.core.text import one_line, storable
from parcours.inbox.enums import ConversationStatus, Direction, PlacedBy, Step
from parcours.inbox.models import Conversation, Message
from parcours.inbox.nudging import ask_to_assign
from parcours.inbox.rights import REPLY, VIEW
from parcours.inbox.routing.floor import AGENT_ROLES
from parcours.inbox.routing.handing import waits_again
from parcours.inbox.writes.common import add_line, changed, locked_conversation, note_deed, note_step
from parcours.inbox.writes.counting import count, said_in
from parcours.inbox.writes.telling import tell
from parcours.live.writes import publish

MOST_TAGS = 30
_MAKES_ROOM = frozenset({"assigned", "closed", "reopened", "snoozed"})
"""After these somebody may have room for another conversation, or this one waits for somebody."""


@transaction.atomic
def assign(
    conversation_id: uuid.UUID,
    person_id: uuid.UUID | None,
    *,
    acting_user: Actor,
    revision: int | None = None,
    queue_id: uuid.UUID | None = None,
) -> Conversation:
    """Gives it to a colleague of the brand, or (None) back to everybody. Raises NotFound, Conflict."""
    conversation = locked_conversation(conversation_id, acting_user, REPLY, revision=revision)
    colleagues = people_of(conversation.account.brand)
    if person_id is not None and not colleagues.filter(person_id=person_id, role__in=AGENT_ROLES).exists():
        raise NotFound(_("There is no such colleague."), where="assignee")
    if conversation.assignee_id == person_id and queue_id is None:
        return conversation
    conversation.assignee_id = person_id
    if queue_id is not None:
        conversation.queue_id = queue_id
    waits_again(conversation, acting_user)
    return _done(conversation, "assigned", acting_user, {"assignee": str(person_id or "")})


@transaction.atomic
def close(conversation_id: uuid.UUID, *, acting_user: Actor, revision: int | None = None) -> Conversation:
    """Done; it goes on when the customer writes again soon."""
    conversation = locked_conversation(conversation_id, acting_user, REPLY, revision=revision)
    if conversation.status == ConversationStatus.CLOSED:
        return conversation
    conversation.status, conversation.closed_at = ConversationStatus.CLOSED, now()
    conversation.snoozed_until = conversation.waiting_since = None
    seconds = round((now() - conversation.created_at).total_seconds(), 1)
    properties = {"seconds": seconds, "agent": acting_user.label}
    tell(conversation, "Conversation Resolved", str(conversation.revision), properties)
    return _done(conversation, "closed", acting_user, {})


@transaction.atomic
def reopen(
    conversation_id: uuid.UUID, *, acting_user: Actor, revision: int | None = None, undo: bool = False
) -> Conversation:
    """To go on with it; with `undo` as if it had never been closed: whoever waited waits. Raises BadInput
    while another one of the same contact stands.
    """
    conversation = locked_conversation(conversation_id, acting_user, REPLY, revision=revision)
    if conversation.status == ConversationStatus.OPEN:
        return conversation
    others = Conversation.objects.filter(contact=conversation.contact, thread=conversation.thread)
    if others.exclude(pk=conversation.pk).exclude(status=ConversationStatus.CLOSED).exists():
        raise BadInput(_("A newer conversation with this contact is open."), remedy=_("Go on there."))
    was_closed = conversation.status == ConversationStatus.CLOSED
    conversation.status = ConversationStatus.OPEN
    conversation.closed_at = conversation.snoozed_until = None
    if was_closed:
        tell(conversation, "Conversation Reopened", str(conversation.revision))
        if undo and conversation.contact.blocked_at is None:
            conversation.waiting_since = count(said_in([conversation.pk])[conversation.pk]).unanswered_since
    return _done(conversation, "reopened", acting_user, {})


@transaction.atomic
def snooze(
    conversation_id: uuid.UUID, until: datetime, *, acting_user: Actor, revision: int | None = None
) -> Conversation:
    """Out of the way until then, or until the customer writes. Raises BadInput for a moment that is past."""
    conversation = locked_conversation(conversation_id, acting_user, REPLY, revision=revision)
    if until <= now():
        raise BadInput(_("This moment has passed."), where="until")
    conversation.status, conversation.snoozed_until = ConversationStatus.SNOOZED, until
    conversation.closed_at = None
    return _done(conversation, "snoozed", acting_user, {"until": until.isoformat()})


def wake_up() -> int:
    """Opens what was snoozed until now; returns how many."""
    woken = 0
    for pk in Conversation.objects.filter(
        status=ConversationStatus.SNOOZED, snoozed_until__lte=now()
    ).values_list("pk", flat=True)[:500]:
        with transaction.atomic():
            row = (
                Conversation.objects.select_for_update(no_key=True, of=("self",))
                .select_related("account", "contact")
                .get(pk=pk)
            )
            if row.status != ConversationStatus.SNOOZED:
                continue
            row.status, row.snoozed_until = ConversationStatus.OPEN, None
            row.revision += 1
            row.save(update_fields=["status", "snoozed_until", "revision"])
            changed(row, "woken")
            woken += 1
    return woken


@transaction.atomic
def set_tags(
    conversation_id: uuid.UUID,
    tags: Sequence[str],
    *,
    acting_user: Actor,
    seen: Sequence[str] | None = None,
    revision: int | None = None,
) -> Conversation:
    """All its tags. With `seen`, those that the person had before them, what a colleague added meanwhile
    stays, and what one took away is not put back. Raises BadInput for too many, or one that is too long.
    """
    conversation = locked_conversation(conversation_id, acting_user, REPLY, revision=revision)
    wanted = _tidy(tags)
    known, stand = _tidy(seen or ()), conversation.tags
    if seen is not None and known != stand:
        kept = [tag for tag in stand if tag in wanted or tag not in known]
        wanted = [*kept, *(tag for tag in wanted if tag not in known and tag not in stand)]
    if len(wanted) > MOST_TAGS or any(len(tag) > 40 for tag in wanted):
        raise BadInput(
            _("A conversation has at most {n} tags of at most 40 characters.").format(n=MOST_TAGS),
            where="tags",
        )
    if wanted == conversation.tags:
        return conversation
    conversation.tags = wanted
    return _done(conversation, "tagged", acting_user, {"tags": wanted})


@transaction.atomic
def change_tags(
    conversation_id: uuid.UUID, *, add: Sequence[str] = (), remove: Sequence[str] = (), acting_user: Actor
) -> Conversation:
    """Some tags more, some fewer, whatever others do at once. Raises BadInput like `set_tags`."""
    gone = _tidy(remove)
    added = [tag for tag in _tidy(add) if tag not in gone]
    return set_tags(conversation_id, added, seen=gone, acting_user=acting_user)


def _tidy(tags: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(filter(None, (one_line(storable(tag)).lower() for tag in tags))))


@transaction.atomic
def set_priority(
    conversation_id: uuid.UUID, priority: int, *, acting_user: Actor, revision: int | None = None
) -> Conversation:
    """-1 can wait, 0 as usual, 1 urgent. Raises BadInput."""
    conversation = locked_conversation(conversation_id, acting_user, REPLY, revision=revision)
    if priority not in {-1, 0, 1}:
        raise BadInput(_("“{text}” is not one of the choices.").format(text=priority), where="priority")
    conversation.priority = priority
    return _done(conversation, "prioritised", acting_user, {"priority": priority})


@transaction.atomic
def place(
    conversation_id: uuid.UUID,
    *,
    acting_user: Actor,
    placed_by: str = PlacedBy.PERSON,
    journey_id: uuid.UUID | None = None,
    stage_id: uuid.UUID | None = None,
    touchpoint_id: uuid.UUID | None = None,
    topic: str | None = None,
    revision: int | None = None,
) -> Conversation:
    """Says which stage and touchpoint it belongs to, or what it is about (`topic`). A person's word isn't
    changed by a machine's. The log is told when something changed, so that canvases count it there.
    """
    conversation = locked_conversation(conversation_id, acting_user, REPLY, revision=revision)
    before = _place_of(conversation)
    conversation.looked_at = now()
    if stage_id is not None and not _outweighed(conversation.placed_by, placed_by):
        conversation.journey_id, conversation.stage_id = journey_id, stage_id
        conversation.touchpoint_id, conversation.placed_by = touchpoint_id, placed_by
    if topic is not None and not _outweighed(conversation.topic_by, placed_by):
        conversation.topic = one_line(storable(topic))[:80]
        conversation.topic_by = placed_by if conversation.topic else ""
    if _place_of(conversation) == before:
        conversation.save(update_fields=["looked_at"])
        return conversation
    tell(conversation, "Conversation Placed", str(conversation.revision), {"placed_by": placed_by})
    if placed_by != PlacedBy.PERSON:
        conversation.revision += 1
        conversation.save()
        changed(conversation, "placed")
        return conversation
    data = {"stage": str(stage_id or ""), "topic": conversation.topic}
    return _done(conversation, "placed", acting_user, data)


def _place_of(conversation: Conversation) -> tuple[object, ...]:
    return conversation.journey_id, conversation.stage_id, conversation.touchpoint_id, conversation.topic


@transaction.atomic
def mark_shown(conversation_id: uuid.UUID, *, acting_user: Actor) -> None:
    """A colleague has seen what the customer wrote."""
    acting_user.require(VIEW)
    rows = Message.objects.select_for_update(of=("self",)).filter(
        conversation_id=conversation_id,
        brand_id=acting_user.brand_id,
        direction=Direction.IN,
        step=Step.STORED,
    )
    shown = list(rows.order_by("at", "id"))
    for message in shown:
        note_step(message, Step.SHOWN, acting_user.label)
    if shown:
        told = {"conversation": str(conversation_id), "up_to": shown[-1].at.isoformat()}
        publish(acting_user.brand_id, f"conversation:{conversation_id}", "conversation.shown", told)


def _outweighed(before: str, by: str) -> bool:
    order = list(PlacedBy)
    return bool(before) and order.index(PlacedBy(before)) > order.index(PlacedBy(by))


def _done(
    conversation: Conversation, what: str, acting_user: Actor, data: Mapping[str, object]
) -> Conversation:
    conversation.revision += 1
    conversation.save()
    add_line(conversation, what, acting_user, data)
    note_deed(acting_user, conversation, f"conversation {what}", dict(data))
    changed(conversation, what)
    if what in _MAKES_ROOM:
        transaction.on_commit(lambda: ask_to_assign(conversation.brand_id))
    return conversation
