"""Quick replies and macros: their pages, and what the desk asks of them."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import JsonResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from parcours.core.errors import Conflict, NotFound, ParcoursError
from parcours.core.suggesting import Asked, suggestions
from parcours.events.timeline import timeline_page
from parcours.inbox import reads
from parcours.inbox.desk import macros as kept_macros
from parcours.inbox.desk import replies as kept
from parcours.inbox.desk.reads import last_words_of_customer
from parcours.inbox.shapes import ConversationView
from parcours.insights.conversations.placing import home_board
from parcours.web.canvas.fragments import wants_fragment
from parcours.web.doors import Request, door
from parcours.web.inbox.deeds import DEEDS

SAMPLE = {
    "customer.first_name": "Léa",
    "customer.name": "Léa Martin",
    "order.number": "F-10427",
    "conversation.number": "128",
}


@door("inbox.reply")
@require_GET
def for_conversation(request: Request, conversation_id: uuid.UUID) -> JsonResponse:
    """Quick replies filled for this customer, in their language, and what may answer while they wait."""
    found = reads.conversation(request.brand.pk, conversation_id)
    values = values_of(request, found)
    language = found.language or found.contact.language or request.actor.language
    rows = kept.replies(request.brand.pk)
    asked = Asked(
        conversation_id,
        last_words_of_customer(request.brand.pk, conversation_id),
        language,
        found.topic,
        found.stage_id,
    )
    best = suggestions(request.brand, asked) if found.row.waiting_since else ()
    told = [
        {
            "id": str(each.id),
            "shortcut": each.shortcut,
            "name": each.name,
            "text": kept.filled(each.in_language(language), values),
            "here": each.stage_id is not None and each.stage_id == found.stage_id,
        }
        for each in rows
    ]
    return JsonResponse(
        {
            "replies": told,
            "suggested": [
                {
                    "kind": each.kind,
                    "key": each.key,
                    "name": each.name,
                    "text": kept.filled(each.text, values),
                    "url": each.url,
                    "reason": each.reason,
                }
                for each in best
            ],
        }
    )


def values_of(request: Request, found: ConversationView) -> dict[str, str]:
    """What variables stand for in a conversation; empty where nothing is known."""
    name = found.contact.name
    order = str(found.context.get("order_id") or "")
    if not order and found.customer_id is not None:
        bought = timeline_page(request.brand, found.customer_id, name="Order Completed", size=1).events
        order = str(bought[0].properties.get("order_id", "")) if bought else ""
    return {
        "customer.name": name,
        "customer.first_name": kept.first_name(name),
        "agent.name": request.actor.label,
        "agent.first_name": kept.first_name(request.actor.label) or request.actor.label,
        "order.number": order,
        "conversation.number": str(found.row.number),
        "brand.name": request.brand.name,
    }


@door("inbox.reply")
@require_POST
def run_macro(request: Request, conversation_id: uuid.UUID, macro_id: uuid.UUID) -> HttpResponseBase:
    """Does everything that the macro names, or nothing; its words go into the field, for a person to send."""
    macro = kept_macros.macro(request.brand.pk, macro_id)
    found = reads.conversation(request.brand.pk, conversation_id)
    text = kept.filled(macro.in_language(found.language or request.actor.language), values_of(request, found))
    with transaction.atomic():
        for deed, fields in macro.deeds:
            given = QueryDict(mutable=True)
            given.update(dict(fields))
            DEEDS[deed](request, conversation_id, given)
    if wants_fragment(request):
        said = _("“{name}” is done.").format(name=macro.name)
        return JsonResponse({"text": text, "said": said, "undo": _undo(macro, found)})
    messages.success(request, _("“{name}” is done.").format(name=macro.name))
    return redirect("inbox_conversation", conversation_id)


def _undo(macro: kept_macros.MacroView, before: ConversationView) -> list[tuple[str, list[tuple[str, str]]]]:
    """The deeds, with their fields, that take back what the macro did, the last one first."""
    row = before.row
    back: list[tuple[str, list[tuple[str, str]]]] = []
    for deed, fields in reversed(macro.deeds):
        match deed:
            case "tags":
                added = [tag.strip().lower() for tag in fields["add"].split(",") if tag.strip()]
                back.append(("tags", [("remove", tag) for tag in added if tag not in row.tags]))
            case "priority":
                back.append(("priority", [("priority", str(row.priority))]))
            case "assign":
                back.append(("assign", [("assignee", str(row.assignee_id or ""))]))
            case "close" | "snooze" if row.status == "open":
                back.append(("reopen", [("undo", "1")]))
    return back


@door("inbox.manage")
@require_http_methods(["GET", "POST"])
def replies(request: Request) -> HttpResponseBase:
    """Every quick reply, and a form for another one."""
    return _edit(request, None)


@door("inbox.manage")
@require_http_methods(["GET", "POST"])
def reply(request: Request, reply_id: uuid.UUID) -> HttpResponseBase:
    return _edit(request, kept.reply(request.brand.pk, reply_id))


def _edit(request: Request, old: kept.ReplyView | None) -> HttpResponseBase:
    problem: ParcoursError | None = None
    if request.method == "POST":
        try:
            saved = kept.save_reply(
                request.brand,
                shortcut=request.POST.get("shortcut", ""),
                name=request.POST.get("name", ""),
                texts={language: request.POST.get(language, "") for language in kept.LANGUAGES},
                stage_id=_uuid(request.POST.get("stage", "")),
                reply_id=old.id if old else None,
                revision=_number(request.POST.get("revision", "")) if old else None,
                acting_user=request.actor,
            )
        except ParcoursError as fault:
            problem = fault
        else:
            messages.success(request, _("“/{shortcut}” is saved.").format(shortcut=saved.shortcut))
            return redirect("inbox_replies")
    stages = _stages(request)
    names = {stage.id: stage.name for stage in stages}
    every = kept.replies(request.brand.pk)
    language = get_language() or request.actor.language
    sample = {**SAMPLE, "agent.name": request.actor.label, "brand.name": request.brand.name}
    sample["agent.first_name"] = kept.first_name(request.actor.label)
    context: dict[str, Any] = {
        "here": "replies",
        "replies": [
            (each, kept.filled(each.in_language(language), sample), names.get(each.stage_id))
            for each in every
        ],
        "editing": old,
        **_standing(request, old, problem),
        "sent": request.POST if problem else _shown(old),
        "stages": stages,
        "variables": ["{{" + name + "}}" for name in kept.VARIABLES],
        "problem": problem,
    }
    return render(request, "inbox/replies.html", context, status=problem.status if problem else 200)


def _shown(old: kept.ReplyView | None) -> Mapping[str, str]:
    if old is None:
        return {}
    stage = str(old.stage_id or "")
    return {"shortcut": old.shortcut, "name": old.name, "stage": stage, **old.texts}


@door("inbox.manage")
@require_POST
def delete(request: Request, reply_id: uuid.UUID) -> HttpResponseBase:
    """It can be brought back by the message that says so, or (`back`) is."""
    if request.POST.get("back") or request.GET.get("back"):
        kept.restore_reply(reply_id, acting_user=request.actor)
        messages.success(request, _("The quick reply is back."))
        return redirect("inbox_replies")
    kept.delete_reply(reply_id, acting_user=request.actor)
    undo = reverse("inbox_reply_delete", args=[reply_id]) + "?back=1"
    messages.success(request, _("The quick reply was deleted."), extra_tags=undo)
    return redirect("inbox_replies")


@door("inbox.manage")
@require_POST
def import_file(request: Request) -> HttpResponseBase:
    """A CSV file with the columns shortcut, name, fr, en."""
    file = request.FILES.get("file")
    try:
        if file is None or file.size is None or file.size > 5_000_000:
            raise NotFound(_("Choose a CSV file of at most 5 MB."))
        n = kept.import_replies(request.brand, file.read(), acting_user=request.actor)
    except ParcoursError as fault:
        messages.error(request, str(fault))
    else:
        said = ngettext("{n} quick reply was imported.", "{n} quick replies were imported.", n)
        messages.success(request, said.format(n=n))
    return redirect("inbox_replies")


@door("inbox.manage")
@require_http_methods(["GET", "POST"])
def macros(request: Request) -> HttpResponseBase:
    return _edit_macro(request, None)


@door("inbox.manage")
@require_http_methods(["GET", "POST"])
def macro(request: Request, macro_id: uuid.UUID) -> HttpResponseBase:
    return _edit_macro(request, kept_macros.macro(request.brand.pk, macro_id))


def _edit_macro(request: Request, old: kept_macros.MacroView | None) -> HttpResponseBase:
    problem: ParcoursError | None = None
    if request.method == "POST":
        try:
            saved = kept_macros.save_macro(
                request.brand,
                name=request.POST.get("name", ""),
                deeds=_deeds(request.POST),
                texts={language: request.POST.get(language, "") for language in kept.LANGUAGES},
                macro_id=old.id if old else None,
                revision=_number(request.POST.get("revision", "")) if old else None,
                acting_user=request.actor,
            )
        except ParcoursError as fault:
            problem = fault
        else:
            messages.success(request, _("“{name}” is saved.").format(name=saved.name))
            return redirect("inbox_macros")
    context: dict[str, Any] = {
        "here": "macros",
        "macros": kept_macros.macros(request.brand.pk),
        "editing": old,
        **_standing(request, old, problem),
        "sent": request.POST if problem else _shown_macro(old),
        "variables": ["{{" + name + "}}" for name in kept.VARIABLES],
        "problem": problem,
    }
    return render(request, "inbox/macros.html", context, status=problem.status if problem else 200)


def _deeds(sent: QueryDict) -> list[tuple[str, dict[str, str]]]:
    found: list[tuple[str, dict[str, str]]] = []
    add, priority = str(sent.get("add", "")).strip(), str(sent.get("priority", ""))
    if add:
        found.append(("tags", {"add": add[:400]}))
    if priority in {"-1", "0", "1"}:
        found.append(("priority", {"priority": priority}))
    if sent.get("assign"):
        found.append(("assign", {"assignee": "me" if sent["assign"] == "me" else ""}))
    end = str(sent.get("end", ""))
    if end == "close":
        found.append(("close", {}))
    elif end in {"later", "evening", "tomorrow", "monday", "week"}:
        found.append(("snooze", {"until": end}))
    return found


def _shown_macro(old: kept_macros.MacroView | None) -> Mapping[str, str]:
    if old is None:
        return {}
    done = dict(old.deeds)
    assign = done.get("assign")
    end = "close" if "close" in done else done.get("snooze", {}).get("until", "")
    return {
        "name": old.name,
        "add": done.get("tags", {}).get("add", ""),
        "priority": done.get("priority", {}).get("priority", ""),
        "assign": "" if assign is None else (assign.get("assignee") or "nobody"),
        "end": end,
        **old.texts,
    }


@door("inbox.manage")
@require_POST
def delete_macro(request: Request, macro_id: uuid.UUID) -> HttpResponseBase:
    back = bool(request.GET.get("back"))
    kept_macros.delete_macro(macro_id, acting_user=request.actor, back=back)
    if back:
        messages.success(request, _("The macro is back."))
    else:
        undo = reverse("inbox_macro_delete", args=[macro_id]) + "?back=1"
        messages.success(request, _("The macro was deleted."), extra_tags=undo)
    return redirect("inbox_macros")


def _stages(request: Request) -> tuple[Any, ...]:
    """Of the journey that conversations are placed on."""
    home = home_board(request.brand)
    return home.stages if home else ()


def _standing(
    request: Request, old: kept.ReplyView | kept_macros.MacroView | None, problem: ParcoursError | None
) -> dict[str, Any]:
    """The `revision` that the form was begun with; after a conflict the one that stands `now`, to be seen."""
    if old is None:
        return {}
    if isinstance(problem, Conflict) and not problem.where:
        return {"revision": old.revision, "now": old}
    begun = _number(request.POST.get("revision", "")) if problem else None
    return {"revision": old.revision if begun is None else begun}


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 9 else None


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
