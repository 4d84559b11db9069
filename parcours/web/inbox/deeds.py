"""What people do with conversations, one at a time or many at once."""

import uuid
from collections.abc import Callable, Mapping
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse, JsonResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from parcours.canvas import reads as canvas
from parcours.core.clock import now
from parcours.core.errors import BadInput, NotFound, ParcoursError
from parcours.inbox import reads, writes
from parcours.inbox.routing.writes import move
from parcours.web.canvas.fragments import wants_fragment
from parcours.web.doors import Request, door
from parcours.web.inbox.views_of_list import read_asked

MOST_AT_ONCE = 200
_EVENING, _MORNING = time(18), time(9)

Fields = QueryDict
Deed = Callable[[Request, uuid.UUID, Fields], Any]


def _assign(request: Request, pk: uuid.UUID, fields: Fields) -> Any:
    to = fields.get("assignee", "")
    person = request.actor.id if to == "me" else _uuid(to, "assignee") if to else None
    return writes.assign(pk, person, acting_user=request.actor, revision=_revision(fields))


def _close(request: Request, pk: uuid.UUID, fields: Fields) -> Any:
    return writes.close(pk, acting_user=request.actor, revision=_revision(fields))


def _reopen(request: Request, pk: uuid.UUID, fields: Fields) -> Any:
    undo = bool(fields.get("undo"))
    return writes.reopen(pk, acting_user=request.actor, revision=_revision(fields), undo=undo)


def _snooze(request: Request, pk: uuid.UUID, fields: Fields) -> Any:
    until = snoozed_until(fields.get("until", ""), ZoneInfo(request.brand.time_zone))
    return writes.snooze(pk, until, acting_user=request.actor, revision=_revision(fields))


def _tags(request: Request, pk: uuid.UUID, fields: Fields) -> Any:
    """`tags`, separated by commas, are all of them, made of those that were `seen`; `add` and `remove` change
    some.
    """
    if "tags" in fields:
        seen = fields.get("seen", "").split(",") if "seen" in fields else None
        return writes.set_tags(pk, fields.get("tags", "").split(","), seen=seen, acting_user=request.actor)
    added, gone = fields.get("add", "").split(","), fields.getlist("remove")
    return writes.change_tags(pk, add=added, remove=gone, acting_user=request.actor)


def _priority(request: Request, pk: uuid.UUID, fields: Fields) -> Any:
    text = fields.get("priority", "")
    if text not in {"-1", "0", "1"}:
        raise BadInput(_("“{text}” is not one of the choices.").format(text=text), where="priority")
    return writes.set_priority(pk, int(text), acting_user=request.actor)


def _queue(request: Request, pk: uuid.UUID, fields: Fields) -> Any:
    queue = _uuid(fields.get("queue", ""), "queue")
    return move(pk, queue, acting_user=request.actor, revision=_revision(fields))


def _merge(request: Request, pk: uuid.UUID, fields: Fields) -> Any:
    """Into the conversation with the number (or id) `into`."""
    text = fields.get("into", "").strip().removeprefix("#")
    if text.isdecimal():
        found = reads.conversations(request.brand.pk, reads.Filter(words=f"#{text}"), limit=1).rows
        if not found or str(found[0].number) != text:
            raise NotFound(_("There is no conversation #{number}.").format(number=text), where="into")
        return writes.merge(pk, found[0].id, acting_user=request.actor)
    return writes.merge(pk, _uuid(text, "into"), acting_user=request.actor)


def _unmerge(request: Request, pk: uuid.UUID, _fields: Fields) -> Any:
    return writes.unmerge(pk, acting_user=request.actor)


def _block(request: Request, pk: uuid.UUID, fields: Fields) -> Any:
    """Whoever wrote it, `because` of something."""
    return writes.block_writer_of(pk, acting_user=request.actor, because=fields.get("because", ""))


def _unblock(request: Request, pk: uuid.UUID, fields: Fields) -> Any:
    undo = bool(fields.get("undo"))
    return writes.block_writer_of(pk, acting_user=request.actor, blocked=False, undo=undo)


def _place(request: Request, pk: uuid.UUID, fields: Fields) -> Any:
    """On a `journey`: `place` is the id of one of its stages or touchpoints."""
    journey_id, place = _uuid(fields.get("journey", ""), "journey"), _uuid(fields.get("place", ""), "place")
    for stage in canvas.board(request.brand.pk, journey_id).stages:
        touchpoint = next((each.id for each in stage.touchpoints if each.id == place), None)
        if stage.id == place or touchpoint:
            return writes.place(
                pk,
                journey_id=journey_id,
                stage_id=stage.id,
                touchpoint_id=touchpoint,
                acting_user=request.actor,
            )
    raise NotFound(_("There is no such place on the journey."), where="place")


