"""Queues: what waits where, who answers it, and whether it is handed out by itself."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from parcours.core.errors import BadInput, NotFound, ParcoursError
from parcours.inbox.hours.reads import all_hours
from parcours.inbox.routing import reads
from parcours.inbox.routing.enums import AnsweredBy, Strategy
from parcours.inbox.routing.queues import QueueForm, archive_queue, give_to_everybody, save_queue
from parcours.inbox.routing.shapes import QueueView
from parcours.inbox.routing.writes import save_settings
from parcours.web.doors import Request, door


@door("inbox.manage")
@require_http_methods(["GET", "POST"])
def queues(request: Request) -> HttpResponseBase:
    """Every queue as it is now, the brand's settings, and a form for another queue."""
    return _edit(request, None)


@door("inbox.manage")
@require_http_methods(["GET", "POST"])
def queue(request: Request, queue_id: uuid.UUID) -> HttpResponseBase:
    return _edit(request, reads.queue(request.brand.pk, queue_id))


@door("inbox.manage")
@require_POST
def settings(request: Request) -> HttpResponseBase:
    """Whether conversations are handed out (`assigns`), and first to who knows the customer (`sticky`)."""
    assigns = bool(request.POST.get("assigns"))
    save_settings(
        assigns=assigns,
        sticky=bool(request.POST.get("sticky")),
        revision=number_of(request.POST, "revision"),
        acting_user=request.actor,
    )
    said = (
        _("Conversations are handed out to those who are online.")
        if assigns
        else _("Conversations wait in their queues until somebody takes them.")
    )
    messages.success(request, said)
    return redirect("inbox_queues")


@door("inbox.manage")
@require_POST
def archive(request: Request, queue_id: uuid.UUID) -> HttpResponseBase:
    """It can be brought back by the message that says so, or (`back`) is."""
    if request.POST.get("back") or request.GET.get("back"):
        row = archive_queue(queue_id, acting_user=request.actor, back=True)
        messages.success(request, _("“{name}” is back.").format(name=row.name))
        return redirect("inbox_queues")
    row = archive_queue(queue_id, acting_user=request.actor)
    undo = reverse("inbox_queue_archive", args=[queue_id]) + "?back=1"
    said = _("“{name}” was put away. What waited there waits in the first queue.")
    messages.success(request, said.format(name=row.name), extra_tags=undo)
    return redirect("inbox_queues")


@door("inbox.manage")
@require_POST
def everybody(request: Request, queue_id: uuid.UUID) -> HttpResponseBase:
    """A queue that nobody answers is everybody's from now on."""
    row = give_to_everybody(queue_id, acting_user=request.actor)
    messages.success(request, _("“{name}” is everybody’s now.").format(name=row.name))
    return redirect("inbox_queues")


def _edit(request: Request, old: QueueView | None) -> HttpResponseBase:
    problem: ParcoursError | None = None
    if request.method == "POST":
        try:
            saved = save_queue(
                request.brand,
                _form(request.POST),
                queue_id=old.id if old else None,
                revision=number_of(request.POST, "revision") if old else None,
                acting_user=request.actor,
            )
        except ParcoursError as fault:
            problem = fault
        else:
            messages.success(request, _("“{name}” is saved.").format(name=saved.name))
            return redirect("inbox_queues")
    stored = [str(each) for each in old.members] if old else []
    context: dict[str, Any] = {
        "here": "queues",
        "queues": reads.queue_now(request.brand.pk),
        "settings": reads.settings_of(request.brand.pk),
        "agents": reads.profiles(request.brand.pk),
        "strategies": Strategy.choices,
        "whose": AnsweredBy.choices,
        "hours": all_hours(request.brand.pk),
        "editing": old,
        "sent": request.POST if problem else _shown(old),
        "members": request.POST.getlist("members") if problem else stored,
        "problem": problem,
    }
    return render(request, "inbox/queues.html", context, status=problem.status if problem else 200)


def _form(sent: QueryDict) -> QueueForm:
    return QueueForm(
        name=sent.get("name", ""),
        answered_by=sent.get("answered_by", ""),
        members=[id_of(each, "members") for each in sent.getlist("members")],
        strategy=sent.get("strategy", Strategy.LEAST_BUSY),
        hours_id=id_of(sent.get("hours", ""), "hours") if sent.get("hours") else None,
        answer_within=number_of(sent, "answer_within"),
        overflow_id=id_of(sent.get("overflow", ""), "overflow") if sent.get("overflow") else None,
        after_minutes=number_of(sent, "after_minutes"),
    )


def _shown(old: QueueView | None) -> Mapping[str, object]:
    if old is None:
        return {"answered_by": AnsweredBy.EVERYBODY}
    return {
        "name": old.name,
        "answered_by": old.answered_by,
        "strategy": old.strategy,
        "hours": str(old.hours_id or ""),
        "answer_within": old.answer_within or "",
        "overflow": str(old.overflow_id or ""),
        "after_minutes": old.after_minutes or "",
    }


def number_of(sent: QueryDict, name: str) -> int | None:
    """A whole number of a form; None where nothing stands. Raises BadInput."""
    text = sent.get(name, "").strip()
    if not text:
        return None
    if not text.isdecimal() or len(text) > 7:
        raise BadInput(_("“{text}” is not a number.").format(text=text), where=name)
    return int(text)


def id_of(text: str, where: str) -> uuid.UUID:
    """Raises NotFound for what isn't an id."""
    try:
        return uuid.UUID(text)
    except ValueError as error:
        raise NotFound(_("“{text}” is not an id.").format(text=text), where=where) from error
