"""Contacts whose messages are not taken in."""

import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from parcours.accounts.rights import Actor
from parcours.core.clock import now
from parcours.core.errors import NotFound
from parcours.core.text import one_line, storable
from parcours.inbox.enums import ConversationStatus
from parcours.inbox.models import Contact, Conversation
from parcours.inbox.rights import REPLY
from parcours.inbox.webhooks.hearing import hear_contact
from parcours.inbox.writes.common import add_line, changed
from parcours.inbox.writes.handling import close, reopen
from parcours.journal.writes import record


@transaction.atomic
def block(
    contact_id: uuid.UUID,
    *,
    acting_user: Actor,
    blocked: bool = True,
    because: str = "",
    undo: bool = False,
) -> Contact:
    """What they write from now on is kept raw and shown to nobody; what is there stays, closed, so that
    nobody waits for an answer. With `undo` what blocking closed is opened again. Raises NotFound.
    """
    acting_user.require(REPLY)
    rows = Contact.objects.select_for_update(of=("self",)).select_related("account")
    row = rows.filter(pk=contact_id, brand_id=acting_user.brand_id).first()
    if row is None:
        raise NotFound(_("There is no such contact."))
    if blocked == (row.blocked_at is not None):
        return row
    since, moment = row.blocked_at, now()
    row.blocked_at = moment if blocked else None
    row.blocked_by = acting_user.label[:200] if blocked else ""
    row.blocked_because = one_line(storable(because))[:200] if blocked else ""
    row.save(update_fields=["blocked_at", "blocked_by", "blocked_because"])
    if blocked:
        _close_all(row, acting_user)
    else:
        _say(row, "unblocked", acting_user)
        if undo:
            closed = row.conversations.filter(closed_at__gte=since, merged_into=None)
            for pk in closed.values_list("pk", flat=True):
                reopen(pk, acting_user=acting_user, undo=True)
    verb = "blocked" if blocked else "unblocked"
    # Why, in words of a person about another, is not for the journal: an erasure takes it away.
    record(acting_user, f"contact {verb}", "contact", row.pk, {"account": row.account.name})
    hear_contact(row, f"contact.{verb}")
    return row


@transaction.atomic
def block_writer_of(
    conversation_id: uuid.UUID,
    *,
    acting_user: Actor,
    blocked: bool = True,
    because: str = "",
    undo: bool = False,
) -> Conversation:
    """As `block`, of the contact who wrote in a conversation. Raises NotFound."""
    conversations = Conversation.objects.filter(brand_id=acting_user.brand_id, pk=conversation_id)
    contact_id = conversations.values_list("contact_id", flat=True).first()
    if contact_id is None:
        raise NotFound(_("There is no such conversation."))
    block(contact_id, acting_user=acting_user, blocked=blocked, because=because, undo=undo)
    return conversations.get()


def _close_all(row: Contact, acting_user: Actor) -> None:
    standing = row.conversations.filter(merged_into=None).exclude(status=ConversationStatus.CLOSED)
    pks = list(standing.values_list("pk", flat=True))
    _say(row, "blocked", acting_user)
    for pk in pks:
        close(pk, acting_user=acting_user)


def _say(row: Contact, what: str, acting_user: Actor) -> None:
    """A line in what stands, or else in the newest conversation."""
    rows = row.conversations.filter(merged_into=None).select_related("account").order_by("-last_message_at")
    standing = list(rows.exclude(status=ConversationStatus.CLOSED)) or list(rows[:1])
    for each in standing:
        add_line(each, what, acting_user, {"because": row.blocked_because})
        changed(each, what)
