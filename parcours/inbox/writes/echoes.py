"""What a platform tells of our own messages: some tell of them before their answer to us is noted here."""

from collections.abc import Sequence

from parcours.core.clock import now
from parcours.inbox.channels.base import Incoming, SentAs
from parcours.inbox.enums import Direction, OutboxStatus
from parcours.inbox.models import Contact, Message, Outgoing


def is_of_ours(contact: Contact, incoming: Incoming) -> bool:
    """Whether it is a part of a message that left, or the echo of one that is just leaving."""
    rows = Message.objects.filter(conversation__contact=contact, direction=Direction.OUT)
    if rows.filter(payload__sent_as__contains=[incoming.external_id]).exists():
        return True
    leaving = Outgoing.objects.filter(
        account_id=contact.account_id,
        message__conversation__contact=contact,
        status=OutboxStatus.SENDING,
    ).values_list("message_id", flat=True)
    for message in rows.select_for_update().filter(pk__in=list(leaving)):
        if _is_said_in(incoming, message):
            _note(message, [incoming.external_id])
            return True
    return False


def note_parts(message: Message, sent: SentAs) -> None:
    """The names of its parts, beside those that were told of already."""
    if sent.also:
        _note(Message.objects.select_for_update().get(pk=message.pk), sent.also)


def note_part(row: Outgoing, name: str) -> None:
    """The platform took a part of a message whose others are still to leave: it isn't handed over again, and
    what is told of it finds the message. The try that goes on has its time anew.
    """
    row.parts = [*row.parts, name]
    row.began_at = now()
    row.save(update_fields=["parts", "began_at"])
    if name:
        _note(Message.objects.select_for_update().get(pk=row.pk), [name])


def _is_said_in(incoming: Incoming, message: Message) -> bool:
    if incoming.text.strip():
        return incoming.text.strip() == message.text.strip()
    return bool(incoming.files) and message.attachments.exists()


def _note(message: Message, names: Sequence[str]) -> None:
    known = message.payload.get("sent_as", [])
    message.payload["sent_as"] = list(dict.fromkeys([*known, *names]))
    message.save(update_fields=["payload"])
