"""Conversations: list, read, answer, hand on, close; what channels brought and what could not be sent."""

import uuid
from datetime import datetime
from typing import Annotated, Any, Literal

from django.db import transaction
from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja import Header, Query, Router, Status

from parcours.api.doors import ApiRequest, needs
from parcours.api.inbox_schemas import (
    AccountList,
    ArrivalOut,
    ArrivalPage,
    ConversationChange,
    ConversationPage,
    ConversationWhole,
    DeadLetterList,
    MergeIn,
    MessageIn,
    MessageList,
    MessageOut,
)
from parcours.api.places import place_named
from parcours.api.schemas import Problem
from parcours.canvas.reads import standing_stages
from parcours.canvas.revisions import read_revision
from parcours.core.errors import BadInput, Conflict
from parcours.inbox import reads, writes
from parcours.inbox.enums import Direction
from parcours.inbox.models import Message
from parcours.inbox.reads.arrivals import arrivals, dead_letters
from parcours.inbox.reads.conversations import read_cursor
from parcours.inbox.shapes import AccountView, ConversationRow, ConversationView, MessageView
from parcours.inbox.writes.common import clean_text

router = Router(tags=["inbox"])

MOST_A_PAGE = 200
_ONE = "/conversations/{uuid:conversation_id}"
_PROBLEMS: dict[Any, Any] = {401: Problem, 403: Problem, 404: Problem, 422: Problem}
_WRITE: dict[Any, Any] = {**_PROBLEMS, 409: Problem, 428: Problem}

IfMatch = Annotated[str, Header(alias="If-Match", description='The conversation\'s revision in quotes: "3"')]
Key = Annotated[
    str, Header(alias="Idempotency-Key", description="The same key again sends nothing a second time.")
]


@router.get("/conversations", response={200: ConversationPage, **_PROBLEMS})
@needs("inbox.view")
def list_conversations(
    request: ApiRequest,
    *,
    status: Literal["", "open", "snoozed", "closed"] = "",
    assignee: str = "",
    channel: str = "",
    account: uuid.UUID | None = None,
    tag: str = "",
    stage: uuid.UUID | None = None,
    topic: str = "",
    customer: Annotated[int | None, Query(ge=0, lt=2**63)] = None,
    waiting: bool = False,
    due: bool = False,
    late: bool = False,
    no_home: bool = False,
    words: Annotated[str, Query(max_length=400)] = "",
    cursor: Annotated[str, Query(max_length=200)] = "",
    limit: Annotated[int, Query(ge=1, le=MOST_A_PAGE)] = 50,
) -> dict[str, Any]:
    """The one with the newest message first; with `waiting` those who wait longest, with `due` or `late`
    what is due first. `assignee` is a person's id, or `nobody`.
    """
    wanted = reads.Filter(
        status=status,
        assignee=assignee,
        account_id=account,
        kind=channel,
        tag=tag,
        stage_id=stage,
        topic=topic,
        customer_id=customer,
        waiting=waiting,
        due=due,
        late=late,
        without_home=no_home,
        stages=standing_stages(request.brand.pk) if no_home else (),
        words=words,
    )
    page = reads.conversations(request.brand.pk, wanted, cursor=cursor, limit=limit)
    return {"items": [_row(each) for each in page.rows], "next": page.next}


@router.get(_ONE, response={200: ConversationWhole, **_PROBLEMS})
@needs("inbox.view")
def get_conversation(
    request: ApiRequest, response: HttpResponse, conversation_id: uuid.UUID
) -> dict[str, Any]:
    return with_revision(response, reads.conversation(request.brand.pk, conversation_id))


@router.patch(_ONE, response={200: ConversationWhole, **_WRITE})
@needs("inbox.reply")
def change_conversation(
    request: ApiRequest,
    response: HttpResponse,
    *,
    conversation_id: uuid.UUID,
    change: ConversationChange,
    if_match: IfMatch = "",
) -> dict[str, Any]:
    """Closes, opens or snoozes it, hands it on, tags it, says what it is about: all of it or nothing."""
    reads.conversation(request.brand.pk, conversation_id)
    revision = read_revision(if_match)
    with transaction.atomic():
        change_one(request, conversation_id, change, revision)
    return with_revision(response, reads.conversation(request.brand.pk, conversation_id))


