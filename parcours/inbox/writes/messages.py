"""A message arrives: it finds its contact and its conversation, once."""

import uuid
from datetime import timedelta

from django.db import connection, transaction
from django.utils.translation import gettext as _

from parcours.core.clock import now
from parcours.core.registry import received_messages
from parcours.core.text import one_line, storable
from parcours.inbox.channels import channel_of
from parcours.inbox.channels.base import Incoming, IncomingFile
from parcours.inbox.enums import AuthorKind, ConversationStatus, Direction, Step
from parcours.inbox.files import refusal, store
from parcours.inbox.models import (
    Attachment,
    ChannelAccount,
    Contact,
    Conversation,
    LedgerEntry,
    Message,
)
from parcours.inbox.nudging import ask_to_fetch
from parcours.inbox.webhooks.hearing import announce_conversation
from parcours.inbox.writes.common import MOST_TEXT, PREVIEW, changed
from parcours.inbox.writes.contacts import contact_of
from parcours.inbox.writes.echoes import is_of_ours
from parcours.inbox.writes.joining import next_number
from parcours.inbox.writes.telling import tell, tell_of_message

REOPENS_WITHIN = timedelta(days=7)
"""A closed conversation goes on when the contact writes again within this; later a new one begins."""
LATEST = timedelta(minutes=5)
_STANDING = """
SELECT * FROM inbox_conversation
WHERE account_id = %s AND contact_id = %s AND thread = %s AND merged_into_id IS NULL AND status <> %s
ORDER BY id LIMIT 1 FOR NO KEY UPDATE
"""
_THERE = "SELECT EXISTS (SELECT FROM inbox_message WHERE account_id = %s AND external_id = %s)"
"""Plain SQL: every message of every channel asks it."""


@transaction.atomic(savepoint=False)
def receive_message(account: ChannelAccount, incoming: Incoming) -> Message | None:
    """Stores a message from a customer; None when it is there already, or the contact is blocked.

    Lost nothing and doubled nothing: unique by (account, external id), in the transaction of its arrival.
    """
    contact = contact_of(account, incoming.sender)
    if _is_there(account, incoming):  # the contact is ours until the end: nobody else brings it now
        return None
    if contact.blocked_at is not None:
        return None
    if incoming.echo and is_of_ours(contact, incoming):
        return None
    conversation, is_new = _conversation_of(account, contact, incoming)
    message = _stored(conversation, incoming)
    _note_on(conversation, message, incoming)
    if is_new:
        tell(conversation, "Conversation Started", "start", {"text": message.text[:1000]})
    if not incoming.echo:
        tell_of_message(conversation, message, "Message Received")
    for handler in received_messages.all().values():
        handler(conversation, message, is_new)
    changed(conversation, "started" if is_new else "message", message=message)
    return message


def _is_there(account: ChannelAccount, incoming: Incoming) -> bool:
    if not incoming.external_id:
        return False
    with connection.cursor() as cursor:
        cursor.execute(_THERE, [account.pk, incoming.external_id])
        return bool(cursor.fetchone()[0])


def _conversation_of(
    account: ChannelAccount, contact: Contact, incoming: Incoming
) -> tuple[Conversation, bool]:
    """By what it answers, else by its thread, else the one that stands; and whether it is new."""
    rows = Conversation.objects.select_for_update(no_key=True).filter(account=account)
    answered = _answered(account, incoming)
    found = rows.filter(pk=answered).first() if answered else None
    if found is not None and found.merged_into_id:
        found = rows.filter(pk=found.merged_into_id).first()
    if found is None:
        of_contact = rows.filter(contact=contact, thread=incoming.thread, merged_into=None)
        found = _standing(account, contact, incoming.thread)
        if found is None and not (channel_of(account.kind).threads and not incoming.thread):
            found = of_contact.filter(closed_at__gte=now() - REOPENS_WITHIN).order_by("-closed_at").first()
    if found is None:
        return _begun(account, contact, incoming), True
    found.account, found.contact = account, (contact if found.contact_id == contact.pk else found.contact)
    if found.status == ConversationStatus.CLOSED and not incoming.echo and not incoming.automatic:
        _reopen(found)
    return found, False


def _standing(account: ChannelAccount, contact: Contact, thread: str) -> Conversation | None:
    """The one that isn't closed, kept for this transaction."""
    values = [account.pk, contact.pk, thread, ConversationStatus.CLOSED]
    return next(iter(Conversation.objects.raw(_STANDING, values)), None)


