"""The desk: the list, one conversation, and the customer beside it."""

import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from parcours.canvas.comments.mentions import colleagues
from parcours.canvas.reads import standing_stages
from parcours.core.errors import BadInput
from parcours.inbox import reads
from parcours.inbox.channels import channel_of
from parcours.inbox.desk import reads as desk_reads
from parcours.inbox.desk.macros import macros
from parcours.inbox.desk.views import saved_views
from parcours.inbox.desk.windows import ways_of
from parcours.inbox.reads import Filter, Page
from parcours.inbox.reads.messages import AT_ONCE
from parcours.inbox.reads.searching import Hit
from parcours.inbox.routing import reads as routing
from parcours.inbox.routing.shapes import QueueView
from parcours.live.reads import newest_id
from parcours.notices.writes import mark_seen
from parcours.web.canvas.fragments import wants_fragment
from parcours.web.comments.calling import people_to_call
from parcours.web.doors import Request, door
from parcours.web.inbox.beside import about
from parcours.web.inbox.deeds import snooze_choices
from parcours.web.inbox.saying import MOST_FILES
from parcours.web.inbox.there import REASONS, mine
from parcours.web.inbox.thread import shown
from parcours.web.inbox.views_of_list import NOBODY, VIEWS, Asked, filter_of, place_name, read_asked

A_PAGE = 50
MOST_ASKED = 100
"""Rows that the script asks for by their ids: what it doesn't get has left the list."""


@door("inbox.view")
@require_GET
def desk(request: Request) -> HttpResponse:
    """The list without a conversation. `view`, `account`, `tag` and `q` narrow it."""
    return render(request, "inbox/desk.html", _desk(request, _team(request)))


@door("inbox.view")
@require_GET
def conversation(request: Request, conversation_id: uuid.UUID) -> HttpResponse:
    """One conversation: its column for the desk's script, the whole desk for a browser that goes there."""
    live_id = newest_id(request.brand.pk)  # before anything is read: whatever comes later is sent
    team = _team(request)
    found = _conversation(request, conversation_id, team)
    if wants_fragment(request):
        return render(request, "inbox/conversation.html", {**found, "live_id": live_id})
    beside = about(request, found["conversation"])
    return render(request, "inbox/desk.html", {**_desk(request, team), **found, **beside, "live_id": live_id})


@door("inbox.view")
@require_GET
def rows(request: Request) -> HttpResponse:
    """More of the list (`cursor`), or those of some conversations (`id`) that stand in it now."""
    asked = read_asked(request.GET)
    wanted = [_uuid(text) for text in request.GET.getlist("id")[:MOST_ASKED]]
    only = [each for each in wanted if each is not None]
    page = reads.conversations(
        request.brand.pk,
        _filter(asked, request, routing.queues(request.brand.pk) if asked.queue else ()),
        cursor=request.GET.get("cursor", ""),
        **({"only": only, "limit": MOST_ASKED} if wanted else {"limit": A_PAGE}),
    )
    context = {"page": page, "asked": asked, "hits": _hits(request, page, asked), "is_fragment": True}
    return render(request, "inbox/rows.html", context)


@door("inbox.view")
@require_GET
def counts(request: Request) -> JsonResponse:
    """How many conversations stand in each view, channel and tag."""
    return JsonResponse(_counts(request, routing.queues(request.brand.pk)))


@door("inbox.view")
@require_GET
def people(request: Request) -> JsonResponse:
    """Who can be called by @ in a note, as `frame/mentions.ts` wants it."""
    return people_to_call(request.brand.pk)


@door("inbox.view")
@require_GET
def messages(request: Request, conversation_id: uuid.UUID) -> HttpResponse:
    """Older messages: those before `at` and `id`."""
    reads.conversation(request.brand.pk, conversation_id)
    before = _before(request)
    found = reads.messages(request.brand.pk, conversation_id, before=before)
    context = {"shown": shown(request.brand, request.actor, found), "older": len(found) == AT_ONCE}
    context["older_url"] = reverse("inbox_messages", args=[conversation_id])
    return render(request, "inbox/messages.html", context)


@door("inbox.view")
@require_GET
def message(request: Request, message_id: uuid.UUID) -> HttpResponse:
    """One message as it stands now."""
    found = reads.message(request.brand.pk, message_id)
    return render(
        request, "inbox/messages.html", {"shown": shown(request.brand, request.actor, [found]), "alone": True}
    )


