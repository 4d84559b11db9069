"""The list: filtered, searched, a page at a time; a million messages stay fast."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from parcours.core.clock import now
from parcours.core.errors import BadInput, NotFound
from parcours.core.text import storable
from parcours.inbox.channels import channel_of
from parcours.inbox.enums import ConversationStatus
from parcours.inbox.models import STANDING, Contact, Conversation
from parcours.inbox.reads.accounts import account_view
from parcours.inbox.reads.searching import having
from parcours.inbox.shapes import ContactView, ConversationRow, ConversationView
from parcours.inbox.waiting import DUE, WAITING, late_at, no_home


@dataclass(frozen=True, slots=True)
class Filter:
    """Which conversations. What is empty doesn't matter; `assignee` is an id or `nobody`."""

    status: str = ""
    assignee: str = ""
    account_id: uuid.UUID | None = None
    kind: str = ""
    queue_id: uuid.UUID | None = None
    or_no_queue: bool = False
    """With `queue_id`, the default queue: those that came before there were queues stand in it, too."""
    tag: str = ""
    stage_id: uuid.UUID | None = None
    touchpoint_id: uuid.UUID | None = None
    topic: str = ""
    without_home: bool = False
    stages: Collection[uuid.UUID] = ()
    """With `without_home`, those that stand: a place at one that was removed is none."""
    customer_id: int | None = None
    waiting: bool = False
    due: bool = False
    late: bool = False
    blocked: bool = False
    """Only of contacts who are blocked."""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """`next` is the cursor of the page behind this one; empty on the last."""

    rows: tuple[ConversationRow, ...]
    next: str = ""


def conversations(
    brand_id: uuid.UUID,
    wanted: Filter,
    *,
    cursor: str = "",
    limit: int = 50,
    only: Collection[uuid.UUID] | None = None,
) -> Page:
    """The newest first; with `waiting` those who wait longest, with `due` or `late` what is due first; of
    `only` some, where these are given.

    Raises BadInput for a bad cursor.
    """
    rows = _matching(brand_id, wanted)
    if only is not None:
        rows = rows.filter(pk__in=list(only))
    by_due = wanted.due or wanted.late
    oldest_first = wanted.waiting or by_due
    field = "due_at" if by_due else "waiting_since" if wanted.waiting else "last_message_at"
    if cursor:
        moment, pk = read_cursor(cursor)
        compare = "gt" if oldest_first else "lt"
        beyond = Q(**{f"{field}__{compare}": moment}) | Q(**{field: moment, f"pk__{compare}": pk})
        rows = rows.filter(beyond, **{f"{field}__{compare}e": moment})  # the index begins to be read there
    order = (field, "id") if oldest_first else (f"-{field}", "-id")
    found = list(rows.select_related("account", "contact", "assignee").order_by(*order)[: limit + 1])
    page = found[:limit]
    following = ""
    if len(found) > limit:
        following = f"{getattr(page[-1], field).isoformat()}~{page[-1].pk}"
    return Page(tuple(row_view(row) for row in page), following)


def counts(brand_id: uuid.UUID, person_id: uuid.UUID | None) -> dict[str, int]:
    """How many conversations stand in the usual views, in one query."""
    open_ones = Q(status=ConversationStatus.OPEN)
    return Conversation.objects.filter(STANDING, brand_id=brand_id, merged_into=None).aggregate(
        open=Count("pk", filter=open_ones),
        mine=Count("pk", filter=open_ones & Q(assignee_id=person_id)),
        unassigned=Count("pk", filter=open_ones & Q(assignee=None)),
        waiting=Count("pk", filter=WAITING),
        snoozed=Count("pk", filter=Q(status=ConversationStatus.SNOOZED)),
        due=Count("pk", filter=DUE),
        late=Count("pk", filter=late_at(now())),
    )


