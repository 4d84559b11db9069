"""What the team writes: replies, which go into the outbox, and notes, which stay."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from fnmatch import fnmatch

from django.db import transaction
from django.utils.translation import gettext as _

from parcours.accounts.rights import Actor
from parcours.core.clock import now
from parcours.core.errors import BadInput, Conflict
from parcours.core.ids import new_id
from parcours.core.text import one_line
from parcours.inbox.channels import channel_of
from parcours.inbox.desk.suggesting import note_uses
from parcours.inbox.enums import AuthorKind, Direction, OutboxStatus, Step
from parcours.inbox.files import refusal, store
from parcours.inbox.models import Attachment, Conversation, LedgerEntry, Message, Outgoing
from parcours.inbox.nudging import ask_to_send
from parcours.inbox.rights import REPLY
from parcours.inbox.webhooks.hearing import hear_step
from parcours.inbox.writes.common import PREVIEW, changed, clean_text, locked_conversation, note_time
from parcours.inbox.writes.telling import tell_of_message


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file to send along."""

    name: str
    media_type: str
    content: bytes


@transaction.atomic
def send_reply(
    conversation_id: uuid.UUID,
    text: str,
    *,
    acting_user: Actor,
    message_id: uuid.UUID | None = None,
    files: Sequence[NewFile] = (),
    html: str = "",
    payload: dict[str, object] | None = None,
    author_kind: str = "",
    used: Sequence[uuid.UUID] = (),
    manner: str = "",
) -> Message:
    """Stores a reply and puts it into the outbox; the worker sends it. With a `message_id` that the client
    chose, sending the same again adds nothing. `used` are the quick replies that it was made of; `manner` is
    one of those that the channel has for it.

    Raises BadInput for what the channel can't carry, Conflict when it may not write to the contact now.
    """
    conversation = locked_conversation(conversation_id, acting_user, REPLY)
    if message_id is not None and (there := Message.objects.filter(pk=message_id).first()):
        if there.conversation_id != conversation.pk:
            raise Conflict(_("This message's id is taken."), where="id")
        return there
    wanted = clean_text(text, required=not files and not payload)
    _check_fits(conversation, wanted, files, is_template=bool(payload and payload.get("template")))
    facts = {**(payload or {}), **_manner(conversation, manner)}
    moment, pk = now(), message_id or new_id()
    taken_as = channel_of(conversation.account.kind).taken_as(f"{pk}")
    message = Message(
        pk=pk,
        brand_id=conversation.brand_id,
        conversation=conversation,
        account=conversation.account,
        direction=Direction.OUT,
        external_id=taken_as,
        author_kind=author_kind or (AuthorKind.PERSON if acting_user.kind == "person" else AuthorKind.SYSTEM),
        author_id=acting_user.id if acting_user.kind == "person" else None,
        author_label=acting_user.label,
        text=wanted,
        html=html,
        payload=facts,
        at=moment,
        created_at=moment,
        step=Step.SENT if taken_as else Step.QUEUED,
    )
    message.save(force_insert=True)
    for file in files:
        _add_file(message, file)
    _put_out(message)
    _note_on(conversation, message)
    note_uses(conversation.brand_id, used, conversation.topic)
    changed(conversation, "message", message=message)
    return message


@transaction.atomic
def add_note(
    conversation_id: uuid.UUID, text: str, *, acting_user: Actor, message_id: uuid.UUID | None = None
) -> Message:
    """A note for colleagues; customers never see it."""
    conversation = locked_conversation(conversation_id, acting_user, REPLY)
    if message_id is not None and (there := Message.objects.filter(pk=message_id).first()):
        return there
    moment = now()
    message = Message(
        brand_id=conversation.brand_id,
        conversation=conversation,
        account=conversation.account,
        direction=Direction.NOTE,
        author_kind=AuthorKind.PERSON if acting_user.kind == "person" else AuthorKind.SYSTEM,
        author_id=acting_user.id if acting_user.kind == "person" else None,
        author_label=acting_user.label,
        text=clean_text(text),
        at=moment,
        created_at=moment,
        step=Step.STORED,
    )
    if message_id is not None:
        message.pk = message_id
    message.save(force_insert=True)
    changed(conversation, "message", message=message)
    return message


