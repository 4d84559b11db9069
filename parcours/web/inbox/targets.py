"""By when customers are to be answered: targets in their order, each with an example."""

import uuid
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from django.contrib import messages
from django.http import QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from parcours.core.errors import BadInput, ParcoursError
from parcours.customers.reads import segments
from parcours.inbox.channels import channels
from parcours.inbox.hours.reads import hours_of
from parcours.inbox.routing.reads import queues
from parcours.inbox.targets import writes
from parcours.inbox.targets.choosing import CONDITIONS
from parcours.inbox.targets.enums import Metric
from parcours.inbox.targets.reads import TargetView, target, targets
from parcours.inbox.targets.writes import TargetForm
from parcours.web.doors import Request, door
from parcours.web.inbox.target_example import examples

PRIORITIES = (("1", gettext_lazy("Urgent")), ("0", gettext_lazy("Usual")), ("-1", gettext_lazy("Can wait")))
LANGUAGES = (("fr", "Français"), ("en", "English"))
_USUAL = TargetForm("", first_reply=60, next_reply=120, resolution=None)


@door("inbox.manage")
@require_http_methods(["GET", "POST"])
def listing(request: Request) -> HttpResponseBase:
    """Every target, and a form for another one."""
    return _edit(request, None)


@door("inbox.manage")
@require_http_methods(["GET", "POST"])
def show(request: Request, target_id: uuid.UUID) -> HttpResponseBase:
    return _edit(request, target(request.brand.pk, target_id))


@door("inbox.manage")
@require_POST
def move(request: Request, target_id: uuid.UUID) -> HttpResponseBase:
    """Asked one place earlier (`up`) or later."""
    writes.move_target(target_id, up=bool(request.POST.get("up")), acting_user=request.actor)
    return redirect("inbox_targets")


@door("inbox.manage")
@require_POST
def delete(request: Request, target_id: uuid.UUID) -> HttpResponseBase:
    """It can be brought back by the message that says so, or (`back`) is."""
    back = bool(request.GET.get("back"))
    writes.remove_target(target_id, acting_user=request.actor, back=back)
    undo = "" if back else reverse("inbox_target_delete", args=[target_id]) + "?back=1"
    said = _("The target is back.") if back else _("The target was deleted.")
    messages.success(request, said, extra_tags=undo)
    return redirect("inbox_targets")


def _edit(request: Request, old: TargetView | None) -> HttpResponseBase:
    problem: ParcoursError | None = None
    form = _form_of_view(old) if old else _USUAL
    sent: Mapping[str, Any] = sent_of(form)
    if request.method == "POST":
        sent = request.POST
        try:
            form = form_of(request.POST)
            if request.POST.get("do") != "show":
                saved = _save(request, old, form)
                messages.success(request, _("“{name}” is saved.").format(name=saved.name))
                return redirect("inbox_target", saved.id)
        except ParcoursError as fault:
            problem = fault
    context = {
        "here": "targets",
        "every": targets(request.brand.pk),
        "editing": old,
        "sent": sent,
        "form": form,
        "times": [
            (each.value, each.label, sent.get(each.value, ""), sent.get(f"{each.value}_unit", "m"))
            for each in Metric
        ],
        "choices": _choices(request, form),
        "examples": _examples(request, form),
        "problem": problem,
    }
    return render(request, "inbox/targets.html", context, status=problem.status if problem else 200)


def _save(request: Request, old: TargetView | None, form: TargetForm) -> TargetView:
    revision = request.POST.get("revision", "")
    return writes.save_target(
        request.brand,
        form,
        acting_user=request.actor,
        target_id=old.id if old else None,
        revision=int(revision) if old and revision.isdecimal() and len(revision) < 9 else None,
    )


def form_of(sent: QueryDict) -> TargetForm:
    """Raises BadInput with the field in `where`."""
    return TargetForm(
        name=str(sent.get("name", "")),
        first_reply=_minutes(sent, Metric.FIRST_REPLY),
        next_reply=_minutes(sent, Metric.NEXT_REPLY),
        resolution=_minutes(sent, Metric.RESOLUTION),
        conditions={name: [str(each) for each in sent.getlist(f"if_{name}") if each] for name in CONDITIONS},
        in_business_time=sent.get("clock") != "clock",
        pauses=bool(sent.get("pauses")),
        warn_at=_number(str(sent.get("warn_at", "")) or "75", "warn_at"),
    )


def sent_of(form: TargetForm) -> dict[str, str]:
    """What stands in the fields: whole hours as hours."""
    found = {"name": form.name, "warn_at": str(form.warn_at)}
    for metric in Metric:
        minutes = getattr(form, metric.value)
        in_hours = bool(minutes) and minutes % 60 == 0
        found[metric.value] = "" if not minutes else str(minutes // 60 if in_hours else minutes)
        found[f"{metric.value}_unit"] = "h" if in_hours else "m"
    return found


def _form_of_view(view: TargetView) -> TargetForm:
    return TargetForm(**{each.name: getattr(view, each.name) for each in fields(TargetForm)})


def _minutes(sent: QueryDict, metric: str) -> int | None:
    text = str(sent.get(metric, "")).strip()
    if not text:
        return None
    return _number(text, metric) * (60 if sent.get(f"{metric}_unit") == "h" else 1)


def _number(text: str, where: str) -> int:
    if not text.isdecimal() or len(text) > 7:
        raise BadInput(_("“{text}” is not a whole number.").format(text=text[:20]), where=where)
    return int(text)


def _choices(request: Request, form: TargetForm) -> list[tuple[str, Any, list[tuple[str, Any, bool]]]]:
    """By condition: its name, its label, and each choice with whether it is chosen."""
    own = [each for each in segments(request.brand) if not each.builtin]
    known: list[tuple[str, Any, list[tuple[str, Any]]]] = [
        ("kind", _("Channel"), [(each.kind, each.label) for each in channels().values()]),
        ("queue", _("Queue"), [(str(each.id), each.name) for each in queues(request.brand.pk)]),
        ("priority", _("Priority"), list(PRIORITIES)),
        ("language", _("Language"), list(LANGUAGES)),
        ("segment", _("Segment of the customer"), [(each.key, each.name) for each in own]),
    ]
    return [
        (name, label, [(key, said, key in form.conditions.get(name, ())) for key, said in choices])
        for name, label, choices in known
        if choices
    ]


def _examples(request: Request, form: TargetForm) -> list[Any]:
    hours = hours_of(brand_id=request.brand.pk)
    times = {metric.value: getattr(form, metric.value) for metric in Metric}
    return examples(hours, times, request.brand.time_zone, in_business_time=form.in_business_time)
