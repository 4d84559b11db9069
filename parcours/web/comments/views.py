"""Reading comments: all of a journey, those about one thing, one thread, and the tab of a card."""

import uuid
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from parcours.canvas import reads
from parcours.canvas.comments import reads as said
from parcours.live.reads import newest_id
from parcours.notices.writes import mark_seen
from parcours.web.canvas.fragments import wants_fragment
from parcours.web.canvas.sections import answer_section
from parcours.web.comments.calling import people_to_call
from parcours.web.doors import Request, door


@door("canvas.view")
@require_GET
def comments(request: Request, journey_id: uuid.UUID) -> HttpResponse:
    """Every conversation on a journey. `show`: open, resolved, mine or mentions."""
    return comments_page(request, journey_id, show=request.GET.get("show", "open"))


def comments_page(
    request: Request, journey_id: uuid.UUID, *, show: str, status: int = 200, **more: Any
) -> HttpResponse:
    show = show if show in said.SHOWS else "open"
    context = {
        "live_id": newest_id(request.brand.pk),  # first: whatever comes later is sent
        "journey": reads.journey(request.brand.pk, journey_id),
        "stages": reads.stages(request.brand.pk, journey_id),
        "threads": said.threads_of(request.actor, journey_id, show),
        "show": show,
        "where": show,
        "editing": request.GET.get("edit", ""),
        **more,
    }
    return render(request, "comments/comments.html", context, status=status)


@door("canvas.view")
@require_GET
def thread(request: Request, journey_id: uuid.UUID, thread_id: uuid.UUID) -> HttpResponse:
    """One conversation on a page of its own: where links in notices lead."""
    return thread_page(request, journey_id, thread_id)


def thread_page(
    request: Request, journey_id: uuid.UUID, thread_id: uuid.UUID, *, status: int = 200, **more: Any
) -> HttpResponse:
    live_id = newest_id(request.brand.pk)
    found = said.thread(request.actor, journey_id, thread_id)
    mark_seen(f"/map/{journey_id}/comments/{thread_id}/", acting_user=request.actor)
    context = {
        "journey": reads.journey(request.brand.pk, journey_id),
        "live_id": live_id,
        "thread": found,
        "where": "thread",
        "editing": request.GET.get("edit", ""),
        **more,
    }
    return render(request, "comments/thread_page.html", context, status=status)


@door("canvas.view")
@require_GET
def about(request: Request, journey_id: uuid.UUID, about: str) -> HttpResponse:
    """What was said about one thing, and a place to say more."""
    return about_page(request, journey_id, about)


def about_page(
    request: Request, journey_id: uuid.UUID, key: str, *, status: int = 200, **more: Any
) -> HttpResponse:
    where = said.read_where(key)
    if where.card_id is not None:
        return card_section(request, journey_id, where.card_id, status=status, **more)
    context = {
        "live_id": newest_id(request.brand.pk),
        "journey": reads.journey(request.brand.pk, journey_id),
        "anchor": said.place(request.actor, journey_id, where),
        "threads": said.threads_about(request.actor, journey_id, where),
        "where": "about",
        "editing": request.GET.get("edit", ""),
        **more,
    }
    template = "comments/about.html" if wants_fragment(request) else "comments/about_page.html"
    return render(request, template, context, status=status)


@door("canvas.view")
@require_GET
def card_comments(request: Request, journey_id: uuid.UUID, card_id: uuid.UUID) -> HttpResponse:
    """The tab of an open card."""
    return card_section(request, journey_id, card_id)


def card_section(
    request: Request, journey_id: uuid.UUID, card_id: uuid.UUID, *, status: int = 200, **more: Any
) -> HttpResponse:
    where = said.Where(card_id=card_id)
    threads = said.threads_about(request.actor, journey_id, where)
    for each in threads:
        mark_seen(f"/map/{journey_id}/comments/{each.id}/", acting_user=request.actor)
    context = {
        "anchor": said.place(request.actor, journey_id, where),
        "threads": threads,
        "where": "about",
        "editing": request.GET.get("edit", ""),
        **more,
    }
    return answer_section(
        request,
        "comments/about.html",
        context,
        key="comments",
        journey_id=journey_id,
        card_id=card_id,
        status=status,
    )


@door("canvas.view")
@require_GET
def people(request: Request, journey_id: uuid.UUID) -> JsonResponse:
    """Who can be mentioned: what is shown and what is written, for the list under the field."""
    reads.journey(request.brand.pk, journey_id)
    return people_to_call(request.brand.pk)
