"""Key moments: how each looks in the shop, and how that is photographed."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from parcours.canvas import reads as canvas_reads
from parcours.canvas.captures import reads, writes
from parcours.canvas.captures.chromium.finding import find_chromium
from parcours.core.errors import BadInput
from parcours.web.canvas.forms import show_fault
from parcours.web.canvas.fragments import wants_fragment
from parcours.web.canvas.sections import answer_section
from parcours.web.doors import Request, door
from parcours.web.moments.forms import CapturingForm

VIEWS = ("over", "beside")


@door("canvas.view")
@require_GET
def moments(request: Request, journey_id: uuid.UUID) -> HttpResponse:
    """All moments of a journey, each with what changed last: one picture over the other, or beside it."""
    board = canvas_reads.board(request.brand.pk, journey_id)
    found = reads.moments_of(board)
    context = {
        "journey": board.journey,
        "moments": found,
        "changed": sorted((each for each in found if each.last_change), key=lambda each: not each.proposed),
        "steady": [each for each in found if not each.last_change],
        "waiting": sum(1 for moment in found if moment.proposed),
        "troubled": sum(1 for moment in found if moment.capturing and moment.capturing.problem),
        "view": request.GET.get("view") if request.GET.get("view") in VIEWS else VIEWS[0],
        "has_browser": bool(find_chromium()),
    }
    return render(request, "moments/moments.html", context)


@door("canvas.view")
@require_GET
def section(request: Request, journey_id: uuid.UUID, card_id: uuid.UUID) -> HttpResponse:
    """The tab “Picture” of a moment."""
    return _section(request, journey_id, card_id)


@door("canvas.edit")
@require_POST
def set_up(request: Request, journey_id: uuid.UUID, card_id: uuid.UUID) -> HttpResponse:
    """Keeps how the picture is taken, and takes one."""
    form = CapturingForm(request.POST)
    if form.is_valid():
        try:
            writes.set_capturing(journey_id, card_id, **form.wanted(), acting_user=request.actor)
        except BadInput as fault:
            show_fault(form, fault)
        else:
            writes.ask_capture(journey_id, card_id, acting_user=request.actor)
            return _done(request, journey_id, card_id, _("Stored. A picture is being taken."))
    return _section(request, journey_id, card_id, form=form, status=422)


@door("canvas.edit")
@require_POST
def take(request: Request, journey_id: uuid.UUID, card_id: uuid.UUID) -> HttpResponse:
    """A picture as soon as possible."""
    writes.ask_capture(journey_id, card_id, acting_user=request.actor)
    return _done(request, journey_id, card_id, _("A picture is being taken."))


@door("canvas.edit")
@require_POST
def stop(request: Request, journey_id: uuid.UUID, card_id: uuid.UUID) -> HttpResponse:
    writes.stop_capturing(journey_id, card_id, acting_user=request.actor)
    return _done(request, journey_id, card_id, _("No more pictures are taken of this moment."))


def _done(request: Request, journey_id: uuid.UUID, card_id: uuid.UUID, sentence: str) -> HttpResponse:
    if wants_fragment(request):
        return _section(request, journey_id, card_id)
    messages.success(request, sentence)
    if request.POST.get("back_to") == "moments":
        return redirect(f"{reverse('map_moments', args=[journey_id])}#moment-{card_id}")
    return redirect("map_card_picture", journey_id, card_id)


def _section(
    request: Request,
    journey_id: uuid.UUID,
    card_id: uuid.UUID,
    *,
    form: CapturingForm | None = None,
    status: int = 200,
) -> HttpResponse:
    moment = reads.moment(request.brand.pk, journey_id, card_id)
    context: dict[str, Any] = {
        "moment": moment,
        "capturing": moment.capturing,
        "form": form or CapturingForm.of(moment.capturing),
        "has_browser": bool(find_chromium()),
    }
    # htmx shows what a form answers only when that went well: the faults stand in the form itself.
    shown = 200 if status == 422 and request.headers.get("HX-Request") else status
    return answer_section(
        request,
        "moments/section.html",
        context,
        key="picture",
        journey_id=journey_id,
        card_id=card_id,
        status=shown,
    )
