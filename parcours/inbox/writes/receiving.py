"""What a channel brings: kept raw, then made messages of, in the transaction that answers."""

import logging
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _
from psycopg.types.json import Jsonb

from parcours.accounts.rights import Actor
from parcours.core.clock import now
from parcours.core.errors import Conflict, NotFound, ParcoursError
from parcours.inbox.channels import channel_of
from parcours.inbox.channels.base import (
    BadSignature,
    Greeting,
    Incoming,
    IncomingChange,
    IncomingStep,
    Request,
    Told,
)
from parcours.inbox.channels.public import is_conversation, is_feedback
from parcours.inbox.enums import ArrivalStatus
from parcours.inbox.models import Arrival, ChannelAccount, Message
from parcours.inbox.rights import MANAGE
from parcours.inbox.writes.changes import take_change, take_step
from parcours.inbox.writes.common import note_time
from parcours.inbox.writes.messages import receive_message
from parcours.inbox.writes.telling import tell_of_feedback
from parcours.journal.writes import record
from parcours.live.writes import publish

log = logging.getLogger(__name__)

MOST_BYTES = 30 * 1024 * 1024
MOST_TRIES = 5
KEPT_REFUSED = 50
_REFUSED_BYTES = 16 * 1024


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a call: kept, kept already, refused, or answered (`greeting`). `messages` are new."""

    status: str
    duplicate: bool = False
    trouble: str = ""
    greeting: Greeting | None = None
    messages: tuple[Message, ...] = ()


_KEEP = """
INSERT INTO inbox_arrival
    (id, brand_id, account_id, external_id, headers, body, body_size, received_at, status, trouble, tries)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, '', 1)
ON CONFLICT DO NOTHING
"""


def account_at(hook: str, account_id: uuid.UUID) -> ChannelAccount | None:
    """The account that an address names, if it still is one and its platform calls there."""
    account = (
        ChannelAccount.objects.select_related("brand", "source")
        .filter(pk=account_id, removed_at=None)
        .first()
    )
    return account if account is not None and channel_of(account.kind).hook == hook else None


@transaction.atomic
def receive(account: ChannelAccount, request: Request) -> Receipt:
    """Keeps what a platform brings and reads it; what has a bad signature is kept apart, unread."""
    channel = channel_of(account.kind)
    greeting = channel.greet(account, request)
    if greeting is not None:
        return Receipt(ArrivalStatus.IGNORED, greeting=greeting)
    try:
        channel.check(account, request)
    except BadSignature as fault:
        return _refuse(account, request, str(fault))
    return keep(account, request.body, name=channel.name_of(request), headers=channel.headers_kept(request))


@transaction.atomic(savepoint=False)
def keep(
    account: ChannelAccount, body: bytes, *, name: str = "", headers: dict[str, str] | None = None
) -> Receipt:
    """Keeps what is known to be the channel's own, and reads it. The same again changes nothing."""
    arrival = Arrival(
        brand_id=account.brand_id,
        account=account,
        external_id=(name or f"sha256:{sha256(body).hexdigest()}")[:200],
        headers=headers or {},
        body=body,
        body_size=len(body),
        received_at=now(),
        status=ArrivalStatus.DONE,
    )
    if not _is_new(arrival):
        return Receipt(ArrivalStatus.DONE, duplicate=True)
    messages = understand(arrival)
    if arrival.status != ArrivalStatus.DONE:
        Arrival.objects.filter(pk=arrival.pk).update(status=arrival.status, trouble=arrival.trouble)
    if note_time(account, "received_at", arrival.received_at) or arrival.status == ArrivalStatus.FAILED:
        _tell(account)
    return Receipt(arrival.status, trouble=arrival.trouble, messages=messages)


def _is_new(arrival: Arrival) -> bool:
    """Stores it, as what it will nearly always be; the rest is noted in the same transaction."""
    values: list[Any] = [
        arrival.pk,
        arrival.brand_id,
        arrival.account_id,
        arrival.external_id,
        Jsonb(arrival.headers),
        arrival.body,
        arrival.body_size,
        arrival.received_at,
        arrival.status,
    ]
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, values)
        return bool(cursor.rowcount)


def understand(arrival: Arrival) -> tuple[Message, ...]:
    """Makes messages of an arrival and notes on it (unsaved) what became of it; returns the new ones.
    Whatever goes wrong stays with the one message: those behind it are read.
    """
    account = arrival.account
    channel = channel_of(account.kind)
    try:
        told = channel.read(account, bytes(arrival.body), arrival.headers)
    except ParcoursError as fault:
        arrival.status, arrival.trouble = ArrivalStatus.FAILED, str(fault)[:300]
        return ()
    except Exception:  # whatever it is, the arrival is kept and the next one is heard
        log.exception("arrival %s of %s can't be read", arrival.pk, account.kind)
        arrival.status, arrival.trouble = ArrivalStatus.FAILED, _("Parcours stumbled over it.")
        return ()
    messages, troubles = take(account, told)
    if troubles:
        arrival.status, arrival.trouble = ArrivalStatus.FAILED, troubles[0][:300]
    else:
        arrival.status = ArrivalStatus.DONE if told else ArrivalStatus.IGNORED
        arrival.trouble = ""
    return messages