def conversation(brand_id: uuid.UUID, conversation_id: uuid.UUID) -> ConversationView:
    """Raises NotFound."""
    row = (
        Conversation.objects.select_related("account", "contact", "assignee")
        .filter(brand_id=brand_id, pk=conversation_id)
        .first()
    )
    if row is None:
        raise NotFound(_("There is no such conversation."))
    return ConversationView(
        row=row_view(row),
        account=account_view(row.account),
        contact=contact_view(row.contact),
        customer_id=row.customer_id,
        language=row.language,
        context=row.context,
        journey_id=row.journey_id,
        stage_id=row.stage_id,
        touchpoint_id=row.touchpoint_id,
        placed_by=row.placed_by,
        topic=row.topic,
        topic_by=row.topic_by,
        queue_id=row.queue_id,
        created_at=row.created_at,
        first_reply_at=row.first_reply_at,
        closed_at=row.closed_at,
        rating=row.rating,
        rating_words=row.rating_words,
        merged_into=row.merged_into_id,
    )


def _matching(brand_id: uuid.UUID, wanted: Filter) -> QuerySet[Conversation]:
    rows = Conversation.objects.filter(brand_id=brand_id, merged_into=None)
    plain: dict[str, Any] = {
        "status": wanted.status,
        "account_id": wanted.account_id,
        "account__kind": wanted.kind,
        "queue_id": None if wanted.or_no_queue else wanted.queue_id,
        "stage_id": wanted.stage_id,
        "touchpoint_id": wanted.touchpoint_id,
        "topic": wanted.topic,
        "customer_id": wanted.customer_id,
    }
    rows = rows.filter(**{name: storable(value) for name, value in plain.items() if value})
    if wanted.assignee == "nobody":
        rows = rows.filter(assignee=None)
    elif wanted.assignee:
        rows = rows.filter(assignee_id=_id(wanted.assignee))
    if wanted.or_no_queue:
        rows = rows.filter(Q(queue_id=wanted.queue_id) | Q(queue_id=None))
    if wanted.tag:
        rows = rows.filter(tags__contains=[storable(wanted.tag)])
    if wanted.without_home:
        rows = rows.filter(no_home(wanted.stages))
    if wanted.blocked:
        rows = rows.filter(contact__in=Contact.objects.filter(brand_id=brand_id, blocked_at__isnull=False))
    if wanted.waiting:
        rows = rows.filter(WAITING)
    if wanted.late:
        rows = rows.filter(late_at(now()))
    if wanted.due:
        rows = rows.filter(DUE)
    return having(rows, brand_id, storable(wanted.words).strip()) if wanted.words.strip() else rows


def _id(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError as error:
        raise BadInput(_("“{text}” is not an id.").format(text=text), where="assignee") from error


def read_cursor(cursor: str) -> tuple[datetime, uuid.UUID]:
    """A moment and an id, as a page before gave them. Raises BadInput."""
    said, _tilde, pk = cursor.partition("~")
    try:
        moment = datetime.fromisoformat(said)
        if moment.tzinfo is None:
            raise ValueError(said)
        return moment.astimezone(UTC), uuid.UUID(pk)
    except (ValueError, OverflowError) as error:
        raise BadInput(_("This is not a place in the list."), where="cursor") from error


def row_view(row: Conversation) -> ConversationRow:
    channel = channel_of(row.account.kind)
    return ConversationRow(
        id=row.pk,
        number=row.number,
        kind=row.account.kind,
        icon=channel.icon,
        account_name=row.account.name,
        contact=row.contact.name or row.contact.handle,
        subject=row.subject,
        preview=row.preview,
        preview_direction=row.preview_direction,
        status=row.status,
        priority=row.priority,
        tags=tuple(row.tags),
        assignee_id=row.assignee_id,
        assignee=row.assignee.label if row.assignee else "",
        last_message_at=row.last_message_at,
        waiting_since=row.waiting_since,
        first_reply_due=row.first_reply_due,
        next_reply_due=row.next_reply_due,
        resolution_due=row.resolution_due,
        due_at=row.due_at,
        warned_from=row.warned_from,
        snoozed_until=row.snoozed_until,
        stage_id=row.stage_id,
        message_count=row.message_count,
        revision=row.revision,
    )


def contact_view(row: Contact) -> ContactView:
    return ContactView(
        id=row.pk,
        name=row.name,
        handle=row.handle,
        language=row.language,
        customer_id=row.customer_id,
        blocked=row.blocked_at is not None,
        blocked_at=row.blocked_at,
        blocked_by=row.blocked_by,
        blocked_because=row.blocked_because,
        profile=row.profile,
    )
