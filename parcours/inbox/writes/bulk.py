"""Conversations of the past, many at once: of another tool that is left behind, or of a simulated shop.

They come as they ended, with every message and its steps in the ledger. Nothing is sent, nobody is told of
each, and the log isn't told: whoever brings the past brings its events by an import.
"""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import F

from parcours.accounts.rights import Actor
from parcours.core.text import one_line, storable
from parcours.inbox.enums import AuthorKind, ConversationStatus, Direction, PlacedBy, Step
from parcours.inbox.models import ChannelAccount, Contact, Conversation, Counter, LedgerEntry, Message
from parcours.inbox.rights import MANAGE
from parcours.inbox.writes.common import PREVIEW
from parcours.journal.writes import record
from parcours.live.writes import publish

AT_ONCE = 1_000
_WAYS = {
    Direction.IN: (Step.RECEIVED, Step.STORED, Step.SHOWN),
    Direction.OUT: (Step.QUEUED, Step.SENT, Step.DELIVERED, Step.READ),
    Direction.NOTE: (Step.STORED,),
}


@dataclass(frozen=True, slots=True)
class PastMessage:
    """`step` is how far it came; what lies before it came at the same time."""

    direction: str
    text: str
    at: datetime
    author_kind: str = AuthorKind.CUSTOMER
    author_id: uuid.UUID | None = None
    author: str = ""
    step: str = ""


