"""Holds what the list shows of conversations against their messages, and puts right what differs."""

import uuid
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max, Q

from parcours.accounts.models import Brand
from parcours.inbox.enums import AuthorKind, ConversationStatus, Direction
from parcours.inbox.models import Conversation, Counter, Message
from parcours.inbox.reconciling.shapes import Look
from parcours.inbox.writes.common import changed
from parcours.inbox.writes.counting import Counted, count, said_in
from parcours.inbox.writes.messages import LATEST

AT_ONCE = 300


def look(brand: Brand, since: datetime) -> Look:
    """Of conversations in which something was said since then."""
    seen = Look()
    wrong: list[str] = []
    mended = 0
    for some in _batches(brand, since):
        seen.seen += len(some)
        said = said_in(some)
        closed = _last_closed(some)
        for row in Conversation.objects.filter(pk__in=some):
            if _differences(row, count(said[row.pk]), closed.get(row.pk)):
                wrong.append(str(row.pk))
                mended += _mend(row.pk)
    seen.found("counters", wrong, mended=mended)
    seen.found("strays", _strays(brand, since))
    seen.found("numbers", _numbers(brand), mended=1)
    return seen


def _batches(brand: Brand, since: datetime) -> Iterator[list[uuid.UUID]]:
    lately = Q(last_message_at__gte=since) | Q(created_at__gte=since)
    rows = Conversation.objects.filter(lately, brand=brand, merged_into=None)
    ids = list(rows.order_by("pk").values_list("pk", flat=True))
    for at in range(0, len(ids), AT_ONCE):
        yield ids[at : at + AT_ONCE]


def _last_closed(ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, datetime]:
    """When they were closed the last time: what was asked before isn't waited for any more."""
    lines = Message.objects.filter(
        conversation__in=ids, direction=Direction.LINE, payload__what__in=["closed", "reopened"]
    )
    return dict(lines.values_list("conversation_id").annotate(last=Max("at")).order_by())


def _differences(row: Conversation, counted: Counted, closed: datetime | None) -> dict[str, Any]:
    """What should stand there instead."""
    if counted.last_at is None:
        return {}
    wanted: dict[str, Any] = {
        "message_count": counted.messages,
        "last_message_at": counted.last_at,
        "preview": counted.preview,
        "preview_direction": counted.preview_direction,
        **_waiting(row, counted, closed),
    }
    return {name: value for name, value in wanted.items() if getattr(row, name) != value}


def _waiting(row: Conversation, counted: Counted, closed: datetime | None) -> dict[str, Any]:
    """Only what is beyond doubt: people may have opened it again, and programs answer without ending it."""
    if row.status == ConversationStatus.CLOSED:
        return {"waiting_since": None}
    last, since = counted.last_reply, counted.unanswered_since
    if since is None:
        answered = last is not None and last.author_kind == AuthorKind.PERSON
        return {"waiting_since": None} if answered else {}
    if last is not None and since - last.at <= LATEST:
        return {}  # the customer's clock may be ahead: this may be what was answered
    if row.waiting_since is None and (closed is None or closed < since):
        return {"waiting_since": since}
    return {}


def _mend(conversation_id: uuid.UUID) -> bool:
    """Looks once more under a lock: somebody may have written meanwhile."""
    with transaction.atomic():
        row = Conversation.objects.select_for_update(no_key=True).get(pk=conversation_id)
        closed = _last_closed([row.pk]).get(row.pk)
        differences = _differences(row, count(said_in([row.pk])[row.pk]), closed)
        for name, value in differences.items():
            setattr(row, name, value)
        if differences:
            row.save(update_fields=list(differences))
            changed(row, "counted")
    return True


def _strays(brand: Brand, since: datetime) -> list[str]:
    """Messages that stand in a conversation that was merged into another one, where nobody sees them."""
    rows = Message.objects.filter(
        brand=brand,
        created_at__gte=since,
        conversation__merged_into__isnull=False,
        direction__in=[Direction.IN, Direction.OUT],
    )
    return [str(pk) for pk in rows.values_list("pk", flat=True)[:500]]


def _numbers(brand: Brand) -> list[str]:
    """The next conversation would get a number that is taken."""
    highest = Conversation.objects.filter(brand=brand).aggregate(n=Max("number"))["n"] or 0
    with transaction.atomic():
        counter, _made = Counter.objects.select_for_update().get_or_create(brand=brand)
        if counter.number >= highest:
            return []
        counter.number = highest
        counter.save(update_fields=["number"])
    return [str(highest)]