def change_one(
    request: ApiRequest, conversation_id: uuid.UUID, change: ConversationChange, revision: int | None
) -> None:
    """The first of the writes compares the revision; the others follow in the same transaction."""
    actor = request.actor
    seen = revision
    if change.status == "closed":
        writes.close(conversation_id, acting_user=actor, revision=seen)
        seen = None
    elif change.status == "open":
        writes.reopen(conversation_id, acting_user=actor, revision=seen)
        seen = None
    elif change.status == "snoozed":
        if change.until is None:
            raise BadInput(_("Say until when."), where="until")
        until = change.until if change.until.tzinfo else change.until.astimezone()
        writes.snooze(conversation_id, until, acting_user=actor, revision=seen)
        seen = None
    if change.assignee is not None:
        wanted = change.assignee if isinstance(change.assignee, uuid.UUID) else None
        writes.assign(conversation_id, wanted, acting_user=actor, revision=seen)
        seen = None
    if change.tags is not None:
        writes.set_tags(conversation_id, change.tags, acting_user=actor, revision=seen)
        seen = None
    if change.priority is not None:
        writes.set_priority(conversation_id, change.priority, acting_user=actor, revision=seen)
        seen = None
    found = place_named(request.brand.pk, change.journey, change.stage, change.touchpoint)
    if found is not None or change.topic is not None:
        writes.place(
            conversation_id,
            acting_user=actor,
            journey_id=found.journey_id if found else None,
            stage_id=found.stage_id if found else None,
            touchpoint_id=found.touchpoint_id if found else None,
            topic=change.topic,
            revision=seen,
        )


@router.get(f"{_ONE}/messages", response={200: MessageList, **_PROBLEMS})
@needs("inbox.view")
def list_messages(
    request: ApiRequest,
    conversation_id: uuid.UUID,
    before: Annotated[str, Query(max_length=100)] = "",
    limit: Annotated[int, Query(ge=1, le=MOST_A_PAGE)] = 100,
) -> dict[str, Any]:
    """The newest ones, in the order in which they are read."""
    reads.conversation(request.brand.pk, conversation_id)
    found = reads.messages(request.brand.pk, conversation_id, before=_place(before), limit=limit)
    older = f"{found[0].at.isoformat()}~{found[0].id}" if len(found) == limit else ""
    return {"items": [message_object(each) for each in found], "before": older}


@router.post(f"{_ONE}/messages", response={201: MessageOut, **_WRITE})
@needs("inbox.reply")
def say(
    request: ApiRequest, conversation_id: uuid.UUID, said: MessageIn, key: Key = ""
) -> Status[dict[str, Any]]:
    """A reply, which goes into the outbox, or a note for colleagues."""
    message_id = uuid.uuid5(conversation_id, f"{request.actor.id} {key}") if key else None
    actor = request.actor
    if said.note:
        message = writes.add_note(conversation_id, said.text, acting_user=actor, message_id=message_id)
    else:
        message = writes.send_reply(
            conversation_id, said.text, acting_user=actor, message_id=message_id, manner=said.manner
        )
    _check_is_the_same(message, said)
    return Status(201, message_object(reads.message(request.brand.pk, message.pk)))


def _check_is_the_same(message: Message, said: MessageIn) -> None:
    """A key that was sent before answers with what it sent then: that mustn't hide another message."""
    if message.text != clean_text(said.text) or (message.direction == Direction.NOTE) != said.note:
        raise Conflict(
            _("This key was sent before, with another message."),
            where="Idempotency-Key",
            remedy=_("Send each message under a key of its own."),
        )


@router.post(f"{_ONE}/merge", response={200: ConversationWhole, **_WRITE})
@needs("inbox.reply")
def merge_conversations(
    request: ApiRequest, response: HttpResponse, conversation_id: uuid.UUID, merging: MergeIn
) -> dict[str, Any]:
    """Moves everything of this conversation into another; answers with that one."""
    kept = writes.merge(conversation_id, merging.into, acting_user=request.actor)
    return with_revision(response, reads.conversation(request.brand.pk, kept.pk))


@router.get("/channels", response={200: AccountList, 401: Problem, 403: Problem})
@needs("inbox.view")
def list_accounts(request: ApiRequest) -> dict[str, Any]:
    """The accounts on channels, and how they do."""
    return {"items": [_account(each) for each in reads.accounts(request.brand.pk)]}


@router.get("/arrivals", response={200: ArrivalPage, **_PROBLEMS})
@needs("inbox.manage")
def list_arrivals(
    request: ApiRequest,
    account: uuid.UUID | None = None,
    status: Literal["", "done", "ignored", "failed", "refused"] = "",
    cursor: uuid.UUID | None = None,
    limit: Annotated[int, Query(ge=1, le=MOST_A_PAGE)] = 50,
) -> dict[str, Any]:
    """What channels brought, raw, with what became of it; the newest first."""
    found = arrivals(request.brand.pk, account_id=account, status=status, before=cursor, limit=limit + 1)
    items = [
        {
            "id": each.id,
            "account": each.account_id,
            "received_at": each.received_at,
            "status": each.status,
            "trouble": each.trouble,
            "tries": each.tries,
            "size": each.body_size,
        }
        for each in found[:limit]
    ]
    return {"items": items, "next": found[limit - 1].id if len(found) > limit else None}


