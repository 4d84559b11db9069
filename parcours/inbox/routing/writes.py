"""What becomes of a conversation that begins, and of one that moves to another queue."""

import uuid
from collections.abc import Mapping
from functools import cache
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from parcours.accounts.models import Membership
from parcours.accounts.rights import Actor, system_actor
from parcours.core.clock import now
from parcours.core.errors import Conflict, NotFound
from parcours.core.language import language_of
from parcours.inbox.enums import AuthorKind, ConversationStatus
from parcours.inbox.models import Conversation, Message
from parcours.inbox.nudging import ask_to_assign
from parcours.inbox.rights import MANAGE, REPLY
from parcours.inbox.routing.conditions import Facts
from parcours.inbox.routing.deciding import Decision, decide, segments_of_customer
from parcours.inbox.routing.enums import LIVE_KINDS, State
from parcours.inbox.routing.floor import AGENT_ROLES
from parcours.inbox.routing.models import Presence, Queue, RoutingSettings
from parcours.inbox.routing.queues import default_queue
from parcours.inbox.routing.returning import give_back
from parcours.inbox.routing.telling import routing_changed
from parcours.inbox.routing.turns import turn_of
from parcours.inbox.writes.common import add_line, changed, locked_conversation, note_deed

ROUTED = ("queue_id", "queued_at", "wanted_skills", "priority", "language")


def route_received(conversation: Conversation, message: Message, is_new: bool) -> None:
    """Handler of received messages: a new conversation finds its queue; one whose customer writes again waits
    anew, and a chat whose agent has gone waits for somebody else.
    """
    if is_new:
        route(conversation, message.text)
    elif message.author_kind != AuthorKind.CUSTOMER or message.direction != "in":
        return
    elif conversation.assignee_id is not None:
        if not _still_answers(conversation):
            give_back(conversation, "gone", system_actor(conversation.brand_id))
        else:
            _leave_those_who_are_gone(conversation)
    elif conversation.queued_at is None or conversation.waiting_since == message.at:
        conversation.queued_at = now()
        conversation.save(update_fields=["queued_at"])
    brand_id = conversation.brand_id
    if conversation.assignee_id is None and conversation.waiting_since is not None:
        transaction.on_commit(lambda: ask_to_assign(brand_id))


def route(conversation: Conversation, text: str = "") -> Decision:
    """Puts it into the queue that the rules say, in the caller's transaction: three queries, one more when a
    rule fits, and what rules about customers and segments take.
    """
    brand = conversation.account.brand
    if not conversation.contact.language:
        conversation.language = language_of(text) or conversation.language
    decision = decide(brand, facts_of(conversation, text), default_queue(brand))
    conversation.queue_id, conversation.queued_at = decision.queue.pk, now()
    rule = decision.rule
    if rule is not None:
        conversation.wanted_skills = list(rule.skills)
        conversation.priority = conversation.priority if rule.priority is None else rule.priority
        conversation.language = rule.language or conversation.language
    conversation.save(update_fields=list(ROUTED))
    if rule is not None:
        facts = {"queue": decision.queue.name, "rule": rule.name, "found": dict(decision.found)}
        add_line(conversation, "routed", system_actor(brand.pk), facts)
    return decision


def facts_of(conversation: Conversation, text: str) -> Facts:
    context: Mapping[str, Any] = conversation.context
    return Facts(
        kind=conversation.account.kind,
        account_id=conversation.account_id,
        language=conversation.language,
        text=f"{conversation.subject}\n{text}",
        page=str(context.get("page", "")),
        topic=conversation.topic,
        is_known=cache(lambda: _wrote_before(conversation)),
        segments=cache(lambda: segments_of_customer(conversation.account.brand, conversation.customer_id)),
    )


@transaction.atomic
def move(
    conversation_id: uuid.UUID, queue_id: uuid.UUID, *, acting_user: Actor, revision: int | None = None
) -> Conversation:
    """Into another queue, where it waits for somebody from there. Raises NotFound, Conflict."""
    conversation = locked_conversation(conversation_id, acting_user, REPLY, revision=revision)
    queue = Queue.objects.filter(brand_id=acting_user.brand_id, pk=queue_id, archived_at=None).first()
    if queue is None:
        raise NotFound(_("There is no such queue."), where="queue")
    if conversation.queue_id == queue.pk:
        return conversation
    conversation.queue_id, conversation.queued_at = queue.pk, now()
    conversation.assignee = conversation.offered_at = None
    conversation.passed_by = []
    conversation.revision += 1
    conversation.save()
    add_line(conversation, "moved", acting_user, {"queue": queue.name})
    note_deed(acting_user, conversation, "conversation moved", {"queue": queue.name})
    changed(conversation, "assigned")
    transaction.on_commit(lambda: ask_to_assign(conversation.brand_id))
    return conversation


@transaction.atomic
def save_settings(
    *, assigns: bool, sticky: bool, acting_user: Actor, revision: int | None = None
) -> RoutingSettings:
    """Whether conversations are handed out by themselves. Raises Conflict."""
    acting_user.require(MANAGE)
    row = turn_of(acting_user.brand_id)
    if revision and revision != row.revision:
        raise Conflict(_("Somebody changed this a moment ago."), remedy=_("Look at it, then try again."))
    row.assigns, row.sticky = assigns, sticky
    row.revision += 1
    row.save()
    routing_changed(acting_user, "routing set", "brand", acting_user.brand_id, {"assigns": assigns})
    return row


def _still_answers(conversation: Conversation) -> bool:
    """Of whom it was may have left, or answer customers no more, since it was closed."""
    return Membership.objects.filter(
        brand_id=conversation.brand_id, person=conversation.assignee_id, role__in=AGENT_ROLES
    ).exists()


def _leave_those_who_are_gone(conversation: Conversation) -> None:
    brand_id = conversation.brand_id
    if conversation.account.kind not in LIVE_KINDS or conversation.status != ConversationStatus.OPEN:
        return
    if not RoutingSettings.objects.filter(brand_id=brand_id, assigns=True).exists():
        return
    here = Presence.objects.filter(brand_id=brand_id, person=conversation.assignee_id).exclude(
        state=State.OFFLINE
    )
    if not here.exists():
        give_back(conversation, "left", system_actor(brand_id))


def _wrote_before(conversation: Conversation) -> bool:
    if conversation.customer_id is None:
        return False
    theirs = Conversation.objects.filter(brand_id=conversation.brand_id, customer_id=conversation.customer_id)
    return theirs.exclude(pk=conversation.pk).exists()
