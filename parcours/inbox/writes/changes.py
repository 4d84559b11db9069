"""What platforms tell about messages that are there: how far ours came, and what customers changed in theirs.

They come in any order, more than once, and before the answer that tells us the message's own id.
"""

from django.db import transaction
from django.utils.translation import gettext as _

from parcours.core.text import storable
from parcours.inbox.channels.base import IncomingChange, IncomingStep, TryLater
from parcours.inbox.enums import Direction
from parcours.inbox.models import ChannelAccount, Contact, Message
from parcours.inbox.writes.common import MOST_TEXT, changed, note_step

_AT_ONCE = 500


@transaction.atomic
def take_step(account: ChannelAccount, told: IncomingStep) -> None:
    """Raises TryLater for a message that isn't known (yet): the arrival is kept and replayed."""
    messages = _meant(account, told)
    if not messages and not told.up_to:
        raise TryLater(_("It is about a message that isn't known here (yet)."))
    for message in messages:
        before = message.step
        note_step(message, told.step, told.fault)
        if message.step != before:
            changed(message.conversation, "step", message=message)


def _meant(account: ChannelAccount, told: IncomingStep) -> list[Message]:
    rows = Message.objects.select_related("conversation").filter(account=account, direction=Direction.OUT)
    if told.external_id:
        return list(rows.filter(external_id=told.external_id)) or _of_part(account, told)
    contact = Contact.objects.filter(account=account, external_id=told.contact).first()
    if contact is None or told.up_to is None:
        return []
    sent = rows.filter(conversation__contact=contact, at__lte=told.up_to).exclude(
        step__in=["read", told.step]
    )
    return list(sent.order_by("-at")[:_AT_ONCE])


def _of_part(account: ChannelAccount, told: IncomingStep) -> list[Message]:
    """The message that left as several, one of which is meant."""
    if not told.contact:
        return []
    rows = Message.objects.select_related("conversation").filter(
        conversation__contact__account=account,
        conversation__contact__external_id=told.contact,
        payload__sent_as__contains=[told.external_id],
    )
    return list(rows[:1])


@transaction.atomic
def take_change(account: ChannelAccount, told: IncomingChange) -> None:
    """New words replace the old ones, which stay in the payload; what was taken back says so.

    Raises TryLater for a message that isn't known (yet).
    """
    message = (
        Message.objects.select_related("conversation")
        .select_for_update(of=("self",))
        .filter(account=account, external_id=told.external_id)
        .first()
    )
    if message is None:
        raise TryLater(_("It is about a message that isn't known here (yet)."))
    payload = dict(message.payload)
    if told.deleted:
        payload["deleted_at"] = told.at.isoformat()
        message.text = message.html = ""
    elif told.text is not None and told.text != message.text:
        payload.setdefault("earlier", []).append(message.text)
        payload["edited_at"] = told.at.isoformat()
        message.text = storable(told.text)[:MOST_TEXT]
    if told.reaction is not None:
        payload["reaction"] = storable(told.reaction)[:40]
    message.payload = payload
    message.save(update_fields=["text", "html", "payload"])
    changed(message.conversation, "message", message=message)
