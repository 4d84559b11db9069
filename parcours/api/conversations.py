"""More that is done to conversations: taken apart, changed many at once; their files and ledgers; health."""

import uuid
from datetime import datetime
from typing import Annotated, Any

from django.db import transaction
from django.http import FileResponse, HttpResponse
from ninja import File, Form, Router, Schema, Status
from ninja.files import UploadedFile
from pydantic import Field

from parcours.api.doors import ApiRequest, needs
from parcours.api.inbox import Key, change_one, message_object, with_revision
from parcours.api.inbox_schemas import ConversationChange, ConversationWhole, MessageOut
from parcours.api.schemas import Problem
from parcours.core.errors import ParcoursError
from parcours.inbox import reads, writes
from parcours.inbox.desk.reads import stored_file
from parcours.inbox.models import LedgerEntry
from parcours.inbox.placing.watching import facts_of, sentence
from parcours.inbox.reads.health import health
from parcours.inbox.reconciling.reads import newest

router = Router(tags=["inbox"])

MOST_AT_ONCE = 100
_ONE = "/conversations/{uuid:conversation_id}"
_MESSAGE = "/messages/{uuid:message_id}"
_PROBLEMS: dict[Any, Any] = {401: Problem, 403: Problem, 404: Problem, 422: Problem}
_WRITE: dict[Any, Any] = {**_PROBLEMS, 409: Problem}


class ManyIn(Schema):
    ids: list[uuid.UUID] = Field(min_length=1, max_length=MOST_AT_ONCE)
    change: ConversationChange


class OneDone(Schema):
    """`status` is what a change of this one alone would have been answered with."""

    id: uuid.UUID
    status: int
    problem: str = ""


class ManyDone(Schema):
    items: list[OneDone]


class LedgerLine(Schema):
    step: str
    at: datetime
    detail: str


class LedgerOut(Schema):
    items: list[LedgerLine]


class HealthOut(Schema):
    """`troubles` are sentences; empty when all is well."""

    account: uuid.UUID
    name: str
    channel: str
    enabled: bool
    failed: int = Field(description="Messages that were given up in the last day.")
    refused: int = Field(description="Calls with a wrong signature in the last day.")
    unread: int = Field(description="Arrivals of the last day that were not understood.")
    silent_since: datetime | None
    fault: str
    troubles: list[str]


class HealthList(Schema):
    items: list[HealthOut]


class FindingOut(Schema):
    kind: str
    account: str
    number: int
    mended: int
    sentence: str
    to_do: bool


class CheckOut(Schema):
    """What the last nightly check found; `began_at` is null before the first."""

    began_at: datetime | None = None
    since: datetime | None = None
    findings: list[FindingOut] = []


@router.post("/conversations/bulk", response={200: ManyDone, **_PROBLEMS})
@needs("inbox.reply")
def change_many(request: ApiRequest, wanted: ManyIn) -> dict[str, Any]:
    """The same change to several, each by itself, whatever its revision is; answers how each went."""
    return {"items": [_changed(request, each, wanted.change) for each in dict.fromkeys(wanted.ids)]}


def _changed(request: ApiRequest, conversation_id: uuid.UUID, change: ConversationChange) -> dict[str, Any]:
    try:
        reads.conversation(request.brand.pk, conversation_id)
        with transaction.atomic():
            change_one(request, conversation_id, change, None)
    except ParcoursError as fault:
        return {"id": conversation_id, "status": fault.status, "problem": fault.what}
    return {"id": conversation_id, "status": 200}


@router.post(f"{_ONE}/unmerge", response={200: ConversationWhole, **_WRITE})
@needs("inbox.reply")
def unmerge_conversation(
    request: ApiRequest, response: HttpResponse, conversation_id: uuid.UUID
) -> dict[str, Any]:
    """Gives a merged conversation its messages back."""
    writes.unmerge(conversation_id, acting_user=request.actor)
    return with_revision(response, reads.conversation(request.brand.pk, conversation_id))