@transaction.atomic
def send_again(message_id: uuid.UUID, *, acting_user: Actor) -> Message:
    """Takes a message that was given up into the outbox once more, under the same key. Raises Conflict."""
    acting_user.require(REPLY)
    row = (
        Outgoing.objects.select_for_update(of=("self",))
        .select_related("message__conversation")
        .filter(pk=message_id, brand_id=acting_user.brand_id)
        .first()
    )
    if row is None or row.status != OutboxStatus.DEAD:
        raise Conflict(_("Only a message that was given up can be sent again."))
    row.status, row.tries, row.next_try_at, row.fault = OutboxStatus.WAITING, 0, now(), ""
    row.began_at = row.ended_at = None
    row.save()
    message = row.message
    message.step, message.fault = Step.QUEUED, ""
    message.save(update_fields=["step", "fault"])
    LedgerEntry.objects.create(message=message, step=Step.QUEUED, at=now(), detail=acting_user.label[:300])
    transaction.on_commit(lambda: ask_to_send(message.pk))
    changed(message.conversation, "step", message=message)
    return message


def _check_fits(
    conversation: Conversation, text: str, files: Sequence[NewFile], *, is_template: bool
) -> None:
    channel = channel_of(conversation.account.kind)
    if not conversation.account.enabled or conversation.account.removed_at:
        raise Conflict(
            _("The account “{name}” is switched off, so nothing can be sent.").format(
                name=conversation.account.name
            ),
            remedy=_("Switch it on again under Channels."),
        )
    window = channel.window(conversation.account, conversation, now())
    if not window.open and not (is_template and window.templates):
        raise Conflict(window.why)
    if len(text) > channel.longest_text:
        raise BadInput(
            _("This text has {n} characters; {channel} takes {most}.").format(
                n=len(text), channel=channel.label, most=channel.longest_text
            ),
            where="text",
        )
    for file in files:
        if not any(fnmatch(file.media_type, wanted) for wanted in channel.file_types_in(conversation)):
            raise BadInput(
                _("{channel} doesn't take files of this kind ({kind}).").format(
                    channel=channel.label, kind=file.media_type
                ),
                where="files",
            )
        if len(file.content) > channel.largest_file or refusal(len(file.content)):
            raise BadInput(
                _("“{name}” is too large: {channel} takes at most {most} MB.").format(
                    name=file.name, channel=channel.label, most=channel.largest_file // 1024 // 1024
                ),
                where="files",
            )


def _manner(conversation: Conversation, wanted: str) -> dict[str, str]:
    """How the answer leaves, where the channel has several ways. Raises BadInput, Conflict for one that isn't
    possible now: what was meant in private never stands for everybody instead.
    """
    account = conversation.account
    ways = channel_of(account.kind).manners(account, conversation, now())
    if not ways and not wanted:
        return {}
    way = next((each for each in ways if each.name == wanted or not wanted), None)
    if way is None:
        raise BadInput(_("“{text}” is not one of the choices.").format(text=wanted), where="manner")
    if way.why_not:
        raise Conflict(way.why_not, where="manner")
    return {"manner": way.name}


def _add_file(message: Message, file: NewFile) -> None:
    Attachment.objects.create(
        brand_id=message.brand_id,
        message=message,
        name=one_line(file.name)[:255],
        media_type=file.media_type[:120],
        size=len(file.content),
        digest=store(file.content),
    )


def _put_out(message: Message) -> None:
    """Into the outbox, for a worker to send; what is sent by being stored only stands there as sent."""
    is_sent, moment = message.step == Step.SENT, message.at
    Outgoing.objects.create(
        message=message,
        brand_id=message.brand_id,
        account=message.account,
        key=f"{message.pk}",
        next_try_at=moment,
        status=OutboxStatus.SENT if is_sent else OutboxStatus.WAITING,
        ended_at=moment if is_sent else None,
    )
    steps = (Step.QUEUED, Step.SENT) if is_sent else (Step.QUEUED,)
    LedgerEntry.objects.bulk_create(LedgerEntry(message=message, step=step, at=moment) for step in steps)
    if is_sent:
        note_time(message.account, "sent_at", moment)
        hear_step(message)
    else:
        transaction.on_commit(lambda: ask_to_send(message.pk))


def _note_on(conversation: Conversation, message: Message) -> None:
    waited = _seconds(now() - conversation.waiting_since) if conversation.waiting_since else None
    conversation.message_count += 1
    if message.payload.get("automatic"):  # a courtesy: the list goes on showing what the customer wants
        conversation.save(update_fields=["message_count"])
        return
    conversation.preview = (
        one_line(message.text)[:PREVIEW] or message.attachments.values_list("name", flat=True).first() or ""
    )
    conversation.preview_direction = Direction.OUT
    conversation.last_message_at = max(conversation.last_message_at, message.at)
    if message.author_kind == AuthorKind.PERSON:
        conversation.waiting_since = None
        conversation.first_reply_at = conversation.first_reply_at or message.at
    conversation.save()
    properties = {} if waited is None else {"response_seconds": waited}
    tell_of_message(conversation, message, "Message Sent", agent=message.author_label, **properties)


def _seconds(span: timedelta) -> float:
    return round(max(span.total_seconds(), 0), 1)
