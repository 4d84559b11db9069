"""The outbox: every message leaves once, as far as the platform lets us know.

A try is noted before it begins, in a transaction of its own. If the process dies between the platform's yes
and our note of it, the message is tried again under the same key: platforms that know keys take it once; a
mail server can't know, so there a second copy with the same Message-ID may leave. That window is a few
milliseconds wide and documented. What a platform takes as several messages is noted part by part: the next
try goes on where the last one ended.
"""

import logging
import uuid
from datetime import timedelta
from functools import partial

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from parcours.core.clock import now
from parcours.core.errors import ParcoursError
from parcours.inbox.channels import channel_of
from parcours.inbox.channels.base import NeverSent, Outbound, Parts, SentAs, TryLater
from parcours.inbox.enums import Direction, OutboxStatus, Step
from parcours.inbox.files import path_of
from parcours.inbox.models import ChannelAccount, Message, Outgoing
from parcours.inbox.writes.common import changed, note_step
from parcours.inbox.writes.echoes import note_part, note_parts

log = logging.getLogger(__name__)

WAITS = (5, 15, 60, 300, 900, 3_600, 3 * 3_600, 6 * 3_600, 12 * 3_600)
"""Seconds between tries; after the last one the message is given up: about a day in all."""
A_TRY_LASTS = timedelta(minutes=5)
"""A try that began longer ago died with its process."""
_AT_ONCE = 200


def due() -> list[uuid.UUID]:
    """Messages whose time has come, or whose try died."""
    moment = now()
    rows = Outgoing.objects.filter(next_try_at__lte=moment)
    waiting = rows.filter(status=OutboxStatus.WAITING)
    died = rows.filter(status=OutboxStatus.SENDING, began_at__lt=moment - A_TRY_LASTS)
    return [
        *waiting.order_by("next_try_at").values_list("pk", flat=True)[:_AT_ONCE],
        *died.values_list("pk", flat=True)[:_AT_ONCE],
    ]


def move_back(back: timedelta) -> None:
    """The clock was set back: what waits for its next try waits no longer than was meant, and what seems to
    be sent at a moment to come is looked at as if its try had begun now.
    """
    waiting = Outgoing.objects.filter(status=OutboxStatus.WAITING, next_try_at__gt=now())
    waiting.update(next_try_at=F("next_try_at") - back)
    sending = Outgoing.objects.filter(status=OutboxStatus.SENDING, began_at__gt=now())
    sending.update(began_at=now(), next_try_at=now())


def send(message_id: uuid.UUID) -> str:
    """One try; returns where the message stands then."""
    row = _claimed(message_id)
    if row is None:
        return ""
    channel = channel_of(row.account.kind)
    try:
        sent = channel.send(row.account, _outbound(row))
    except TryLater as fault:
        return _later(row, fault.what, fault.after)
    except NeverSent as fault:
        return _given_up(row, fault.what)
    except ParcoursError as fault:
        return _later(row, str(fault), None)
    except Exception:  # the message stays in the outbox, whatever it was
        log.exception("message %s can't be sent on %s", message_id, row.account.kind)
        return _later(row, _("Parcours stumbled over it; the log says why."), None)
    return _sent(row, sent)


@transaction.atomic
def _claimed(message_id: uuid.UUID) -> Outgoing | None:
    """The row, marked as being sent; None when it isn't its time or another worker has it."""
    row = (
        Outgoing.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("message__conversation__contact", "account__brand", "account__source")
        .filter(pk=message_id, next_try_at__lte=now())
        .first()
    )
    if row is None or row.status in {OutboxStatus.SENT, OutboxStatus.DEAD}:
        return None
    if row.status == OutboxStatus.SENDING and row.began_at and row.began_at > now() - A_TRY_LASTS:
        return None
    row.status, row.began_at, row.tries = OutboxStatus.SENDING, now(), row.tries + 1
    row.save(update_fields=["status", "began_at", "tries"])
    return row


def _outbound(row: Outgoing) -> Outbound:
    message, conversation = row.message, row.message.conversation
    earlier = Message.objects.filter(conversation=conversation, at__lt=message.at).exclude(external_id="")
    shown = earlier.filter(direction__in=[Direction.IN, Direction.OUT]).order_by("-at", "-id")
    return Outbound(
        key=row.key,
        message=message,
        conversation=conversation,
        to=conversation.contact.external_id,
        text=message.text,
        files=[
            (str(path_of(file.digest)), file.name, file.media_type)
            for file in message.attachments.order_by("id")
            if file.digest
        ],
        subject=conversation.subject,
        reply_to=list(shown.values_list("external_id", flat=True)[:20]),
        parts=Parts(row.parts, partial(_note_part, row)),
    )


@transaction.atomic
def _note_part(row: Outgoing, name: str) -> None:
    note_part(row, name)


@transaction.atomic
def _sent(row: Outgoing, sent: SentAs) -> str:
    row.status, row.ended_at, row.fault = OutboxStatus.SENT, now(), ""
    row.save(update_fields=["status", "ended_at", "fault"])
    message = row.message
    message.external_id = sent.external_id[:400]
    message.save(update_fields=["external_id"])
    note_parts(message, sent)
    note_step(message, Step.SENT, sent.detail)
    ChannelAccount.objects.filter(pk=row.account_id).update(sent_at=now(), fault="")
    changed(message.conversation, "step", message=message)
    return row.status


@transaction.atomic
def _later(row: Outgoing, fault: str, after: timedelta | None) -> str:
    if row.tries > len(WAITS):
        return _given_up(row, fault)
    wait = max(timedelta(seconds=WAITS[row.tries - 1]), after or timedelta())
    row.status, row.fault, row.next_try_at = OutboxStatus.WAITING, fault, now() + wait
    row.save(update_fields=["status", "fault", "next_try_at"])
    ChannelAccount.objects.filter(pk=row.account_id).update(failed_at=now(), fault=fault)
    changed(row.message.conversation, "step", message=row.message)
    return row.status


@transaction.atomic
def _given_up(row: Outgoing, fault: str) -> str:
    row.status, row.fault, row.ended_at = OutboxStatus.DEAD, fault, now()
    row.save(update_fields=["status", "fault", "ended_at"])
    note_step(row.message, Step.FAILED, fault)
    ChannelAccount.objects.filter(pk=row.account_id).update(failed_at=now())
    changed(row.message.conversation, "step", message=row.message)
    return row.status