@dataclass(frozen=True, slots=True)
class PastContact:
    """As `channels.base.Sender`, with the customer that they are known to be."""

    external_id: str
    customer_id: int
    name: str = ""
    handle: str = ""
    language: str = ""
    identities: Mapping[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class PastConversation:
    """`key` names it for ever: the same one is added once. At most one of a contact and thread may stand."""

    key: str
    contact: PastContact
    messages: Sequence[PastMessage]
    thread: str = ""
    subject: str = ""
    status: str = ConversationStatus.CLOSED
    assignee_id: uuid.UUID | None = None
    closed_at: datetime | None = None
    snoozed_until: datetime | None = None
    priority: int = 0
    tags: Sequence[str] = ()
    context: Mapping[str, str] = field(default_factory=dict, hash=False)
    journey_id: uuid.UUID | None = None
    stage_id: uuid.UUID | None = None
    touchpoint_id: uuid.UUID | None = None
    topic: str = ""
    rating: int | None = None
    rating_words: str = ""


@transaction.atomic
def add_past(account: ChannelAccount, past: Iterable[PastConversation], *, acting_user: Actor) -> int:
    """Adds those that aren't there yet, in the order of their first message; returns how many."""
    acting_user.require(MANAGE)
    account = ChannelAccount.objects.select_for_update().get(pk=account.pk, brand_id=acting_user.brand_id)
    wanted = {each.key: each for each in past if each.messages}
    there = Message.objects.filter(account=account, external_id__in=[_first_id(key) for key in wanted])
    known = set(there.values_list("external_id", flat=True))
    new = [each for key, each in wanted.items() if _first_id(key) not in known]
    if not new:
        return 0
    new.sort(key=lambda each: each.messages[0].at)
    contacts = _contacts(account, new)
    first = _numbers(account.brand_id, len(new))
    rows = [
        _row(account, contacts[each.contact.external_id], each, first + place)
        for place, each in enumerate(new)
    ]
    Conversation.objects.bulk_create(rows, batch_size=AT_ONCE)
    messages = [
        _message(row, said, _first_id(each.key) if place == 0 else "")
        for row, each in zip(rows, new, strict=True)
        for place, said in enumerate(each.messages)
    ]
    Message.objects.bulk_create(messages, batch_size=AT_ONCE)
    LedgerEntry.objects.bulk_create(
        (LedgerEntry(message=row, step=step, at=row.at) for row in messages for step in _way(row)),
        batch_size=AT_ONCE,
    )
    record(acting_user, "past conversations added", "channel", account.pk, {"count": len(new)})
    publish(account.brand_id, f"inbox:{account.brand_id}", "channel.changed", {"account": str(account.pk)})
    return len(new)


def _first_id(key: str) -> str:
    return f"past:{key}"[:400]


def _contacts(account: ChannelAccount, past: Sequence[PastConversation]) -> dict[str, Contact]:
    """By external id; those who are known stay as they are."""
    wanted = {each.contact.external_id: each.contact for each in past}
    rows = [
        Contact(
            brand_id=account.brand_id,
            account=account,
            external_id=each.external_id,
            name=each.name[:200],
            handle=each.handle[:254],
            language=each.language,
            profile={"identities": dict(each.identities)} if each.identities else {},
            customer_id=each.customer_id,
        )
        for each in wanted.values()
    ]
    Contact.objects.bulk_create(rows, batch_size=AT_ONCE, ignore_conflicts=True)
    found = Contact.objects.filter(account=account, external_id__in=list(wanted))
    return {row.external_id: row for row in found}


def _numbers(brand_id: uuid.UUID, count: int) -> int:
    """Takes so many numbers of the brand's; returns the first."""
    counter, _made = Counter.objects.select_for_update().get_or_create(brand_id=brand_id)
    Counter.objects.filter(pk=counter.pk).update(number=F("number") + count)
    return counter.number + 1


def _row(account: ChannelAccount, contact: Contact, past: PastConversation, number: int) -> Conversation:
    said = [each for each in past.messages if each.direction in {Direction.IN, Direction.OUT}]
    asked = [each for each in said if each.direction == Direction.IN]
    replies = [
        each for each in said if each.direction == Direction.OUT and each.author_kind == AuthorKind.PERSON
    ]
    stands = past.status != ConversationStatus.CLOSED
    unanswered = [each.at for each in asked if not replies or each.at > replies[-1].at]
    last = said[-1]
    return Conversation(
        brand_id=account.brand_id,
        account=account,
        contact=contact,
        customer_id=contact.customer_id,
        number=number,
        thread=past.thread,
        subject=past.subject[:300],
        status=past.status,
        assignee_id=past.assignee_id,
        priority=past.priority,
        tags=list(past.tags),
        language=contact.language,
        context=storable(dict(past.context)),
        journey_id=past.journey_id,
        stage_id=past.stage_id,
        touchpoint_id=past.touchpoint_id,
        placed_by=PlacedBy.CONTEXT if past.stage_id else "",
        topic=past.topic,
        topic_by=PlacedBy.TEXT if past.topic else "",
        looked_at=last.at if past.topic or past.stage_id else None,
        created_at=said[0].at,
        first_reply_at=replies[0].at if replies else None,
        last_message_at=last.at,
        last_customer_at=asked[-1].at if asked else None,
        waiting_since=unanswered[0] if unanswered and stands else None,
        snoozed_until=past.snoozed_until,
        closed_at=None if stands else past.closed_at or last.at,
        message_count=len(said),
        preview=one_line(last.text)[:PREVIEW],
        preview_direction=last.direction,
        rating=past.rating,
        rating_words=past.rating_words,
    )


def _message(conversation: Conversation, said: PastMessage, external_id: str) -> Message:
    return Message(
        brand_id=conversation.brand_id,
        conversation=conversation,
        account_id=conversation.account_id,
        direction=said.direction,
        external_id=external_id,
        author_kind=said.author_kind,
        author_id=said.author_id,
        author_label=said.author[:200]
        or (conversation.contact.name if said.direction == Direction.IN else ""),
        text=storable(said.text),
        at=said.at,
        created_at=said.at,
        step=said.step or _WAYS[Direction(said.direction)][-1],
    )


def _way(row: Message) -> tuple[Step, ...]:
    """The steps it went through, up to the one it shows."""
    way = _WAYS[Direction(row.direction)]
    return way[: way.index(Step(row.step)) + 1] if row.step in way else (*way[:2], Step(row.step))