def _answered(account: ChannelAccount, incoming: Incoming) -> uuid.UUID | None:
    """The conversation of the nearest message it answers that is known."""
    wanted = [external_id for external_id in incoming.reply_to if external_id]
    if not wanted:
        return None
    known = dict(
        Message.objects.filter(account=account, external_id__in=wanted).values_list(
            "external_id", "conversation_id"
        )
    )
    return next((known[external_id] for external_id in wanted if external_id in known), None)


def _begun(account: ChannelAccount, contact: Contact, incoming: Incoming) -> Conversation:
    conversation = Conversation(
        brand_id=account.brand_id,
        account=account,
        contact=contact,
        customer_id=contact.customer_id,
        number=next_number(account.brand_id),
        thread=incoming.thread[:200],
        subject=one_line(incoming.subject)[:300],
        language=contact.language or account.language,
        context=storable(dict(incoming.context)),
        created_at=now(),
        last_message_at=now(),
    )
    conversation.save(force_insert=True)
    return conversation


def _reopen(conversation: Conversation) -> None:
    conversation.status = ConversationStatus.OPEN
    conversation.closed_at = None
    conversation.revision += 1
    conversation.save(update_fields=["status", "closed_at", "revision"])
    tell(conversation, "Conversation Reopened", str(conversation.revision))
    announce_conversation(conversation, "conversation.reopened")


def _stored(conversation: Conversation, incoming: Incoming) -> Message:
    moment = now()
    text = storable(incoming.text)[:MOST_TEXT]
    message = Message.objects.create(
        brand_id=conversation.brand_id,
        conversation=conversation,
        account=conversation.account,
        direction=Direction.OUT if incoming.echo else Direction.IN,
        external_id=incoming.external_id[:400],
        author_kind=AuthorKind.SYSTEM if incoming.echo or incoming.automatic else AuthorKind.CUSTOMER,
        author_label="" if incoming.echo else conversation.contact.name[:200],
        text=text,
        html=storable(incoming.html),
        payload=storable(dict(incoming.payload)) | ({"automatic": True} if incoming.automatic else {}),
        # A platform's clock may be ahead; a message from the future would stay at the end for ever.
        at=min(incoming.at, moment + LATEST),
        created_at=moment,
        step=Step.SENT if incoming.echo else Step.STORED,
    )
    LedgerEntry.objects.bulk_create(
        LedgerEntry(message=message, step=step, at=at)
        for step, at in ((Step.RECEIVED, incoming.at), (Step.STORED, moment))
        if not incoming.echo
    )
    for each in incoming.files:
        _keep_file(message, each)
    if any(each.remote for each in incoming.files):
        transaction.on_commit(ask_to_fetch)
    return message


def _keep_file(message: Message, file: IncomingFile) -> None:
    size = len(file.content) if file.content is not None else file.size
    refused = refusal(size)
    Attachment.objects.create(
        brand_id=message.brand_id,
        message=message,
        name=storable(one_line(file.name))[:255] or _("File"),
        media_type=file.media_type[:120] or "application/octet-stream",
        size=size,
        digest=store(file.content) if file.content is not None and not refused else "",
        content_id=file.content_id[:255],
        remote={} if refused else storable(dict(file.remote)),
        refused=refused,
    )


def _note_on(conversation: Conversation, message: Message, incoming: Incoming) -> None:
    """What the list shows, and whose turn it is."""
    conversation.message_count += 1
    if conversation.message_count == 1:
        conversation.last_message_at = message.at
    if message.at >= conversation.last_message_at:
        conversation.preview = one_line(message.text)[:PREVIEW] or first_file(message)
        conversation.preview_direction = message.direction
    conversation.last_message_at = max(conversation.last_message_at, message.at)
    if incoming.echo:
        conversation.waiting_since = None
        conversation.first_reply_at = conversation.first_reply_at or message.at
    elif not incoming.automatic:
        conversation.last_customer_at = max(conversation.last_customer_at or message.at, message.at)
        conversation.waiting_since = conversation.waiting_since or message.at
        if conversation.status == ConversationStatus.SNOOZED:
            conversation.status, conversation.snoozed_until = ConversationStatus.OPEN, None
    if conversation.customer_id is None:
        conversation.customer_id = conversation.contact.customer_id
    conversation.context = {**storable(dict(incoming.context)), **conversation.context}
    conversation.save()


def first_file(message: Message) -> str:
    return message.attachments.values_list("name", flat=True).first() or ""
