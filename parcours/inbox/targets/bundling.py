"""Late conversations are told of together: one notice a person and queue, however long the backlog is."""

import uuid
from collections.abc import Collection
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.db import transaction
from django.db.models import Q, QuerySet

from parcours.accounts.rights import system_actor
from parcours.core.clock import now
from parcours.inbox.models import Conversation
from parcours.inbox.routing.models import Queue
from parcours.inbox.routing.queues import default_queue
from parcours.inbox.targets.enums import Metric
from parcours.inbox.targets.models import LateNotice, Target
from parcours.inbox.waiting import late_at
from parcours.notices.models import Notice
from parcours.notices.writes import notify, retell, settle

MISSED = "target-missed"
AT_MOST_EVERY = timedelta(minutes=15)


def note_late(row: Conversation, people: Collection[uuid.UUID | None]) -> None:
    """One more is late of which these people are to be told."""
    queue_id = row.queue_id or default_queue(row.account.brand).pk
    wanted = sorted(each for each in people if each is not None)
    LateNotice.objects.bulk_create(
        [LateNotice(brand_id=row.brand_id, person_id=each, queue_id=queue_id) for each in wanted],
        ignore_conflicts=True,
    )
    rows = LateNotice.objects.filter(brand_id=row.brand_id, queue_id=queue_id, person_id__in=wanted)
    ids = rows.select_for_update().order_by("pk").values_list("pk", flat=True)
    LateNotice.objects.filter(pk__in=list(ids)).update(pending=True)


def tell_of_late() -> int:
    """Tells of what became late; returns how many people got a new notice. What somebody hasn't read says how
    many there are now; a new one comes only when there are more than they read of, a quarter of an hour after
    the one before at the earliest.
    """
    open_ones = LateNotice.objects.filter(Q(pending=True) | Q(number__gt=0))
    queues = open_ones.order_by("brand_id", "queue_id").values_list("brand_id", "queue_id").distinct()
    return sum(_tell_of(brand_id, queue_id) for brand_id, queue_id in list(queues))


@transaction.atomic
def _tell_of(brand_id: uuid.UUID, queue_id: uuid.UUID) -> int:
    rows = list(
        LateNotice.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("notice")
        .filter(Q(pending=True) | Q(number__gt=0), brand_id=brand_id, queue_id=queue_id)
        .order_by("pk")
    )
    late = _late_in(brand_id, queue_id)
    number = late.count() if rows else 0
    facts, url = _facts(late, queue_id, number)
    unread = [row for row in rows if row.notice is not None and row.notice.read_at is None]
    if not number:
        settle(brand_id, [row.notice_id for row in unread if row.notice_id])
    else:
        stale = [row.notice_id for row in unread if row.notice_id and (row.pending or row.number != number)]
        retell(brand_id, stale, facts=facts, url=url)
    new = [row for row in rows if row not in unread and _is_news(row, number)]
    people = [row.person_id for row in new]
    told = notify(brand_id, people, kind=MISSED, facts=facts, url=url, acting_user=system_actor(brand_id))
    notices = _newest(brand_id, people, queue_id) if new else {}
    for row in rows:
        if row in new:
            row.notice_id, row.told_at, row.number = notices.get(row.person_id), now(), number
        elif row in unread:
            row.number = number
        elif row.pending and number > row.number:
            continue  # it waits for its quarter of an hour
        row.number, row.pending = min(row.number, number), False
        row.save(update_fields=["notice", "told_at", "number", "pending"])
    return told


def _is_news(row: LateNotice, number: int) -> bool:
    rested = row.told_at is None or abs(now() - row.told_at) >= AT_MOST_EVERY  # clocks go back, too
    return row.pending and number > row.number and rested


def _late_in(brand_id: uuid.UUID, queue_id: uuid.UUID) -> QuerySet[Conversation]:
    """As the list shows them: what is in no queue stands in the default one."""
    here = Q(queue_id=queue_id)
    if Queue.objects.filter(pk=queue_id, is_default=True).exists():
        here |= Q(queue_id=None)
    return Conversation.objects.filter(here, late_at(now()), brand_id=brand_id, merged_into=None)


def _facts(late: QuerySet[Conversation], queue_id: uuid.UUID, number: int) -> tuple[dict[str, Any], str]:
    """What the notice says and where it leads: to the one, or to the list of them."""
    queue = Queue.objects.filter(pk=queue_id).first()
    facts: dict[str, Any] = {"n": number, "queue": queue.name if queue else "", "queue_id": str(queue_id)}
    one = late.first() if number == 1 else None
    if one is None or one.target_id is None:
        return facts, f"/inbox/?{urlencode({'view': 'late', 'queue': queue_id})}"
    target = Target.objects.filter(pk=one.target_id).first()
    metric = {
        one.first_reply_due: Metric.FIRST_REPLY,
        one.next_reply_due: Metric.NEXT_REPLY,
        one.resolution_due: Metric.RESOLUTION,
    }.get(one.due_at, Metric.RESOLUTION)
    facts |= {"number": one.number, "metric": str(metric), "target": target.name if target else ""}
    return facts, f"/inbox/{one.pk}/"


def _newest(
    brand_id: uuid.UUID, people: Collection[uuid.UUID], queue_id: uuid.UUID
) -> dict[uuid.UUID, uuid.UUID]:
    rows = Notice.objects.filter(
        brand_id=brand_id, person_id__in=list(people), kind=MISSED, facts__queue_id=str(queue_id)
    )
    return dict(rows.order_by("at", "pk").values_list("person_id", "pk"))


def forget_late(brand_id: uuid.UUID, person_id: uuid.UUID) -> None:
    """Called when somebody leaves a brand."""
    LateNotice.objects.filter(brand_id=brand_id, person_id=person_id).delete()
