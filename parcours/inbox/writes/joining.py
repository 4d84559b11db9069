"""Two conversations that are one matter, and one that is two."""

import uuid

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from parcours.accounts.rights import Actor
from parcours.core.clock import now
from parcours.core.errors import BadInput, Conflict, NotFound
from parcours.inbox.enums import ConversationStatus, Direction
from parcours.inbox.models import Conversation, Counter, Message
from parcours.inbox.rights import REPLY
from parcours.inbox.writes.common import add_line, changed, locked_conversation, note_deed
from parcours.inbox.writes.counting import count, said_in

_WORDS = (Direction.IN, Direction.OUT)


@transaction.atomic
def merge(conversation_id: uuid.UUID, into_id: uuid.UUID, *, acting_user: Actor) -> Conversation:
    """Moves everything of one conversation into another, which goes on; `unmerge` takes it apart again.

    What customers answer to either goes into the one that stands. Raises BadInput for the same one twice or
    for two accounts: a reply leaves by the account that the customer wrote to.
    """
    if conversation_id == into_id:
        raise BadInput(_("A conversation can't be merged with itself."), where="into")
    # In the order of their ids, so that two merges can't wait for each other.
    both = {
        each: locked_conversation(each, acting_user, REPLY) for each in sorted((conversation_id, into_id))
    }
    gone, kept = both[conversation_id], both[into_id]
    if gone.account_id != kept.account_id:
        raise BadInput(
            _("These conversations are on different accounts."),
            where="into",
            remedy=_("Link their customers instead: both then stand beside each other."),
        )
    if gone.merged_into_id or kept.merged_into_id:
        raise Conflict(_("One of them was merged already."))
    moved = [str(pk) for pk in gone.messages.values_list("pk", flat=True)]
    gone.messages.update(conversation=kept)
    gone.status, gone.merged_into, gone.closed_at = ConversationStatus.CLOSED, kept, now()
    gone.waiting_since = gone.snoozed_until = None
    gone.revision += 1
    gone.save()
    recount(kept)
    _line(kept, "merged", acting_user, {"number": gone.number, "conversation": str(gone.pk), "moved": moved})
    note_deed(acting_user, gone, "conversation merged", {"into": kept.number})
    changed(gone, "merged")
    changed(kept, "merged")
    return kept


@transaction.atomic
def unmerge(conversation_id: uuid.UUID, *, acting_user: Actor) -> Conversation:
    """Gives a merged conversation its messages back. Raises Conflict for one that isn't merged, or whose
    contact has begun another one meanwhile.
    """
    gone = locked_conversation(conversation_id, acting_user, REPLY)
    if gone.merged_into_id is None:
        raise Conflict(_("This conversation isn't merged."))
    kept = locked_conversation(gone.merged_into_id, acting_user, REPLY)
    line = kept.messages.filter(payload__what="merged", payload__conversation=str(gone.pk)).first()
    others = Conversation.objects.filter(contact=gone.contact, thread=gone.thread).exclude(pk=gone.pk)
    if others.exclude(status=ConversationStatus.CLOSED).exists():
        raise Conflict(_("A newer conversation with this contact is open."), remedy=_("Go on there."))
    moved = line.payload["moved"] if line is not None else []
    kept.messages.filter(pk__in=moved).update(conversation=gone)
    if line is not None:
        line.delete()
    gone.merged_into, gone.status, gone.closed_at = None, ConversationStatus.OPEN, None
    recount(gone)
    recount(kept)
    note_deed(acting_user, gone, "conversation unmerged", {"from": kept.number})
    changed(gone, "unmerged")
    changed(kept, "unmerged")
    return gone


@transaction.atomic
def split(message_id: uuid.UUID, *, acting_user: Actor) -> Conversation:
    """A new conversation with the same contact from this message on; both name each other.

    Raises NotFound, BadInput for the first message of a conversation.
    """
    acting_user.require(REPLY)
    message = Message.objects.filter(pk=message_id, brand_id=acting_user.brand_id).first()
    if message is None:
        raise NotFound(_("There is no such message."))
    old = locked_conversation(message.conversation_id, acting_user, REPLY)
    order = list(old.messages.order_by("at", "id").values_list("pk", "direction"))
    place = [pk for pk, _direction in order].index(message.pk)
    before = [pk for pk, direction in order[:place] if direction in _WORDS]
    if not before:
        raise BadInput(_("Nothing would be left of the conversation before this message."))
    new = Conversation(
        brand_id=old.brand_id,
        account=old.account,
        contact=old.contact,
        customer_id=old.customer_id,
        number=next_number(old.brand_id),
        thread=f"split {message.pk}",
        subject=old.subject,
        assignee=old.assignee,
        queue_id=old.queue_id,
        language=old.language,
        context=old.context,
        created_at=message.at,
    )
    new.save(force_insert=True)
    old.messages.filter(pk__in=[pk for pk, _direction in order[place:]]).update(conversation=new)
    recount(old)
    recount(new)
    _line(old, "split off", acting_user, {"number": new.number, "conversation": str(new.pk)})
    _line(new, "split from", acting_user, {"number": old.number, "conversation": str(old.pk)})
    note_deed(acting_user, new, "conversation split", {"from": old.number})
    changed(old, "split")
    changed(new, "started")
    return new


def next_number(brand_id: uuid.UUID) -> int:
    """Of the brand's conversations; begun ones wait for each other here."""
    counter, _made = Counter.objects.select_for_update().get_or_create(brand_id=brand_id)
    Counter.objects.filter(pk=counter.pk).update(number=F("number") + 1)
    return counter.number + 1


def recount(conversation: Conversation) -> None:
    """What the list shows of it and whose turn it is, from its messages."""
    counted = count(said_in([conversation.pk])[conversation.pk])
    conversation.message_count = counted.messages
    conversation.last_message_at = counted.last_at or conversation.created_at
    conversation.preview = counted.preview
    conversation.preview_direction = counted.preview_direction
    conversation.last_customer_at = counted.last_customer_at
    conversation.first_reply_at = counted.first_reply_at
    is_open = conversation.status != ConversationStatus.CLOSED
    conversation.waiting_since = counted.unanswered_since if is_open else None
    conversation.revision += 1
    conversation.save()


def _line(conversation: Conversation, what: str, acting_user: Actor, data: dict[str, object]) -> None:
    line = add_line(conversation, what, acting_user)
    line.payload = {**line.payload, **data}
    line.save(update_fields=["payload"])
