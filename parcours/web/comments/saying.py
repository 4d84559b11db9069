"""Saying, answering, changing, resolving. Each answers with what stood around the form it was sent from."""

import uuid

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from parcours.canvas.comments import reads as said
from parcours.canvas.comments import writes
from parcours.canvas.comments.shapes import ThreadView
from parcours.core.errors import BadInput
from parcours.web.canvas.fragments import wants_fragment
from parcours.web.comments.views import about_page, comments_page, thread_page
from parcours.web.doors import Request, door


@door("canvas.comment")
@require_POST
def start(request: Request, journey_id: uuid.UUID) -> HttpResponseBase:
    """A first comment about what `about` names."""
    key = request.POST.get("about", "journey")
    where = said.read_where(key)
    try:
        found = writes.start_thread(
            journey_id,
            where,
            text=request.POST.get("text", ""),
            comment_id=_chosen_id(request),
            acting_user=request.actor,
        )
    except BadInput as problem:
        said.place(request.actor, journey_id, where)
        if request.POST.get("where") in said.SHOWS:
            return comments_page(request, journey_id, show="open", status=422, problem=problem)
        return about_page(request, journey_id, key, status=422, problem=problem)
    return _done(request, found)


@door("canvas.comment")
@require_POST
def answer(request: Request, journey_id: uuid.UUID, thread_id: uuid.UUID) -> HttpResponseBase:
    try:
        found = writes.reply(
            journey_id,
            thread_id,
            text=request.POST.get("text", ""),
            comment_id=_chosen_id(request),
            acting_user=request.actor,
        )
    except BadInput as problem:
        return _again(request, said.thread(request.actor, journey_id, thread_id), problem)
    return _done(request, found)


@door("canvas.comment")
@require_POST
def resolve(request: Request, journey_id: uuid.UUID, thread_id: uuid.UUID) -> HttpResponseBase:
    """Resolved, or with `open` not any more."""
    resolved = not request.POST.get("open")
    return _done(
        request, writes.resolve_thread(journey_id, thread_id, resolved=resolved, acting_user=request.actor)
    )


@door("canvas.view")
@require_POST
def mute(request: Request, journey_id: uuid.UUID, thread_id: uuid.UUID) -> HttpResponseBase:
    """Hear no more of it, or with `hear` again."""
    muted = not request.POST.get("hear")
    return _done(request, writes.mute_thread(journey_id, thread_id, muted=muted, acting_user=request.actor))


@door("canvas.comment")
@require_POST
def edit(request: Request, journey_id: uuid.UUID, comment_id: uuid.UUID) -> HttpResponseBase:
    try:
        found = writes.edit_comment(
            journey_id, comment_id, text=request.POST.get("text", ""), acting_user=request.actor
        )
    except BadInput as problem:
        thread_id = _uuid(request.POST.get("thread", ""))
        if thread_id is None:
            raise
        found = said.thread(request.actor, journey_id, thread_id)
        return _again(request, found, problem, editing=str(comment_id))
    return _done(request, found)


@door("canvas.comment")
@require_POST
def delete(request: Request, journey_id: uuid.UUID, comment_id: uuid.UUID) -> HttpResponseBase:
    return _done(request, writes.delete_comment(journey_id, comment_id, acting_user=request.actor))


@door("canvas.comment")
@require_POST
def restore(request: Request, journey_id: uuid.UUID, comment_id: uuid.UUID) -> HttpResponseBase:
    return _done(request, writes.restore_comment(journey_id, comment_id, acting_user=request.actor))


def _done(request: Request, thread: ThreadView) -> HttpResponseBase:
    """A fragment for the open card; else back to the page that the form stood on (`where`)."""
    if wants_fragment(request):
        return about_page(request, thread.journey_id, thread.about.key)
    where = request.POST.get("where", "")
    if where in said.SHOWS:
        address = f"{reverse('map_comments', args=[thread.journey_id])}?show={where}"
    elif where == "about":
        address = reverse("map_comments_about", args=[thread.journey_id, thread.about.key])
    else:
        address = reverse("map_thread", args=[thread.journey_id, thread.id])
    return redirect(f"{address}#thread-{thread.id}")


def _again(request: Request, thread: ThreadView, problem: BadInput, editing: str = "") -> HttpResponse:
    more = {"problem": problem, "problem_in": thread.id, "editing": editing}
    if wants_fragment(request):
        return about_page(request, thread.journey_id, thread.about.key, status=422, **more)
    return thread_page(request, thread.journey_id, thread.id, status=422, **more)


def _chosen_id(request: Request) -> uuid.UUID | None:
    return _uuid(request.POST.get("id", ""))


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
