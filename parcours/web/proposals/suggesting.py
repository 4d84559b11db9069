"""Whoever works with customers suggests a change of a card or a cell, in their own words."""

import uuid

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from parcours.canvas import reads
from parcours.canvas.proposals.reads import open_proposals
from parcours.canvas.proposals.suggesting import suggest_card, suggest_change
from parcours.core.errors import BadInput
from parcours.web.canvas.forms import show_fault
from parcours.web.canvas.sections import answer_section
from parcours.web.doors import Request, door
from parcours.web.proposals.drawn import drawn

SECTION = "proposals"


class SuggestionForm(forms.Form):
    title = forms.CharField(
        label=gettext_lazy("Title"), required=False, max_length=200, widget=forms.Textarea(attrs={"rows": 2})
    )
    text = forms.CharField(
        label=gettext_lazy("Text"),
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    words = forms.CharField(
        label=gettext_lazy("Why"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("What you hear or see that makes you suggest it."),
    )


class NewCardForm(SuggestionForm):
    stage = forms.ChoiceField(label=gettext_lazy("Stage"))
    lane = forms.ChoiceField(label=gettext_lazy("Row"))

    field_order = ("stage", "lane", "title", "text", "words")


@door("canvas.suggest")
@require_http_methods(["GET", "POST"])
def suggest(request: Request, journey_id: uuid.UUID) -> HttpResponse:
    """A card that should stand somewhere; `stage` and `lane` in the address say where the person was."""
    board = reads.board(request.brand.pk, journey_id)
    initial = {"stage": request.GET.get("stage", ""), "lane": request.GET.get("lane", "")}
    form = NewCardForm(request.POST or None, initial=initial)
    form.fields["stage"].choices = [(str(stage.id), stage.name) for stage in board.stages]  # type: ignore[attr-defined]
    form.fields["lane"].choices = [(str(lane.id), lane.name) for lane in board.lanes]  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            suggest_card(
                journey_id,
                stage_id=uuid.UUID(given["stage"]),
                lane_id=uuid.UUID(given["lane"]),
                title=given["title"],
                text=given["text"],
                words=given["words"],
                acting_user=request.actor,
            )
        except BadInput as fault:
            show_fault(form, fault)
        else:
            messages.success(request, _("Thank you. It stands on the map until somebody decides."))
            return redirect("map", journey_id)
    context = {"journey": board.journey, "form": form}
    return render(request, "proposals/suggest.html", context, status=422 if form.errors else 200)


@door("canvas.view")
@require_http_methods(["GET", "POST"])
def card_proposals(request: Request, journey_id: uuid.UUID, card_id: uuid.UUID) -> HttpResponse:
    """The tab of a card: what is suggested for it, and a form to suggest something."""
    card = reads.card(request.brand.pk, journey_id, card_id)
    form = SuggestionForm(request.POST or None, initial={"title": card.title, "text": card.text})
    said = ""
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            suggest_change(
                journey_id,
                card_id,
                title=given["title"],
                text=given["text"],
                words=given["words"],
                acting_user=request.actor,
            )
        except BadInput as fault:
            show_fault(form, fault)
        else:
            said = _("Thank you. It stands here until somebody decides.")
            form = SuggestionForm(initial={"title": card.title, "text": card.text})
    stages = reads.stages(request.brand.pk, journey_id)
    waiting = [each for each in open_proposals(request.brand.pk, journey_id) if each.card_id == card_id]
    context = {
        "waiting": [drawn(each, request.actor, stages) for each in waiting],
        "form": form,
        "said": said,
    }
    return answer_section(
        request,
        "proposals/card.html",
        context,
        key=SECTION,
        journey_id=journey_id,
        card_id=card_id,
        status=422 if form.errors else 200,
    )
