"""What people and programs say about a journey, and mails about it that never arrived."""

import uuid
from typing import Annotated, Any, Literal

from ninja import Header, Router, Status

from parcours.api.comment_schemas import (
    CommentIn,
    FailedMailList,
    ThreadChange,
    ThreadIn,
    ThreadList,
    ThreadOut,
)
from parcours.api.doors import ApiRequest, needs
from parcours.api.schemas import Problem
from parcours.canvas.comments import reads, writes
from parcours.canvas.comments.shapes import ThreadView
from parcours.notices.reads import failed_mails
from parcours.notices.writes import send_again

router = Router(tags=["comments"])

_PROBLEMS: dict[Any, Any] = {401: Problem, 403: Problem, 404: Problem}
_WRITE: dict[Any, Any] = {**_PROBLEMS, 409: Problem, 422: Problem}
_ALL = "/journeys/{uuid:journey_id}/comments"
_THREAD = "/journeys/{uuid:journey_id}/comments/{uuid:thread_id}"

Key = Annotated[
    str, Header(alias="Idempotency-Key", description="The same key again says nothing a second time.")
]


@router.get(_ALL, response={200: ThreadList, **_PROBLEMS})
@needs("canvas.view")
def list_comments(
    request: ApiRequest,
    journey_id: uuid.UUID,
    show: Literal["open", "resolved"] = "open",
    about: str = "",
) -> dict[str, Any]:
    """The conversations on a journey, the one with the newest comment first; or all about one thing."""
    if about:
        found = reads.threads_about(request.actor, journey_id, reads.read_where(about))
    else:
        found = reads.threads_of(request.actor, journey_id, show)
    return {"items": [_thread(each) for each in found]}


@router.post(_ALL, response={201: ThreadOut, **_WRITE})
@needs("canvas.comment")
def start_conversation(
    request: ApiRequest, journey_id: uuid.UUID, said: ThreadIn, key: Key = ""
) -> Status[dict[str, Any]]:
    """A first comment. People named in it (“@Claire Le Gall”, or by their address) are told."""
    found = writes.start_thread(
        journey_id,
        reads.read_where(said.about),
        text=said.text,
        comment_id=_comment_id(request, journey_id, key),
        acting_user=request.actor,
    )
    return Status(201, _thread(found))


@router.get(_THREAD, response={200: ThreadOut, **_PROBLEMS})
@needs("canvas.view")
def get_conversation(request: ApiRequest, journey_id: uuid.UUID, thread_id: uuid.UUID) -> dict[str, Any]:
    return _thread(reads.thread(request.actor, journey_id, thread_id))


@router.post(_THREAD, response={201: ThreadOut, **_WRITE})
@needs("canvas.comment")
def answer_conversation(
    request: ApiRequest, journey_id: uuid.UUID, thread_id: uuid.UUID, said: CommentIn, key: Key = ""
) -> Status[dict[str, Any]]:
    """A further comment. A resolved conversation is open again then."""
    found = writes.reply(
        journey_id,
        thread_id,
        text=said.text,
        comment_id=_comment_id(request, journey_id, key),
        acting_user=request.actor,
    )
    return Status(201, _thread(found))


@router.patch(_THREAD, response={200: ThreadOut, **_WRITE})
@needs("canvas.comment")
def change_conversation(
    request: ApiRequest, journey_id: uuid.UUID, thread_id: uuid.UUID, change: ThreadChange
) -> dict[str, Any]:
    """Resolves a conversation, or opens it again."""
    found = writes.resolve_thread(journey_id, thread_id, resolved=change.resolved, acting_user=request.actor)
    return _thread(found)


@router.get("/notices/mails", response={200: FailedMailList, **_PROBLEMS}, tags=["notices"])
@needs("people.manage")
def list_failed_mails(request: ApiRequest) -> dict[str, Any]:
    """Mails about notices that no server took, the last one first."""
    return {
        "items": [
            {
                "id": each.id,
                "person": each.label,
                "notices": each.notices,
                "tries": each.tries,
                "problem": each.problem,
                "created_at": each.created_at,
            }
            for each in failed_mails(request.actor)
        ]
    }


@router.post("/notices/mails/{uuid:mail_id}/again", response={204: None, **_PROBLEMS}, tags=["notices"])
@needs("people.manage")
def send_mail_again(request: ApiRequest, mail_id: uuid.UUID) -> Status[None]:
    """Tries a mail that was given up once more."""
    send_again(mail_id, acting_user=request.actor)
    return Status(204, None)


def _comment_id(request: ApiRequest, journey_id: uuid.UUID, key: str) -> uuid.UUID | None:
    return uuid.uuid5(journey_id, f"comment {request.actor.id} {key}") if key else None


def _thread(view: ThreadView) -> dict[str, Any]:
    return {
        "id": view.id,
        "about": view.about.key,
        "label": view.about.label,
        "resolved_at": view.resolved_at,
        "resolved_by": view.resolved_by,
        "updated_at": view.updated_at,
        "comments": [
            {
                "id": each.id,
                "author": each.author,
                "text": each.words,
                "mentions": list(each.mentions),
                "created_at": each.created_at,
                "edited_at": each.edited_at,
                "deleted": each.deleted,
            }
            for each in view.comments
        ],
    }
