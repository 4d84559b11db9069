"""Outside the hours a mailbox may answer that the mail has come, and when somebody is back.

It can't make a loop: mails that machines wrote and senders who aren't proven get none, ours says that it is
automatic, and nobody gets two within a day.
"""

import uuid
from contextlib import suppress
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import formats, translation
from django.utils.translation import gettext as _

from parcours.accounts.rights import system_actor
from parcours.core.clock import now
from parcours.core.errors import ParcoursError
from parcours.inbox.channels.email.reading import own_addresses
from parcours.inbox.enums import AuthorKind, Direction
from parcours.inbox.hours.arithmetic import next_opening
from parcours.inbox.hours.reads import hours_of
from parcours.inbox.models import ChannelAccount, Contact, Conversation, Message
from parcours.inbox.routing.models import Queue
from parcours.inbox.waiting import SPAM
from parcours.inbox.writes.replying import send_reply

FRESH = timedelta(hours=1)
"""What is older when it is taken in (read again, imported) isn't acknowledged."""
A_DAY = timedelta(days=1)
MARK = "acknowledgement"
BACK = "{back}"
"""What stands in the text of a mailbox for the day and time."""


def acknowledge(conversation: Conversation, message: Message, is_new: bool) -> None:  # noqa: ARG001 - a handler's
    """Handler of received messages."""
    account = conversation.account
    if account.kind != "email" or not account.settings.get("acknowledge"):
        return
    if not _is_by_a_person(conversation, message) or _had_one(conversation):
        return
    queue = Queue.objects.filter(pk=conversation.queue_id).first() if conversation.queue_id else None
    hours = hours_of(account, queue, brand_id=account.brand_id)
    back = next_opening(hours, now())
    if back is None or back <= now():
        return
    with translation.override(conversation.language or account.language or "en"):
        words = words_of(account, back.astimezone(ZoneInfo(hours.time_zone)))
    # A courtesy: were it lost with its process, nobody would miss it.
    transaction.on_commit(lambda: _say(conversation, words), robust=True)


def words_of(account: ChannelAccount, back: datetime) -> str:
    """The mailbox's own words, or the usual ones, in the current language."""
    language = (translation.get_language() or "en").partition("-")[0]
    own = str(account.settings.get(f"{MARK}_{language}", "")).strip()
    when = formats.date_format(back, "l j F, H:i")
    usual = _(
        "Thank you for your mail. It has reached us. Nobody is here at the moment;"
        " we are back on {back} and answer then."
    )
    return (own or usual).replace(BACK, when)


def _is_by_a_person(conversation: Conversation, message: Message) -> bool:
    """Of whom it is certain that they wrote; ourselves we don't answer."""
    contact = conversation.contact
    if message.direction != Direction.IN or message.author_kind != AuthorKind.CUSTOMER:
        return False
    if message.payload.get("automatic") or now() - message.at > FRESH or SPAM in conversation.tags:
        return False
    if not contact.profile.get("identities", {}).get("email"):
        return False
    ours = ChannelAccount.objects.filter(brand_id=conversation.brand_id, kind="email", removed_at=None)
    return not any(contact.external_id.lower() in own_addresses(row) for row in ours)


def _had_one(conversation: Conversation) -> bool:
    """Whether the address had one within a day, from whichever mailbox."""
    return Message.objects.filter(
        brand_id=conversation.brand_id,
        conversation__contact__in=_contacts(conversation),
        direction=Direction.OUT,
        payload__what=MARK,
        created_at__gt=now() - A_DAY,
    ).exists()


def _contacts(conversation: Conversation) -> list[uuid.UUID]:
    same = Contact.objects.filter(
        brand_id=conversation.brand_id, external_id=conversation.contact.external_id
    )
    return list(same.values_list("pk", flat=True))


def _say(conversation: Conversation, words: str) -> None:
    day = now().date().isoformat()
    with suppress(ParcoursError):
        send_reply(
            conversation.pk,
            words,
            acting_user=system_actor(conversation.brand_id),
            # Of two at the same moment the second has the first one's id, and isn't sent.
            message_id=uuid.uuid5(conversation.brand_id, f"{MARK} {conversation.contact.external_id} {day}"),
            author_kind=AuthorKind.BOT,
            payload={"automatic": True, "what": MARK},
        )
