"""What of the inbox's own life is told: its writes call these, in their transaction."""

from typing import Any

from parcours.inbox.enums import Direction, Step
from parcours.inbox.models import Contact, Conversation, Message
from parcours.inbox.webhooks.outbox import announce

CHANGES = {
    "started": "conversation.created",
    **{
        what: f"conversation.{what}"
        for what in (
            "assigned", "closed", "reopened", "snoozed", "woken", "placed", "tagged", "prioritised",
            "merged", "unmerged", "split", "rated",
        )
    },
}  # fmt: skip
STEPS = {Step.SENT, Step.DELIVERED, Step.READ, Step.FAILED}


def hear_change(conversation: Conversation, what: str) -> None:
    """`what` as in `writes.common.changed`; what isn't in `CHANGES` is nobody else's business."""
    kind = CHANGES.get(what)
    if kind is not None:
        announce_conversation(conversation, kind)


def announce_conversation(conversation: Conversation, kind: str, **more: Any) -> None:
    """Under any kind that is registered; `more` stands beside the conversation."""
    announce(
        conversation.brand_id,
        kind,
        lambda: {"conversation": conversation_data(conversation), **more},
        channel=conversation.account.kind,
        conversation_id=conversation.pk,
        contact_id=conversation.contact_id,
    )


def hear_message(conversation: Conversation, message: Message, is_new: bool) -> None:  # noqa: ARG001
    """Called with each message that a channel brings, also those that the team sent by another way."""
    kind = "message.received" if message.direction == Direction.IN else "message.sent"
    _announce_message(conversation, message, kind)


def hear_step(message: Message) -> None:
    """A message of ours came a step further."""
    if message.direction == Direction.OUT and Step(message.step) in STEPS:
        _announce_message(message.conversation, message, f"message.{message.step}")


def hear_contact(contact: Contact, kind: str) -> None:
    announce(
        contact.brand_id,
        kind,
        lambda: {"contact": contact_data(contact)},
        channel=contact.account.kind,
        contact_id=contact.pk,
    )


def hear_erasure(contact: Contact) -> None:
    """Whoever keeps a copy has to let go of it, too. The event isn't theirs: it outlives what it tells of."""
    channel = contact.account.kind
    data = {"contact": {"id": str(contact.pk), "account": str(contact.account_id), "channel": channel}}
    announce(contact.brand_id, "contact.erased", lambda: data, channel=channel)


def _announce_message(conversation: Conversation, message: Message, kind: str) -> None:
    announce(
        conversation.brand_id,
        kind,
        lambda: {"message": message_data(message), "conversation": conversation_data(conversation)},
        channel=conversation.account.kind,
        conversation_id=conversation.pk,
        contact_id=conversation.contact_id,
        message_id=message.pk,
    )


def conversation_data(row: Conversation) -> dict[str, Any]:
    return {
        "id": str(row.pk),
        "number": row.number,
        "channel": row.account.kind,
        "account": str(row.account_id),
        "contact": str(row.contact_id),
        "customer": row.customer_id,
        "status": row.status,
        "assignee": _id(row.assignee_id),
        "queue": _id(row.queue_id),
        "priority": row.priority,
        "tags": list(row.tags),
        "journey": _id(row.journey_id),
        "stage": _id(row.stage_id),
        "touchpoint": _id(row.touchpoint_id),
        "topic": row.topic,
        "rating": row.rating,
        "merged_into": _id(row.merged_into_id),
        "messages": row.message_count,
        "created_at": row.created_at.isoformat(),
        "waiting_since": _moment(row.waiting_since),
        "snoozed_until": _moment(row.snoozed_until),
        "closed_at": _moment(row.closed_at),
        "revision": row.revision,
    }


def message_data(row: Message) -> dict[str, Any]:
    return {
        "id": str(row.pk),
        "direction": row.direction,
        "author_kind": row.author_kind,
        "author": _id(row.author_id),
        "at": row.at.isoformat(),
        "step": row.step,
        "files": row.attachments.count(),
    }


def contact_data(row: Contact) -> dict[str, Any]:
    return {
        "id": str(row.pk),
        "account": str(row.account_id),
        "channel": row.account.kind,
        "customer": row.customer_id,
        "language": row.language,
        "blocked": row.blocked_at is not None,
    }


def _id(value: object) -> str | None:
    return str(value) if value else None


def _moment(value: Any) -> str | None:
    return value.isoformat() if value else None
