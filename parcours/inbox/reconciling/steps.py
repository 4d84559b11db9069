"""Holds what messages show against the ledger and the outbox, and wakes what got stuck."""

import uuid
from collections import defaultdict
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count, Q

from parcours.accounts.models import Brand
from parcours.core.clock import now
from parcours.inbox.enums import Direction, OutboxStatus, Step
from parcours.inbox.models import ChannelAccount, LedgerEntry, Message, Outgoing
from parcours.inbox.nudging import ask_to_send
from parcours.inbox.reconciling.shapes import Look
from parcours.inbox.writes.common import changed, note_step, step_after

OVERDUE = timedelta(hours=1)
SILENT_AFTER = timedelta(days=1)
ENOUGH = 5
"""So many confirmed messages of an account show that its platform confirms them."""
AT_ONCE = 1_000


def look(brand: Brand, since: datetime) -> Look:
    seen = Look()
    _stuck(brand, seen)
    _unnoted(brand, since, seen)
    _ledger(brand, since, seen)
    _unconfirmed(brand, since, seen)
    return seen


def _stuck(brand: Brand, seen: Look) -> None:
    """Due for an hour, and nobody tried: asked for again."""
    late = now() - OVERDUE
    rows = Outgoing.objects.filter(brand=brand, next_try_at__lt=late).filter(
        Q(status=OutboxStatus.WAITING) | Q(status=OutboxStatus.SENDING, began_at__lt=late)
    )
    stuck = list(rows.order_by("next_try_at").values_list("pk", flat=True)[:AT_ONCE])
    for message_id in stuck:
        ask_to_send(message_id)
    seen.found("stuck", [str(pk) for pk in stuck], mended=len(stuck))


def _unnoted(brand: Brand, since: datetime, seen: Look) -> None:
    """The outbox says what became of it, the message doesn't; or no outbox knows of it at all."""
    rows = Message.objects.filter(
        brand=brand, direction=Direction.OUT, step=Step.QUEUED, created_at__gte=since
    ).filter(created_at__lt=now() - OVERDUE)
    lost, unnoted = [], []
    for row in rows.select_related("outgoing", "conversation__account")[:AT_ONCE]:
        out = getattr(row, "outgoing", None)
        if out is None:
            lost.append(str(row.pk))
        elif out.status in {OutboxStatus.SENT, OutboxStatus.DEAD}:
            unnoted.append(str(row.pk))
            with transaction.atomic():
                note_step(row, Step.SENT if out.status == OutboxStatus.SENT else Step.FAILED, out.fault)
                changed(row.conversation, "step", message=row)
    seen.found("unnoted", unnoted, mended=len(unnoted))
    seen.found("lost", lost)


def _ledger(brand: Brand, since: datetime, seen: Look) -> None:
    """What a message shows must be what its ledger comes to."""
    steps: dict[uuid.UUID, list[str]] = defaultdict(list)
    rows = LedgerEntry.objects.filter(message__brand=brand, message__created_at__gte=since)
    for message_id, step in rows.order_by("id").values_list("message_id", "step").iterator(chunk_size=5_000):
        steps[message_id].append(step)
    shown = dict(Message.objects.filter(brand=brand, created_at__gte=since).values_list("pk", "step"))
    seen.seen += len(shown)
    wrong = {pk: came for pk, way in steps.items() if pk in shown and shown[pk] != (came := _came_to(way))}
    for pk in wrong:
        _mend(pk)
    seen.found("steps", [str(pk) for pk in wrong], mended=len(wrong))


def _came_to(way: list[str]) -> str:
    step = way[0]
    for each in way[1:]:
        step = step_after(step, each)
    return step


def _mend(message_id: uuid.UUID) -> None:
    with transaction.atomic():
        row = (
            Message.objects.select_for_update(of=("self",)).select_related("conversation").get(pk=message_id)
        )
        way = list(row.ledger.order_by("id").values_list("step", flat=True))
        if not way or row.step == _came_to(way):
            return
        row.step = _came_to(way)
        row.save(update_fields=["step"])
        changed(row.conversation, "step", message=row)


def _unconfirmed(brand: Brand, since: datetime, seen: Look) -> None:
    """Sent for a day without a word of their arrival, on accounts whose platform confirms the others."""
    confirmed = Q(step__in=[Step.DELIVERED, Step.READ])
    silent = Q(step=Step.SENT, created_at__lt=now() - SILENT_AFTER)
    rows = Message.objects.filter(brand=brand, direction=Direction.OUT, created_at__gte=since)
    counts = rows.values("account_id").annotate(
        good=Count("pk", filter=confirmed), no=Count("pk", filter=silent)
    )
    names = dict(ChannelAccount.objects.filter(brand=brand).values_list("pk", "name"))
    for each in counts.order_by():
        if each["good"] >= ENOUGH and each["no"]:
            ids = rows.filter(silent, account_id=each["account_id"]).values_list("pk", flat=True)[:AT_ONCE]
            seen.found(
                "unconfirmed",
                [str(pk) for pk in ids],
                account=str(each["account_id"]),
                account_name=names.get(each["account_id"], ""),
            )
