"""A first journey from the events there are: asked for, watched, looked at, stored or let go."""

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from parcours.canvas.enums import LaneKind
from parcours.canvas.proposals.drafts import DraftView, draft, drafts, drop_draft
from parcours.core.errors import BadInput
from parcours.events.lake import Lake
from parcours.insights.drafting.plan import Wishes
from parcours.insights.drafting.running import (
    FEWEST_STAGES,
    MOST_STAGES,
    ask_for_draft,
    store_draft,
)
from parcours.web.canvas.forms import show_fault
from parcours.web.doors import Request, door


class DraftForm(forms.Form):
    title = forms.CharField(label=gettext_lazy("Title"), max_length=160, required=False)
    language = forms.ChoiceField(
        label=gettext_lazy("Language"),
        choices=(("en", gettext_lazy("English")), ("fr", gettext_lazy("French"))),
    )
    stages = forms.TypedChoiceField(
        label=gettext_lazy("Stages"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[
            ("", gettext_lazy("As many as the events show")),
            *((str(n), str(n)) for n in range(FEWEST_STAGES, MOST_STAGES + 1)),
        ],
    )


@door("canvas.edit")
@require_http_methods(["GET", "POST"])
def new(request: Request) -> HttpResponse:
    """What it should be like; then a worker draws it."""
    form = DraftForm(request.POST or None, initial={"language": translation.get_language()})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        wishes = Wishes(given["title"].strip(), given["language"], given["stages"])
        try:
            made = ask_for_draft(request.brand, wishes, acting_user=request.actor)
        except BadInput as fault:
            show_fault(form, fault)
        else:
            return redirect("map_draft", made.id)
    context = {
        "form": form,
        "drafts": drafts(request.brand.pk),
        "has_events": bool(Lake(request.brand.pk).generation),
    }
    return render(request, "proposals/draft_new.html", context, status=422 if form.errors else 200)


@door("canvas.edit")
@require_GET
def watch(request: Request, draft_id: uuid.UUID) -> HttpResponse:
    """How far it is; when it is there, what would be stored."""
    found = draft(request.brand.pk, draft_id)
    if found.journey_id is not None:
        return redirect("map", found.journey_id)
    return render(request, "proposals/draft.html", {"draft": found, "preview": _preview(found)})


@door("canvas.edit")
@require_POST
def store(request: Request, draft_id: uuid.UUID) -> HttpResponse:
    try:
        journey = store_draft(
            request.brand, draft_id, title=request.POST.get("title", ""), acting_user=request.actor
        )
    except BadInput as fault:
        messages.error(request, str(fault))
        return redirect("map_draft", draft_id)
    messages.success(request, _("It is a journey now. Change on it whatever you know better."))
    return redirect("map", journey.id)


@door("canvas.edit")
@require_POST
def drop(request: Request, draft_id: uuid.UUID) -> HttpResponse:
    drop_draft(request.brand.pk, draft_id, acting_user=request.actor)
    messages.success(request, _("The draft was let go. It can be made again at any time."))
    return redirect("map_draft_new")


def _preview(found: DraftView) -> dict[str, Any] | None:
    """The plan as a table: stages as columns, the rows with their cards."""
    if not found.is_ready or found.plan is None:
        return None
    stages, lanes = found.plan["stages"], found.plan["lanes"]
    rows = [
        {
            "name": lane["name"],
            "quoted": lane["kind"] == LaneKind.NEED,
            "cells": [
                [
                    card
                    for card in found.plan["cards"]
                    if (card["stage"], card["lane"]) == (stage + 1, place + 1)
                ]
                for stage in range(len(stages))
            ],
        }
        for place, lane in enumerate(lanes)
    ]
    return {
        "stages": stages,
        "rows": rows,
        "cards": len(found.plan["cards"]),
        "touchpoints": sum(len(stage["touchpoints"]) for stage in stages),
        "summary": found.plan["summary"],
    }