DEEDS: Mapping[str, Deed] = {
    "assign": _assign,
    "close": _close,
    "reopen": _reopen,
    "snooze": _snooze,
    "tags": _tags,
    "priority": _priority,
    "queue": _queue,
    "merge": _merge,
    "unmerge": _unmerge,
    "place": _place,
    "block": _block,
    "unblock": _unblock,
}
MANY = frozenset({"assign", "close", "reopen", "snooze", "tags", "priority", "queue"})


@door("inbox.reply")
@require_POST
def act(request: Request, conversation_id: uuid.UUID, deed: str) -> HttpResponseBase:
    """One of DEEDS with its fields; for a script no content, for a browser the conversation."""
    if deed not in DEEDS:
        raise NotFound(_("There is no such action."), where=deed)
    changed = DEEDS[deed](request, conversation_id, request.POST)
    if wants_fragment(request):
        return HttpResponse(status=204, headers={"ETag": f'"{changed.revision}"'})
    response = redirect("inbox_conversation", changed.pk)
    response["Location"] += read_asked(request.POST).query
    return response


@door("inbox.reply")
@require_POST
def bulk(request: Request) -> HttpResponseBase:
    """One of MANY to all conversations named by `id`, each by itself; says how many it was done to."""
    deed = request.POST.get("deed", "")
    if deed not in MANY:
        raise NotFound(_("There is no such action."), where=deed)
    done: list[str] = []
    troubles: list[ParcoursError] = []
    for text in request.POST.getlist("id")[:MOST_AT_ONCE]:
        try:
            DEEDS[deed](request, _uuid(text, "id"), request.POST)
            done.append(text)
        except ParcoursError as fault:
            troubles.append(fault)
    said = ngettext("{n} conversation was changed.", "{n} conversations were changed.", len(done)).format(
        n=len(done)
    )
    if troubles:
        said += " " + ngettext("{n} was not: {why}", "{n} were not: {why}", len(troubles)).format(
            n=len(troubles), why=troubles[0]
        )
    if wants_fragment(request):
        return JsonResponse({"done": done, "said": said, "failed": len(troubles)})
    (messages.error if troubles else messages.success)(request, said)
    return redirect(reverse("inbox") + read_asked(request.POST).query)


@door("inbox.view")
@require_POST
def shown(request: Request, conversation_id: uuid.UUID) -> HttpResponse:
    """The person has what the customer wrote before them."""
    reads.conversation(request.brand.pk, conversation_id)
    writes.mark_shown(conversation_id, acting_user=request.actor)
    return HttpResponse(status=204)


@door("inbox.reply")
@require_POST
def split(request: Request, message_id: uuid.UUID) -> HttpResponseBase:
    """A new conversation from this message on, which is opened."""
    made = writes.split(message_id, acting_user=request.actor)
    if wants_fragment(request):
        return JsonResponse({"url": reverse("inbox_conversation", args=[made.pk])})
    messages.success(request, _("This is #{number} now.").format(number=made.number))
    return redirect("inbox_conversation", made.pk)


def snooze_choices(zone: ZoneInfo) -> list[tuple[str, str, datetime]]:
    """What is offered now: key, name, and the local moment that it means."""
    names = {
        "later": _("In three hours"),
        "evening": _("This evening"),
        "tomorrow": _("Tomorrow morning"),
        "monday": _("Next Monday"),
        "week": _("In a week"),
    }
    today = now().astimezone(zone).date()
    offered = [(key, name, snoozed_until(key, zone)) for key, name in names.items()]
    # When the evening is over, and on Sundays, two of them would be tomorrow.
    tomorrow = today + timedelta(days=1)
    return [each for each in offered if each[0] not in {"evening", "monday"} or each[2].date() != tomorrow]


def snoozed_until(choice: str, zone: ZoneInfo) -> datetime:
    """`later` (in three hours), `evening` (the next one), `tomorrow`, `monday`, `week`, or a local date and
    time.
    """
    local = now().astimezone(zone)
    if choice == "later":
        return local + timedelta(hours=3)
    is_evening = local.time() >= _EVENING
    days = {"evening": int(is_evening), "tomorrow": 1, "monday": 7 - local.weekday(), "week": 7}
    if choice in days:
        hour = _EVENING if choice == "evening" else _MORNING
        return datetime.combine(local.date() + timedelta(days=days[choice]), hour, zone)
    try:
        moment = datetime.fromisoformat(choice)
    except ValueError as error:
        raise BadInput(_("“{text}” is not a date and time.").format(text=choice), where="until") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def _revision(fields: Fields) -> int | None:
    text = fields.get("revision", "")
    return int(text) if text.isdecimal() and len(text) < 10 else None


def _uuid(text: str, where: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError as error:
        raise BadInput(_("“{text}” is not an id.").format(text=text), where=where) from error
