"""The title of a map, and adding stages and rows to it; changing and removing them is in `axes`."""

import uuid
from collections.abc import Callable

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from parcours.canvas import reads, writes
from parcours.canvas.errors import WordsConflict
from parcours.canvas.family import family
from parcours.canvas.shapes import JourneyView
from parcours.core.errors import BadInput
from parcours.web.canvas.axes import position
from parcours.web.canvas.forms import (
    DuplicateForm,
    LaneForm,
    SettingsForm,
    StageForm,
    TemplateForm,
    show_fault,
)
from parcours.web.canvas.fragments import from_board
from parcours.web.canvas.words import choose_words, seen_in
from parcours.web.doors import Request, door


@door("canvas.edit")
@require_http_methods(["GET", "POST"])
def settings(request: Request, journey_id: uuid.UUID) -> HttpResponse:
    journey = reads.journey(request.brand.pk, journey_id)
    form = SettingsForm(
        request.POST or None,
        brand=request.brand,
        personas=reads.personas(request.brand.pk),
        initial=_initial(journey),
    )
    if request.method == "POST" and form.is_valid():
        try:
            _save(request, journey_id, form)
        except WordsConflict as conflict:
            return choose_words(request, conflict, journey_id)
        messages.success(request, _("Saved."))
        return redirect("map_settings", journey_id)
    return _page(request, journey_id, form=form)


def _save(request: Request, journey_id: uuid.UUID, form: SettingsForm) -> None:
    writes.edit_journey(
        journey_id,
        title=form.cleaned_data["title"],
        summary=form.cleaned_data["summary"],
        kind=form.cleaned_data["kind"],
        persona_id=form.persona_id,
        without_persona="persona" in form.fields and form.persona_id is None,
        status=form.cleaned_data["status"] or None,
        owner_id=form.owner_id,
        without_owner=form.owner_id is None,
        segment_key=form.cleaned_data["segment"],
        seen=seen_in(request),
        acting_user=request.actor,
    )


@door("canvas.edit")
@require_POST
def stage_add(request: Request, journey_id: uuid.UUID) -> HttpResponse:
    """From the map itself it is added at `position` (from 0), and the answer is its id."""
    if from_board(request):
        name = request.POST.get("name", "")
        added = writes.add_stage(journey_id, name, position=position(request), acting_user=request.actor)
        return HttpResponse(str(added), status=201, content_type="text/plain")
    form = StageForm(request.POST, auto_id="stage-%s")

    def add() -> None:
        name, description = form.cleaned_data["name"], form.cleaned_data["description"]
        writes.add_stage(journey_id, name, description=description, acting_user=request.actor)

    if _done(form, add):
        return redirect("map_settings", journey_id)
    return _page(request, journey_id, stage_form=form)


@door("canvas.edit")
@require_POST
def lane_add(request: Request, journey_id: uuid.UUID) -> HttpResponse:
    """From the map itself it is added at `position` (from 0), and the answer is its id."""
    if from_board(request):
        kind, name = request.POST.get("kind", ""), request.POST.get("name", "")
        added = writes.add_lane(
            journey_id, kind, name=name, position=position(request), acting_user=request.actor
        )
        return HttpResponse(str(added), status=201, content_type="text/plain")
    form = LaneForm(request.POST, auto_id="lane-%s")

    def add() -> None:
        kind, name = form.cleaned_data["kind"], form.cleaned_data["name"]
        writes.add_lane(journey_id, kind, name=name, acting_user=request.actor)

    if _done(form, add):
        return redirect("map_settings", journey_id)
    return _page(request, journey_id, lane_form=form)


def _done(form: Form, write: Callable[[], object]) -> bool:
    """Runs the write when the form is valid; what it refuses stands in the form then."""
    if not form.is_valid():
        return False
    try:
        write()
    except BadInput as fault:
        show_fault(form, fault)
        return False
    return True


def _page(
    request: Request,
    journey_id: uuid.UUID,
    *,
    form: SettingsForm | None = None,
    stage_form: StageForm | None = None,
    lane_form: LaneForm | None = None,
) -> HttpResponse:
    """`form` and the two forms for adding may hold errors; then the status says so."""
    board = reads.board(request.brand.pk, journey_id)
    personas = reads.personas(request.brand.pk)
    shown = form or SettingsForm(brand=request.brand, personas=personas, initial=_initial(board.journey))
    faulty = any(each is not None and each.errors for each in (form, stage_form, lane_form))
    return render(
        request,
        "canvas/settings.html",
        {
            "journey": board.journey,
            "board": board,
            "form": shown,
            "stage_form": stage_form or StageForm(auto_id="stage-%s"),
            "lane_form": lane_form or LaneForm(auto_id="lane-%s"),
            "duplicate_form": DuplicateForm(brand=request.brand, personas=personas, prefix="duplicate"),
            "template_form": TemplateForm(initial={"name": board.journey.title}, auto_id="template-%s"),
            "kin": family(request.brand.pk, board.journey),
            "removed": reads.removed(request.brand.pk, journey_id),
        },
        status=422 if faulty else 200,
    )


def _initial(journey: JourneyView) -> dict[str, str]:
    persona = str(journey.persona.id) if journey.persona else ""
    return {
        "title": journey.title,
        "summary": journey.summary,
        "kind": journey.kind,
        "persona": persona,
        "status": journey.status,
        "owner": str(journey.owner_id or ""),
        "segment": journey.segment_key,
    }
