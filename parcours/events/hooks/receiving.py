"""What a shop sends, taken in: signature, raw payload, events, in the transaction that answers."""

import logging
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

import msgspec
from django.db import IntegrityError, transaction

from parcours.core.clock import now
from parcours.core.secrets import unseal
from parcours.events.hooks.enums import DeliveryStatus, Trouble
from parcours.events.hooks.fields import Fields, NotUnderstood
from parcours.events.hooks.kinds import HookKind, kind_of
from parcours.events.hooks.memory import StoredMemory
from parcours.events.hooks.models import HookAccount, HookDelivery
from parcours.events.hooks.requests import pass_on_request
from parcours.events.hooks.shops import shop_of
from parcours.events.hooks.telling import Told, people_in
from parcours.events.ingest.inbox import take_in
from parcours.events.ingest.messages import Message
from parcours.live.writes import publish

log = logging.getLogger(__name__)

MOST_BYTES = 5 * 1024 * 1024
KEPT_REFUSED = 50
"""Of each connection: enough to see what is wrong, not enough to fill a disk."""
_REFUSED_BYTES = 16 * 1024


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a delivery: kept once more, kept already, or refused."""

    status: str
    duplicate: bool = False
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A delivery at the door. Names of headers are in small letters."""

    headers: Mapping[str, str]
    body: bytes
    received_at: datetime = field(default_factory=now)


def account_at(kind: str, account_id: uuid.UUID) -> HookAccount | None:
    """The connection that an address names, if it still is one."""
    return (
        HookAccount.objects.select_related("brand")
        .filter(pk=account_id, kind=kind, source__removed_at=None)
        .first()
    )


@transaction.atomic
def receive(account: HookAccount, arrival: Arrival) -> Receipt:
    """Keeps a delivery and takes in what it tells; one with a bad signature is kept apart, unread."""
    kind = _kind(account)
    if kind.greets(arrival.headers, arrival.body):
        return Receipt(DeliveryStatus.IGNORED, trouble=Trouble.GREETING)
    trouble = (
        kind.check(unseal(account.secret), arrival.headers, arrival.body, arrival.received_at)
        if account.secret
        else Trouble.NO_SECRET
    )
    if trouble is not None:
        return _refuse(account, kind, arrival, trouble)
    return keep(account, arrival)


@transaction.atomic
def keep(account: HookAccount, arrival: Arrival, *, external_id: str = "") -> Receipt:
    """Keeps a delivery that is known to be the shop's own."""
    kind = _kind(account)
    payload = _payload(arrival.body)
    known = payload or Fields({})
    delivery = HookDelivery(
        account=account,
        external_id=_short(external_id or kind.external_id(arrival.headers, arrival.body, known)),
        topic=kind.topic(arrival.headers, known).replace("\0", "")[:100],
        headers=_kept_headers(kind, arrival.headers),
        body=arrival.body,
        body_size=len(arrival.body),
        received_at=arrival.received_at,
        status=DeliveryStatus.FAILED,
    )
    try:
        with transaction.atomic():
            delivery.save(force_insert=True)
    except IntegrityError:
        return Receipt(DeliveryStatus.MAPPED, duplicate=True)
    understand(delivery)
    delivery.save(update_fields=["status", "trouble", "where", "events", "people"])
    HookAccount.objects.filter(pk=account.pk).update(last_seen_at=arrival.received_at)
    _tell(account, delivery)
    return Receipt(delivery.status, trouble=delivery.trouble)


def understand(delivery: HookDelivery) -> None:
    """Makes events of a delivery and notes on it (unsaved) what became of it. Whatever goes wrong stays with
    this one.
    """
    account = delivery.account
    kind = _kind(account)
    messages: list[Message] = []
    try:
        payload = _payload(bytes(delivery.body))
        if payload is None:
            raise NotUnderstood(Trouble.NOT_JSON)
        if kind.is_test(delivery.headers, payload):
            trouble = Trouble.TEST
        elif delivery.topic in kind.requests:
            trouble = pass_on_request(account, payload, kind.requests[delivery.topic])
        elif delivery.topic not in kind.readers:
            trouble = Trouble.OTHER_TOPIC
        else:
            with transaction.atomic():
                told = Told(
                    delivery.topic, payload, delivery.received_at, shop_of(account), StoredMemory(account)
                )
                messages = kind.readers[delivery.topic](told)
                take_in(account.brand_id, account.source_id, messages, received_at=delivery.received_at)
            trouble = Trouble.NO_CHANGE
    except NotUnderstood as fault:
        _note(delivery, DeliveryStatus.FAILED, fault.trouble, fault.where)
    except Exception:  # whatever it is, the delivery is kept and the next one is heard
        log.exception("delivery %s of %s can't be read", delivery.pk, account.kind)
        _note(delivery, DeliveryStatus.FAILED, Trouble.UNEXPECTED)
    else:
        if messages:
            _note(delivery, DeliveryStatus.MAPPED)
            delivery.events = [[each.message_id, each.type, each.event] for each in messages]
            delivery.people = people_in(messages)
        elif delivery.status != DeliveryStatus.MAPPED:
            _note(delivery, DeliveryStatus.IGNORED, trouble)


def _note(delivery: HookDelivery, status: DeliveryStatus, trouble: str = "", where: str = "") -> None:
    delivery.status, delivery.trouble, delivery.where = status, trouble, where[:200]


def _refuse(account: HookAccount, kind: HookKind, arrival: Arrival, trouble: Trouble) -> Receipt:
    delivery = HookDelivery.objects.create(
        account=account,
        external_id="",
        topic=_short(kind.topic(arrival.headers, Fields({})))[:100],
        headers=_kept_headers(kind, arrival.headers),
        body=arrival.body[:_REFUSED_BYTES],
        body_size=len(arrival.body),
        received_at=arrival.received_at,
        status=DeliveryStatus.REFUSED,
        trouble=trouble,
    )
    HookAccount.objects.filter(pk=account.pk).update(refused_at=arrival.received_at)
    refused = HookDelivery.objects.filter(account=account, status=DeliveryStatus.REFUSED)
    newest = refused.order_by("-received_at", "-id").values_list("pk", flat=True)[:KEPT_REFUSED]
    refused.exclude(pk__in=list(newest)).delete()
    _tell(account, delivery)
    return Receipt(DeliveryStatus.REFUSED, trouble=trouble)


def _tell(account: HookAccount, delivery: HookDelivery) -> None:
    publish(
        account.brand_id,
        f"shop:{account.pk}",
        "delivery.arrived",
        {"id": str(delivery.pk), "status": delivery.status, "topic": delivery.topic},
    )


def _kind(account: HookAccount) -> HookKind:
    kind = kind_of(account.kind)
    if kind is None:
        raise LookupError(account.kind)
    return kind


def _payload(body: bytes) -> Fields | None:
    """The JSON object in a body; None for anything else."""
    try:
        return Fields(msgspec.json.decode(body))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, NotUnderstood):
        return None


def _kept_headers(kind: HookKind, headers: Mapping[str, str]) -> dict[str, str]:
    return {name: headers[name].replace("\0", "")[:400] for name in kind.headers if name in headers}


def _short(text: str) -> str:
    return text.replace("\0", "")[:200]