@router.post("/arrivals/{uuid:arrival_id}/replay", response={200: ArrivalOut, **_WRITE})
@needs("inbox.manage")
def replay_arrival(request: ApiRequest, arrival_id: uuid.UUID) -> dict[str, Any]:
    """Reads it once more; messages that are there already don't come a second time."""
    row = writes.do_replay(arrival_id, acting_user=request.actor)
    return {
        "id": row.pk,
        "account": row.account_id,
        "received_at": row.received_at,
        "status": row.status,
        "trouble": row.trouble,
        "tries": row.tries,
        "size": row.body_size,
    }


@router.get("/dead-letters", response={200: DeadLetterList, 401: Problem, 403: Problem})
@needs("inbox.view")
def list_dead_letters(request: ApiRequest) -> dict[str, Any]:
    """Messages to customers that were given up."""
    return {
        "items": [
            {
                "message": each.message_id,
                "conversation": each.conversation_id,
                "account": each.account_id,
                "fault": each.fault,
                "tries": each.tries,
                "given_up_at": each.ended_at,
            }
            for each in dead_letters(request.brand.pk)
        ]
    }


@router.post("/dead-letters/{uuid:message_id}/send", response={200: MessageOut, **_WRITE})
@needs("inbox.reply")
def send_again(request: ApiRequest, message_id: uuid.UUID) -> dict[str, Any]:
    """Takes it into the outbox once more, under the same key."""
    message = writes.send_again(message_id, acting_user=request.actor)
    return message_object(reads.message(request.brand.pk, message.pk))


def _place(before: str) -> tuple[datetime, uuid.UUID] | None:
    return read_cursor(before) if before else None


def with_revision(response: HttpResponse, view: ConversationView) -> dict[str, Any]:
    response.headers["ETag"] = f'"{view.row.revision}"'
    return {
        **_row(view.row),
        "account": view.account.id,
        "contact_details": {
            "id": view.contact.id,
            "name": view.contact.name,
            "handle": view.contact.handle,
            "language": view.contact.language,
            "customer": view.contact.customer_id,
            "blocked": view.contact.blocked,
        },
        "customer": view.customer_id,
        "language": view.language,
        "context": dict(view.context),
        "journey": view.journey_id,
        "touchpoint": view.touchpoint_id,
        "placed_by": view.placed_by,
        "topic": view.topic,
        "topic_by": view.topic_by,
        "created_at": view.created_at,
        "first_reply_at": view.first_reply_at,
        "closed_at": view.closed_at,
        "rating": view.rating,
        "merged_into": view.merged_into,
    }


def _row(row: ConversationRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "number": row.number,
        "channel": row.kind,
        "account_name": row.account_name,
        "contact": row.contact,
        "subject": row.subject,
        "preview": row.preview,
        "status": row.status,
        "priority": row.priority,
        "tags": list(row.tags),
        "assignee": row.assignee_id,
        "assignee_name": row.assignee,
        "last_message_at": row.last_message_at,
        "waiting_since": row.waiting_since,
        "due_at": row.due_at,
        "first_reply_due": row.first_reply_due,
        "next_reply_due": row.next_reply_due,
        "resolution_due": row.resolution_due,
        "snoozed_until": row.snoozed_until,
        "stage": row.stage_id,
        "messages": row.message_count,
        "revision": row.revision,
    }


def message_object(message: MessageView) -> dict[str, Any]:
    return {
        "id": message.id,
        "direction": message.direction,
        "author_kind": message.author_kind,
        "author": message.author,
        "text": message.text,
        "at": message.at,
        "step": message.step,
        "fault": message.fault,
        "files": [
            {
                "id": file.id,
                "name": file.name,
                "media_type": file.media_type,
                "size": file.size,
                "refused": file.refused,
            }
            for file in message.files
        ],
    }


def _account(account: AccountView) -> dict[str, Any]:
    return {
        "id": account.id,
        "kind": account.kind,
        "name": account.name,
        "address": account.address,
        "language": account.language,
        "enabled": account.enabled,
        "hook": account.hook_path,
        "received_at": account.received_at,
        "refused_at": account.refused_at,
        "sent_at": account.sent_at,
        "fault": account.fault,
    }
