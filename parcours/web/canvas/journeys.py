"""The maps of a brand: the list, taking one off it and putting it back."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from parcours.canvas import reads, writes
from parcours.canvas.evidence.reads import coverage_by_journey
from parcours.web.canvas.listing import listing, read_asked
from parcours.web.doors import Request, door


@door("canvas.view")
@require_GET
def journeys(request: Request) -> HttpResponse:
    found = reads.journeys(request.brand.pk)
    return render(
        request,
        "canvas/journeys.html",
        {
            "tab": "journeys",
            "journeys": found,
            "listing": listing(request.brand, found, read_asked(request.GET)),
            "deleted": reads.deleted_journeys(request.brand.pk),
            "coverage": coverage_by_journey(request.brand.pk),
        },
    )


@door("canvas.edit")
@require_POST
def delete(request: Request, journey_id: uuid.UUID) -> HttpResponse:
    title = reads.journey(request.brand.pk, journey_id).title
    writes.delete_journey(journey_id, acting_user=request.actor)
    messages.success(
        request,
        _("“{title}” was taken off the list. It can be put back below.").format(title=title),
        extra_tags=reverse("map_restore", args=[journey_id]),
    )
    return redirect("maps")


@door("canvas.edit")
@require_POST
def restore(request: Request, journey_id: uuid.UUID) -> HttpResponse:
    title = writes.restore_journey(journey_id, acting_user=request.actor).title
    messages.success(request, _("“{title}” is back.").format(title=title))
    return redirect("map", journey_id)
