"""What the team writes at the desk: replies and notes."""

import uuid
from collections.abc import Callable
from contextlib import suppress

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from parcours.canvas.comments.mentions import colleagues, mentioned, with_tokens
from parcours.core.errors import BadInput
from parcours.inbox import reads, writes
from parcours.inbox.desk.notes import add_note_for
from parcours.inbox.models import Message
from parcours.inbox.shapes import MessageView
from parcours.inbox.writes import NewFile
from parcours.web.canvas.fragments import wants_fragment
from parcours.web.doors import Request, door
from parcours.web.inbox.thread import shown
from parcours.web.inbox.views_of_list import read_asked

MOST_FILES = 10
MOST_USED = 10


@door("inbox.reply")
@require_POST
def reply(request: Request, conversation_id: uuid.UUID) -> HttpResponseBase:
    """`text` and `files` to the customer; `id` is chosen by the page, so that a second try adds nothing.
    `manner`: in public or in private, where there is a choice. With `close` the conversation is closed, too;
    `used` are ids of quick replies that it was made of.
    """
    files = _files(request)
    sent = writes.send_reply(
        conversation_id,
        request.POST.get("text", ""),
        acting_user=request.actor,
        message_id=message_id_of(request),
        files=files,
        used=_used(request),
        manner=request.POST.get("manner", ""),
    )
    if request.POST.get("close"):
        writes.close(conversation_id, acting_user=request.actor)
    found = None if files else reads.message_view(sent, is_new=True)
    return answer(request, conversation_id, sent.pk, lambda: _("Your reply is on its way."), found)


@door("inbox.reply")
@require_POST
def note(request: Request, conversation_id: uuid.UUID) -> HttpResponseBase:
    """`text` for colleagues; whoever is called by @ is told."""
    text = with_tokens(request.POST.get("text", ""), colleagues(request.brand.pk))
    kept: Message = add_note_for(
        conversation_id, text, mentioned(text), acting_user=request.actor, message_id=message_id_of(request)
    )
    return answer(request, conversation_id, kept.pk, lambda: _("Your note is kept."))


@door("inbox.reply")
@require_POST
def again(request: Request, message_id: uuid.UUID) -> HttpResponseBase:
    """Sends once more what was given up."""
    sent = writes.send_again(message_id, acting_user=request.actor)
    if request.POST.get("back") == "outbox":
        messages.success(request, _("It is tried again now."))
        return redirect("inbox_dead_letters")
    return answer(request, sent.conversation_id, message_id, lambda: _("It is tried again now."))


def answer(
    request: Request,
    conversation_id: uuid.UUID,
    message_id: uuid.UUID,
    said: Callable[[], str],
    found: MessageView | None = None,
) -> HttpResponseBase:
    """The message for the desk's script, as it was `found`; the conversation for a browser."""
    if wants_fragment(request):
        made = shown(request.brand, request.actor, [found or reads.message(request.brand.pk, message_id)])
        return render(request, "inbox/messages.html", {"shown": made, "alone": True})
    messages.success(request, said())
    response = redirect("inbox_conversation", conversation_id)
    response["Location"] += read_asked(request.POST).query
    return response


def _used(request: Request) -> list[uuid.UUID]:
    used = []
    for text in request.POST.getlist("used")[:MOST_USED]:
        with suppress(ValueError):
            used.append(uuid.UUID(text))
    return used


def message_id_of(request: Request) -> uuid.UUID | None:
    """Chosen by the page, so that a second try adds nothing. Raises BadInput."""
    text = request.POST.get("id", "")
    try:
        return uuid.UUID(text) if text else None
    except ValueError as error:
        raise BadInput(_("“{text}” is not an id.").format(text=text), where="id") from error


def _files(request: Request) -> list[NewFile]:
    found = request.FILES.getlist("files")
    if len(found) > MOST_FILES:
        raise BadInput(_("At most {n} files go with one message.").format(n=MOST_FILES), where="files")
    return [
        NewFile(file.name or _("File"), file.content_type or "application/octet-stream", file.read())
        for file in found
    ]
