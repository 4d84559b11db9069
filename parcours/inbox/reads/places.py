"""How many conversations belong to each stage and touchpoint of a journey, and how they went."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Count, Q, QuerySet

from parcours.inbox.enums import Direction
from parcours.inbox.models import Conversation, Message
from parcours.inbox.waiting import NOT_SPAM, SPAM, WAITING, no_home

MOST_READ = 400
"""Of the newest conversations whose words are looked at."""
Stages = Collection[uuid.UUID]
"""All that stand on a map; what belongs to none of them has no home."""


@dataclass(frozen=True, slots=True)
class TalkCounts:
    """Of one stage or touchpoint in a period. `waiting` is now, whenever they began. `replied` of them had an
    answer of a person, the half of those within `first_reply_seconds`; `happy` of `rated` gave 4 or 5 of 5.
    """

    conversations: int
    waiting: int
    replied: int
    first_reply_seconds: float | None
    closed: int
    rated: int
    happy: int


@dataclass(frozen=True, slots=True)
class Opening:
    """What a customer wrote first, as it was written; `name` is theirs, as far as it is known."""

    conversation_id: uuid.UUID
    stage_id: uuid.UUID | None
    touchpoint_id: uuid.UUID | None
    customer_id: int | None
    topic: str
    name: str
    text: str


_COUNTED = """
    SELECT place, touchpoint_id, GROUPING(touchpoint_id) = 1,
        count(*) FILTER (WHERE inside),
        count(*) FILTER (WHERE waiting_since IS NOT NULL AND status = 'open'),
        count(first_reply_at) FILTER (WHERE inside),
        percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM first_reply_at - created_at))
            FILTER (WHERE inside AND first_reply_at IS NOT NULL),
        count(*) FILTER (WHERE inside AND status = 'closed'),
        count(rating) FILTER (WHERE inside),
        count(*) FILTER (WHERE inside AND rating >= 4)
    FROM (
        SELECT *, {place} AS place, created_at >= coalesce(%(start)s::timestamptz, '-infinity')
            AND created_at < coalesce(%(end)s::timestamptz, 'infinity') AS inside
        FROM inbox_conversation
        WHERE brand_id = %(brand)s AND merged_into_id IS NULL
            AND NOT tags @> ARRAY[%(spam)s]::varchar[]
            AND {where}
            AND (%(customers)s::bigint[] IS NULL OR customer_id = ANY(%(customers)s::bigint[]))
    ) AS conversation
    GROUP BY GROUPING SETS ((place), (place, touchpoint_id))
"""
_PLACED = "journey_id = %(journey)s", "stage_id"
_HOMELESS = "(stage_id IS NULL OR stage_id <> ALL(%(stages)s::uuid[]))", "NULL::uuid"


def counts_of_places(
    brand_id: uuid.UUID,
    journey_id: uuid.UUID,
    start: datetime | None,
    end: datetime | None,
    customers: Sequence[int] | None = None,
) -> dict[uuid.UUID, TalkCounts]:
    """By the id of a stage or touchpoint, in one query. `customers`: only theirs."""
    theirs = None if customers is None else [int(each) for each in customers]
    rows = _counted(_PLACED, brand_id, start, end, journey=journey_id, customers=theirs)
    return {
        (stage if of_stage else touchpoint): TalkCounts(*counts)
        for stage, touchpoint, of_stage, *counts in rows
        if stage is not None and (of_stage or touchpoint is not None)
    }


def customers_of_places(
    brand_id: uuid.UUID, journey_id: uuid.UUID, start: datetime | None, end: datetime | None
) -> list[int]:
    """Who writes in the conversations that `counts_of_places` counts."""
    rows = Conversation.objects.filter(
        NOT_SPAM, brand_id=brand_id, journey_id=journey_id, merged_into=None, customer_id__isnull=False
    )
    inside = Q(created_at__gte=start) if start else Q()
    inside &= Q(created_at__lt=end) if end else Q()
    known = rows.filter(inside | WAITING) if start or end else rows
    ids = known.order_by("customer_id").values_list("customer_id", flat=True).distinct()
    return [each for each in ids if each is not None]


def count_homeless(
    brand_id: uuid.UUID, start: datetime | None, end: datetime | None, stages: Stages
) -> TalkCounts | None:
    """Of those that belong nowhere."""
    rows = _counted(_HOMELESS, brand_id, start, end, stages=list(stages), customers=None)
    return next((TalkCounts(*counts) for _stage, _touch, of_stage, *counts in rows if of_stage), None)


def homeless_topics(brand_id: uuid.UUID, stages: Stages) -> dict[str, int]:
    """How many conversations belong nowhere, by topic; an empty topic isn't known."""
    rows = _homeless(brand_id, stages).order_by().values("topic").annotate(n=Count("pk"))
    return {row["topic"]: row["n"] for row in rows}


def homeless_about(brand_id: uuid.UUID, topic: str, most: int, stages: Stages) -> list[uuid.UUID]:
    """The newest first."""
    rows = _homeless(brand_id, stages).filter(topic=topic).order_by("-created_at")
    return list(rows.values_list("pk", flat=True)[:most])


def count_displaced(brand_id: uuid.UUID, stages: Stages) -> int:
    """How many stood at a stage that was removed."""
    return _homeless(brand_id, stages).filter(stage_id__isnull=False).count()


def _homeless(brand_id: uuid.UUID, stages: Stages) -> QuerySet[Conversation]:
    return Conversation.objects.filter(no_home(stages), brand_id=brand_id, merged_into=None)


def _counted(
    where: tuple[str, str], brand_id: uuid.UUID, start: datetime | None, end: datetime | None, **given: Any
) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(
            _COUNTED.format(where=where[0], place=where[1]),
            {"brand": brand_id, "start": start, "end": end, "spam": SPAM, **given},
        )
        return list(cursor.fetchall())


def openings(
    brand_id: uuid.UUID,
    journey_id: uuid.UUID | None,
    start: datetime | None = None,
    end: datetime | None = None,
    *,
    most: int = MOST_READ,
    stages: Stages = (),
) -> list[Opening]:
    """What customers wrote first in the newest conversations of the journey; without one in those without a
    home. Two queries.
    """
    if journey_id is None:
        rows = _homeless(brand_id, stages)
    else:
        rows = Conversation.objects.filter(
            NOT_SPAM, brand_id=brand_id, merged_into=None, journey_id=journey_id
        )
    if start is not None:
        rows = rows.filter(created_at__gte=start)
    if end is not None:
        rows = rows.filter(created_at__lt=end)
    found = list(
        rows.order_by("-created_at").values_list(
            "pk", "stage_id", "touchpoint_id", "customer_id", "topic", "contact__name"
        )[:most]
    )
    said = dict(
        Message.objects.filter(conversation__in=[row[0] for row in found], direction=Direction.IN)
        .exclude(text="")
        .order_by("conversation", "at", "id")
        .distinct("conversation")
        .values_list("conversation_id", "text")
    )
    return [Opening(*row, said.get(row[0], "")) for row in found]