@router.post(f"{_ONE}/files", response={201: MessageOut, **_WRITE, 413: Problem})
@needs("inbox.reply")
def send_files(
    request: ApiRequest,
    conversation_id: uuid.UUID,
    files: Annotated[list[UploadedFile], File()],
    text: Annotated[str, Form(max_length=200_000)] = "",
    key: Key = "",
) -> Status[dict[str, Any]]:
    """A reply with files, as a form (`multipart/form-data`); kinds and sizes are those of its channel."""
    message_id = uuid.uuid5(conversation_id, f"{request.actor.id} {key}") if key else None
    sent = [
        writes.NewFile(each.name or "file", each.content_type or "application/octet-stream", each.read())
        for each in files
    ]
    message = writes.send_reply(
        conversation_id, text, files=sent, acting_user=request.actor, message_id=message_id
    )
    return Status(201, message_object(reads.message(request.brand.pk, message.pk)))


@router.get(_MESSAGE, response={200: MessageOut, **_PROBLEMS})
@needs("inbox.view")
def get_message(request: ApiRequest, message_id: uuid.UUID) -> dict[str, Any]:
    return message_object(reads.message(request.brand.pk, message_id))


@router.get(f"{_MESSAGE}/ledger", response={200: LedgerOut, **_PROBLEMS})
@needs("inbox.view")
def get_ledger(request: ApiRequest, message_id: uuid.UUID) -> dict[str, Any]:
    """Every step that a message took, in the order in which it became known."""
    reads.message(request.brand.pk, message_id)
    rows = LedgerEntry.objects.filter(message_id=message_id).order_by("id")
    return {"items": list(rows.values("step", "at", "detail"))}


@router.post(f"{_MESSAGE}/split", response={201: ConversationWhole, **_WRITE})
@needs("inbox.reply")
def split_conversation(
    request: ApiRequest, response: HttpResponse, message_id: uuid.UUID
) -> Status[dict[str, Any]]:
    """A new conversation with the same contact from this message on."""
    new = writes.split(message_id, acting_user=request.actor)
    return Status(201, with_revision(response, reads.conversation(request.brand.pk, new.pk)))


@router.get("/message-files/{uuid:file_id}", response={200: bytes, **_PROBLEMS})
@needs("inbox.view")
def get_file(request: ApiRequest, file_id: uuid.UUID) -> FileResponse:
    """The content of a file of a message, always as a download."""
    found = stored_file(request.brand.pk, file_id)
    answer = FileResponse(
        found.path.open("rb"),
        as_attachment=True,
        filename=found.name,
        content_type="application/octet-stream",
    )
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


@router.get("/channels/health", response={200: HealthList, 401: Problem, 403: Problem})
@needs("inbox.view")
def get_health(request: ApiRequest) -> dict[str, Any]:
    """Whether the accounts work as usual."""
    return {
        "items": [
            {
                "account": each.account_id,
                "name": each.name,
                "channel": each.kind,
                "enabled": each.enabled,
                "failed": each.failed,
                "refused": each.refused,
                "unread": each.unread,
                "silent_since": each.silent_since,
                "fault": each.fault,
                "troubles": [sentence(facts_of(each, kind)) for kind in each.troubles],
            }
            for each in health(request.brand.pk, request.brand.time_zone)
        ]
    }


@router.get("/channels/check", response={200: CheckOut, 401: Problem, 403: Problem})
@needs("inbox.manage")
def get_check(request: ApiRequest) -> dict[str, Any]:
    """What the last nightly check found."""
    found = newest(request.brand.pk)
    if found is None:
        return {}
    return {
        "began_at": found.began_at,
        "since": found.since,
        "findings": [
            {
                "kind": told["finding"].kind,
                "account": told["finding"].account,
                "number": told["finding"].number,
                "mended": told["finding"].mended,
                "sentence": told["sentence"],
                "to_do": told["is_trouble"],
            }
            for told in found.told
        ],
    }