def _team(request: Request) -> dict[str, Any]:
    """Whom and where one can give a conversation, and until when put it off."""
    return {
        "colleagues": colleagues(request.brand.pk),
        "queues": routing.queues(request.brand.pk),
        "snoozes": snooze_choices(ZoneInfo(request.brand.time_zone)),
    }


def _desk(request: Request, team: dict[str, Any]) -> dict[str, Any]:
    live_id = newest_id(request.brand.pk)
    asked = read_asked(request.GET)
    if asked.view.key == "late":  # whoever looks at the list knows what the notice would say
        mark_seen(_of_late(asked), acting_user=request.actor)
    page = reads.conversations(request.brand.pk, _filter(asked, request, team["queues"]), limit=A_PAGE)
    accounts = reads.accounts(request.brand.pk)
    return {
        **team,
        "live_id": live_id,
        "asked": asked,
        "page": page,
        "hits": _hits(request, page, asked),
        "accounts": accounts,
        "place_name": place_name(request.brand, asked) if asked.placed else "",
        "queue_name": next((each.name for each in team["queues"] if str(each.id) == asked.queue), ""),
        "agent_name": _("Nobody")
        if asked.agent == NOBODY
        else next((each.label for each in team["colleagues"] if str(each.id) == asked.agent), ""),
        "reasons_away": REASONS,
        "me": mine(request) if request.actor.may("inbox.reply") else None,
        "account_name": next((each.name for each in accounts if str(each.id) == asked.account), ""),
        "views": VIEWS,
        "saved": saved_views(request.actor),
        **_counts(request, team["queues"]),
    }


def _of_late(asked: Asked) -> str:
    """How the addresses begin to which notices of late conversations lead: of one queue, or of all."""
    return f"/inbox/?view=late&queue={asked.queue}"


def _hits(request: Request, page: Page, asked: Asked) -> dict[uuid.UUID, Hit]:
    return reads.hits(request.brand.pk, [row.id for row in page.rows], asked.q)


def _filter(asked: Asked, request: Request, queues: Sequence[QueueView]) -> Filter:
    """What isn't in any queue stands in the default one."""
    is_default = any(each.is_default and str(each.id) == asked.queue for each in queues)
    stages = standing_stages(request.brand.pk) if asked.view.key == "nohome" else ()
    return replace(filter_of(asked, request.actor.id), or_no_queue=is_default, stages=stages)


def _counts(request: Request, queues: Sequence[QueueView]) -> dict[str, Any]:
    by_account = desk_reads.open_by_account(request.brand.pk)
    by_queue = desk_reads.open_by_queue(request.brand.pk)
    default = next(each.id for each in queues if each.is_default)
    by_queue[default] = by_queue.get(default, 0) + by_queue.pop(None, 0)
    return {
        "counts": reads.counts(request.brand.pk, request.actor.id),
        "by_account": {str(pk): number for pk, number in by_account.items()},
        "by_queue": {str(pk): number for pk, number in by_queue.items()},
        "by_tag": dict(desk_reads.open_by_tag(request.brand.pk)),
    }


def _conversation(request: Request, conversation_id: uuid.UUID, team: dict[str, Any]) -> dict[str, Any]:
    found = reads.conversation(request.brand.pk, conversation_id)
    newest = reads.messages(request.brand.pk, conversation_id)
    ways = ways_of(request.brand.pk, conversation_id)
    return {
        "conversation": found,
        "channel": channel_of(found.account.kind),
        "most_files": MOST_FILES,
        "window": ways.window,
        "ways": ways,
        "shown": shown(request.brand, request.actor, newest),
        "older": len(newest) == AT_ONCE,
        "older_url": reverse("inbox_messages", args=[conversation_id]),
        "asked": read_asked(request.GET),
        "macros": macros(request.brand.pk),
        **team,
    }


def _before(request: Request) -> tuple[datetime, uuid.UUID]:
    try:
        return datetime.fromisoformat(request.GET.get("at", "")), uuid.UUID(request.GET.get("id", ""))
    except ValueError as error:
        raise BadInput(_("This is not a place in the conversation."), where="at") from error


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
