"""The tab “Evidence” of an open card: what the card stands on, for and against."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from parcours.canvas import reads as canvas
from parcours.canvas.evidence import reads, writes
from parcours.canvas.evidence.enums import EvidenceKind, Side
from parcours.canvas.evidence.shapes import EvidenceView, Proof
from parcours.core.errors import BadInput, Conflict, ParcoursError
from parcours.insights.ideas import ideas_for
from parcours.web.canvas.fragments import wants_fragment
from parcours.web.canvas.sections import answer_section
from parcours.web.doors import Request, door
from parcours.web.evidence.forms import given_by, note_context, query_context

KEY = "evidence"


@door("canvas.view")
@require_http_methods(["GET", "POST"])
def evidence(request: Request, journey_id: uuid.UUID, card_id: uuid.UUID) -> HttpResponseBase:
    """What the card stands on; a form posted here gives it something more."""
    if request.method == "GET":
        return shown(request, journey_id, card_id)
    request.actor.require(writes.SUGGEST)
    try:
        writes.add_evidence(journey_id, card_id, given_by(request.POST), acting_user=request.actor)
    except BadInput as fault:
        return _form(request, journey_id, card_id, kind=request.POST.get("kind", ""), problem=fault)
    except Conflict as fault:
        return shown(request, journey_id, card_id, problem=fault)
    return shown(request, journey_id, card_id, done=_("The card stands on one thing more."))


@door("canvas.suggest")
@require_GET
def new(request: Request, journey_id: uuid.UUID, card_id: uuid.UUID) -> HttpResponse:
    """An empty form: `kind` note or query; with what was filled in so far where another source was chosen."""
    sent = request.GET if "field" in request.GET else None
    return _form(request, journey_id, card_id, kind=request.GET.get("kind", ""), sent=sent)


@door("canvas.suggest")
@require_http_methods(["GET", "POST"])
def piece(
    request: Request, journey_id: uuid.UUID, card_id: uuid.UUID, evidence_id: uuid.UUID
) -> HttpResponseBase:
    """The form of one piece; a button's `do` says what to do: save, remove, restore or confirm."""
    do = request.POST.get("do", "save")
    found = reads.evidence(request.brand, journey_id, evidence_id, deleted=do == "restore")
    card_id = found.card_id
    if request.method == "GET":
        return _form(request, journey_id, card_id, piece=found, kind=found.kind)
    if do == "remove":
        writes.remove_evidence(journey_id, evidence_id, acting_user=request.actor)
        return shown(request, journey_id, card_id, removed=found)
    try:
        done = _done(request, do, found)
    except BadInput as fault:
        if do == "confirm":
            return shown(request, journey_id, card_id, problem=fault)
        return _form(request, journey_id, card_id, piece=found, kind=found.kind, problem=fault)
    return shown(request, journey_id, card_id, done=done)


def _done(request: Request, do: str, found: EvidenceView) -> str:
    """Does it, and says in a sentence what was done. Raises BadInput."""
    if do == "restore":
        writes.restore_evidence(found.journey_id, found.id, acting_user=request.actor)
        return _("It is back.")
    if do == "confirm":
        note = request.POST.get("note", "")
        writes.confirm_evidence(found.journey_id, found.id, note=note, acting_user=request.actor)
        return _("Noted: still true.")
    writes.edit_evidence(found.journey_id, found.id, given_by(request.POST), acting_user=request.actor)
    return _("Saved.")


@door("canvas.suggest")
@require_GET
def suggested(request: Request, journey_id: uuid.UUID, card_id: uuid.UUID) -> HttpResponse:
    """Queries that likely belong to the card, each attached with one button."""
    card = canvas.card(request.brand.pk, journey_id, card_id)
    stages = canvas.stages(request.brand.pk, journey_id)
    there = reads.evidence_of(request.brand, journey_id, card_id)
    ideas = ideas_for(request.brand, card, stages, there)
    context = {"ideas": ideas, "card": card, "journey": {"id": journey_id}}
    return render(request, "evidence/ideas.html", context)


def shown(
    request: Request,
    journey_id: uuid.UUID,
    card_id: uuid.UUID,
    *,
    removed: EvidenceView | None = None,
    done: str = "",
    problem: ParcoursError | None = None,
) -> HttpResponseBase:
    """The tab as it stands now; without scripts the page of it, by its own address."""
    if request.method == "POST" and not wants_fragment(request) and problem is None:
        if removed is not None:
            messages.success(request, _("The evidence was removed."))
        elif done:
            messages.success(request, done)
        return redirect("map_card_evidence", journey_id, card_id)
    pieces = reads.evidence_of(request.brand, journey_id, card_id)
    proof = reads.proofs(request.brand.pk, journey_id, [card_id]).get(card_id, Proof())
    context: dict[str, Any] = {
        "supporting": [each for each in pieces if each.side == Side.FOR],
        "opposing": [each for each in pieces if each.side == Side.AGAINST],
        "proof": proof,
        "waiting": any(each.count is None and not each.is_note for each in pieces),
        "computed_at": max((each.count.computed_at for each in pieces if each.count), default=None),
        "days": reads.days_of(request.brand.pk),
        "removed": removed,
        "done": done,
        "problem": problem,
        "here": KEY,
    }
    status = problem.status if problem else 200
    return answer_section(
        request,
        "evidence/tab.html",
        context,
        key=KEY,
        journey_id=journey_id,
        card_id=card_id,
        status=status,
    )


def _form(
    request: Request,
    journey_id: uuid.UUID,
    card_id: uuid.UUID,
    *,
    kind: str,
    piece: EvidenceView | None = None,
    problem: BadInput | None = None,
    sent: QueryDict | None = None,
) -> HttpResponse:
    sent = request.POST if problem is not None else sent
    if kind == EvidenceKind.NOTE:
        fields = note_context(piece, sent)
    else:
        fields = query_context(request.brand, piece, sent, request.GET.get("source", ""))
    context = {**fields, "piece": piece, "problem": problem}
    status = 422 if problem else 200
    return answer_section(
        request,
        "evidence/form.html",
        context,
        key=KEY,
        journey_id=journey_id,
        card_id=card_id,
        status=status,
    )