def take(account: ChannelAccount, told: Sequence[Told]) -> tuple[tuple[Message, ...], list[str]]:
    """Takes in everything that was told, each by itself; returns the messages that are new, and what went
    wrong, in sentences.
    """
    channel = channel_of(account.kind)
    accounts = {account.pk: account}
    messages: list[Message] = []
    troubles = []
    for each in told:
        try:
            with transaction.atomic():
                wanted = channel.account_for(account, each)
                if wanted not in accounts:
                    accounts[wanted] = ChannelAccount.objects.select_related("brand", "source").get(pk=wanted)
                stored = _take_one(accounts[wanted], each)
            messages += [stored] if stored is not None else []
        except ParcoursError as fault:
            troubles.append(str(fault))
        except Exception:  # this one is kept raw and can be replayed; the others go on
            log.exception("something that %s told can't be taken in", account.kind)
            troubles.append(_("Parcours stumbled over it."))
    return tuple(messages), troubles


def _take_one(account: ChannelAccount, told: Told) -> Message | None:
    if isinstance(told, Incoming):
        if told.published and is_feedback(account):
            tell_of_feedback(account, told, told.published)
        if not told.published or is_conversation(account):
            return receive_message(account, told)
    elif isinstance(told, IncomingStep):
        take_step(account, told)
    elif isinstance(told, IncomingChange) and (not told.published or is_conversation(account)):
        take_change(account, told)
    return None


@transaction.atomic
def do_replay(arrival_id: uuid.UUID, *, acting_user: Actor) -> Arrival:
    """Reads a kept arrival once more; messages that are there already don't come a second time.

    Raises NotFound, and Conflict for one that was refused, for nobody knows who sent it, and for one without
    its payload.
    """
    acting_user.require(MANAGE)
    arrival = (
        Arrival.objects.select_for_update(of=("self",))
        .select_related("account__brand", "account__source")
        .filter(pk=arrival_id, brand_id=acting_user.brand_id)
        .first()
    )
    if arrival is None:
        raise NotFound(_("There is no such arrival."))
    if arrival.status == ArrivalStatus.REFUSED:
        raise Conflict(
            _("What was refused can't be replayed: nobody knows who sent it."),
            remedy=_("Enter the right secret and let the platform send it again."),
        )
    if arrival.forgotten_at is not None:
        raise Conflict(_("Its payload was deleted, so there is nothing to read."))
    understand(arrival)
    arrival.tries = min(arrival.tries + 1, 30_000)
    arrival.save(update_fields=["status", "trouble", "tries"])
    record(acting_user, "arrival replayed", "arrival", arrival.pk, {"became": arrival.status})
    return arrival


def read_again() -> int:
    """Reads what wasn't understood lately, a few times; returns how many are understood now."""
    lately = Arrival.objects.filter(
        status=ArrivalStatus.FAILED,
        tries__lt=MOST_TRIES,
        forgotten_at=None,
        received_at__gte=now() - timedelta(days=1),
    )
    good = 0
    for pk in list(lately.order_by("received_at").values_list("pk", flat=True)[:200]):
        with transaction.atomic():
            arrival = (
                Arrival.objects.select_for_update(of=("self",), skip_locked=True)
                .select_related("account__brand", "account__source")
                .filter(pk=pk, status=ArrivalStatus.FAILED)
                .first()
            )
            if arrival is None:
                continue
            understand(arrival)
            arrival.tries += 1
            arrival.save(update_fields=["status", "trouble", "tries"])
            good += arrival.status != ArrivalStatus.FAILED
    return good


def _refuse(account: ChannelAccount, request: Request, trouble: str) -> Receipt:
    Arrival.objects.create(
        brand_id=account.brand_id,
        account=account,
        external_id="",
        body=request.body[:_REFUSED_BYTES],
        body_size=len(request.body),
        received_at=request.received_at,
        status=ArrivalStatus.REFUSED,
        trouble=trouble[:300],
    )
    ChannelAccount.objects.filter(pk=account.pk).update(refused_at=request.received_at)
    refused = Arrival.objects.filter(account=account, status=ArrivalStatus.REFUSED)
    newest = refused.order_by("-received_at", "-id").values_list("pk", flat=True)[:KEPT_REFUSED]
    refused.exclude(pk__in=list(newest)).delete()
    _tell(account)
    return Receipt(ArrivalStatus.REFUSED, trouble=trouble)


def _tell(account: ChannelAccount) -> None:
    publish(account.brand_id, f"inbox:{account.brand_id}", "channel.changed", {"account": str(account.pk)})
