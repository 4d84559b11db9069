"""Drawing a journey again: as it should be, for a segment, on its own; and making a plan the present."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from parcours.canvas import reads, writes
from parcours.web.canvas.forms import DuplicateForm
from parcours.web.doors import Request, door


@door("canvas.edit")
@require_POST
def to_be(request: Request, journey_id: uuid.UUID) -> HttpResponse:
    drawn = writes.draw_to_be(journey_id, acting_user=request.actor)
    messages.success(
        request,
        _("This copy shows the journey as it should be. Change it; the other one stays as it is."),
        extra_tags=reverse("map_delete", args=[drawn.id]),
    )
    return redirect("map", drawn.id)


@door("canvas.edit")
@require_POST
def duplicate(request: Request, journey_id: uuid.UUID) -> HttpResponse:
    journey = reads.journey(request.brand.pk, journey_id)
    form = DuplicateForm(
        request.POST, brand=request.brand, personas=reads.personas(request.brand.pk), prefix="duplicate"
    )
    if not form.is_valid():
        messages.error(request, _("Choose a segment that is there."))
        return redirect("map_settings", journey_id)
    drawn = writes.duplicate_journey(
        journey.id,
        title=form.cleaned_data["title"],
        segment_key=form.cleaned_data["segment"],
        persona_id=form.persona_id,
        acting_user=request.actor,
    )
    messages.success(
        request,
        _("“{title}” was drawn.").format(title=drawn.title),
        extra_tags=reverse("map_delete", args=[drawn.id]),
    )
    return redirect("map", drawn.id)


@door("canvas.edit")
@require_POST
def make_current(request: Request, journey_id: uuid.UUID) -> HttpResponse:
    """This is now how it is."""
    journey = writes.make_current(journey_id, acting_user=request.actor)
    messages.success(
        request,
        _("“{title}” shows now how it is; the map before it is archived.").format(title=journey.title),
        extra_tags=reverse("map_now_undo", args=[journey_id]),
    )
    return redirect("map", journey_id)


@door("canvas.edit")
@require_POST
def undo_make_current(request: Request, journey_id: uuid.UUID) -> HttpResponse:
    journey = writes.undo_make_current(journey_id, acting_user=request.actor)
    messages.success(request, _("“{title}” shows again how it should be.").format(title=journey.title))
    return redirect("map", journey_id)
