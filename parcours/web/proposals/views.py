"""What is proposed for one journey: deciding, and what was decided."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from parcours.canvas import reads
from parcours.canvas.proposals.enums import State
from parcours.canvas.proposals.reads import decided_proposals, open_proposals, proposal
from parcours.canvas.proposals.shapes import ProposalView
from parcours.canvas.proposals.writes import (
    accept_proposal,
    bring_back_proposal,
    dismiss_proposal,
    withdraw_suggestion,
)
from parcours.web.canvas.fragments import wants_fragment
from parcours.web.doors import Request, door
from parcours.web.proposals.drawn import drawn, sent_edits


@door("canvas.view")
@require_GET
def proposals(request: Request, journey_id: uuid.UUID) -> HttpResponse:
    """What waits, then what was decided, with who, when and why."""
    brand_id = request.brand.pk
    journey = reads.journey(brand_id, journey_id)
    stages = reads.stages(brand_id, journey_id)
    waiting = open_proposals(brand_id, journey_id)
    context = {
        "journey": journey,
        "waiting": [drawn(each, request.actor, stages) for each in waiting],
        "decided": decided_proposals(brand_id, journey_id),
        "states": State,
        **_look_context(journey_id),
    }
    return render(request, "proposals/proposals.html", context)


@door("canvas.view")
@require_GET
def one(request: Request, journey_id: uuid.UUID, proposal_id: uuid.UUID) -> HttpResponse:
    """One proposal on a page of its own: where links in messages lead."""
    found = proposal(request.brand.pk, journey_id, proposal_id)
    context = {
        "journey": reads.journey(request.brand.pk, journey_id),
        "each": drawn(found, request.actor, reads.stages(request.brand.pk, journey_id)),
        "decided": [] if found.is_open else [found],
    }
    return render(request, "proposals/one.html", context)


@door("canvas.edit")
@require_POST
def accept(request: Request, journey_id: uuid.UUID, proposal_id: uuid.UUID) -> HttpResponse:
    """Does it, with what the form says otherwise."""
    edits = sent_edits(request.POST)
    found = accept_proposal(journey_id, proposal_id, edits=edits, acting_user=request.actor)
    return _done(request, found, _("Accepted: {title}").format(title=found.title))


@door("canvas.edit")
@require_POST
def dismiss(request: Request, journey_id: uuid.UUID, proposal_id: uuid.UUID) -> HttpResponse:
    found = dismiss_proposal(
        journey_id, proposal_id, reason=request.POST.get("reason", ""), acting_user=request.actor
    )
    return _done(request, found, _("Dismissed. It will not be proposed again."))


@door("canvas.suggest")
@require_POST
def withdraw(request: Request, journey_id: uuid.UUID, proposal_id: uuid.UUID) -> HttpResponse:
    found = withdraw_suggestion(journey_id, proposal_id, acting_user=request.actor)
    return _done(request, found, _("You took your suggestion back."))


@door("canvas.edit")
@require_POST
def bring_back(request: Request, journey_id: uuid.UUID, proposal_id: uuid.UUID) -> HttpResponse:
    found = bring_back_proposal(journey_id, proposal_id, acting_user=request.actor)
    return _done(request, found, _("It waits for a decision again."))


def _done(request: Request, found: ProposalView, sentence: str) -> HttpResponse:
    """To a script the sentence; without one back to where the form stood."""
    if wants_fragment(request):
        return HttpResponse(sentence, content_type="text/plain; charset=utf-8")
    messages.success(request, sentence)
    home = reverse("map_proposals", args=[found.journey_id])
    wanted = request.POST.get("back_to", "")
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) and wanted.startswith("/")
    return redirect(wanted if safe else home)


def _look_context(journey_id: uuid.UUID) -> dict[str, Any]:
    """When the log was last looked at for this journey."""
    from parcours.canvas.proposals.looks import look_at

    return {"look": look_at(journey_id)}
