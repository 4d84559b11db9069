"""What is proposed for a journey, deciding about it, and first drafts from the log."""

import uuid
from typing import Any, Literal

from django.utils.translation import gettext as _
from ninja import Router, Status

from parcours.api.doors import ApiRequest, needs
from parcours.api.proposal_schemas import (
    AcceptedOut,
    AcceptIn,
    AcceptManyIn,
    DismissIn,
    DraftIn,
    DraftOut,
    DraftStored,
    LookOut,
    ProposalOut,
    ProposalsOut,
    StoreIn,
    SuggestionIn,
)
from parcours.api.schemas import Problem
from parcours.canvas.proposals import reads, writes
from parcours.canvas.proposals.drafts import DraftView, draft, drop_draft
from parcours.canvas.proposals.looks import look_at
from parcours.canvas.proposals.many import accept_proposals
from parcours.canvas.proposals.shapes import ProposalView
from parcours.canvas.proposals.suggesting import suggest_card, suggest_change
from parcours.canvas.reads import journey
from parcours.core.errors import BadInput
from parcours.insights.drafting.plan import Wishes
from parcours.insights.drafting.running import ask_for_draft, store_draft
from parcours.insights.proposing import ask_to_look

router = Router(tags=["proposals"])

_PROBLEMS: dict[Any, Any] = {401: Problem, 403: Problem, 404: Problem}
_WRITE: dict[Any, Any] = {**_PROBLEMS, 409: Problem, 422: Problem}
_ALL = "/journeys/{uuid:journey_id}/proposals"
_ONE = f"{_ALL}/{{uuid:proposal_id}}"
_DRAFT = "/drafts/{uuid:draft_id}"


@router.get(_ALL, response={200: ProposalsOut, **_PROBLEMS})
@needs("canvas.view")
def list_proposals(
    request: ApiRequest, journey_id: uuid.UUID, state: Literal["open", "decided"] = "open"
) -> dict[str, Any]:
    """What waits for a decision, the newest first; with `state=decided` the last 200 that were decided."""
    journey(request.brand.pk, journey_id)
    read = reads.open_proposals if state == "open" else reads.decided_proposals
    return {"items": [_proposal(each) for each in read(request.brand.pk, journey_id)]}


@router.post(_ALL, response={201: ProposalOut, **_WRITE})
@needs("canvas.suggest")
def suggest(request: ApiRequest, journey_id: uuid.UUID, suggestion: SuggestionIn) -> Status[dict[str, Any]]:
    """Suggests a card, or other words for one. An editor decides."""
    if suggestion.card is not None:
        made = suggest_change(
            journey_id,
            suggestion.card,
            title=suggestion.title,
            text=suggestion.text,
            words=suggestion.words,
            acting_user=request.actor,
        )
        return Status(201, _proposal(made))
    if suggestion.stage is None or suggestion.lane is None:
        raise BadInput(_("Name a stage and a row, or a card."), where="stage")
    made = suggest_card(
        journey_id,
        stage_id=suggestion.stage,
        lane_id=suggestion.lane,
        title=suggestion.title or "",
        text=suggestion.text or "",
        words=suggestion.words,
        acting_user=request.actor,
    )
    return Status(201, _proposal(made))


@router.post(f"{_ALL}/look", response={202: LookOut, **_WRITE})
@needs("canvas.edit")
def look(request: ApiRequest, journey_id: uuid.UUID) -> Status[dict[str, Any]]:
    """Has the log looked at now; ask again for the proposals once `under_way` is false."""
    journey(request.brand.pk, journey_id)
    ask_to_look(request.brand.pk, journey_id)
    return Status(202, _look(journey_id))


@router.get(f"{_ALL}/look", response={200: LookOut, **_PROBLEMS})
@needs("canvas.view")
def get_look(request: ApiRequest, journey_id: uuid.UUID) -> dict[str, Any]:
    """When the log was last looked at for this journey."""
    journey(request.brand.pk, journey_id)
    return _look(journey_id)


@router.post(f"{_ALL}/accept", response={200: AcceptedOut, **_WRITE})
@needs("canvas.edit")
def accept_many(request: ApiRequest, journey_id: uuid.UUID, which: AcceptManyIn) -> dict[str, Any]:
    """Accepts several at once, or all that wait; what stood before is kept as a version.

    What can't be done waits on and is named with its problem; the others are done all the same.
    """
    found = accept_proposals(journey_id, which.proposals, acting_user=request.actor)
    return {
        "accepted": [each.id for each in found.done],
        "left": [{"id": each.proposal.id, "problem": str(each.problem)} for each in found.left],
        "version": found.before.id if found.before else None,
    }


@router.get(_ONE, response={200: ProposalOut, **_PROBLEMS})
@needs("canvas.view")
def get_proposal(request: ApiRequest, journey_id: uuid.UUID, proposal_id: uuid.UUID) -> dict[str, Any]:
    return _proposal(reads.proposal(request.brand.pk, journey_id, proposal_id))


@router.post(f"{_ONE}/accept", response={200: ProposalOut, **_WRITE})
@needs("canvas.edit")
def accept(
    request: ApiRequest, journey_id: uuid.UUID, proposal_id: uuid.UUID, edits: AcceptIn
) -> dict[str, Any]:
    """Does what is proposed."""
    given = {name: value for name, value in edits.dict().items() if value is not None}
    if "stage" in given:
        given["stage"] = str(given["stage"])
    done = writes.accept_proposal(journey_id, proposal_id, edits=given, acting_user=request.actor)
    return _proposal(done)


@router.post(f"{_ONE}/dismiss", response={200: ProposalOut, **_WRITE})
@needs("canvas.edit")
def dismiss(
    request: ApiRequest, journey_id: uuid.UUID, proposal_id: uuid.UUID, why: DismissIn
) -> dict[str, Any]:
    """The same is not proposed again."""
    done = writes.dismiss_proposal(journey_id, proposal_id, reason=why.reason, acting_user=request.actor)
    return _proposal(done)


@router.post(f"{_ONE}/back", response={200: ProposalOut, **_WRITE})
@needs("canvas.edit")
def bring_back(request: ApiRequest, journey_id: uuid.UUID, proposal_id: uuid.UUID) -> dict[str, Any]:
    """Opens it again, and undoes what accepting it changed where that can still be done."""
    return _proposal(writes.bring_back_proposal(journey_id, proposal_id, acting_user=request.actor))


@router.post("/drafts", response={202: DraftOut, **_WRITE})
@needs("canvas.edit")
def ask_draft(request: ApiRequest, wishes: DraftIn) -> Status[dict[str, Any]]:
    """Has a first journey drawn from the brand's events. Nothing is stored before you say so."""
    wanted = Wishes(wishes.title, wishes.language, wishes.stages)
    return Status(202, _draft(ask_for_draft(request.brand, wanted, acting_user=request.actor)))


@router.get(_DRAFT, response={200: DraftOut, **_PROBLEMS})
@needs("canvas.edit")
def get_draft(request: ApiRequest, draft_id: uuid.UUID) -> dict[str, Any]:
    return _draft(draft(request.brand.pk, draft_id))


@router.post(f"{_DRAFT}/store", response={201: DraftStored, **_WRITE})
@needs("canvas.edit")
def store(request: ApiRequest, draft_id: uuid.UUID, named: StoreIn) -> Status[dict[str, Any]]:
    """Makes it a journey."""
    made = store_draft(request.brand, draft_id, title=named.title, acting_user=request.actor)
    return Status(201, {"id": made.id, "title": made.title})


@router.delete(_DRAFT, response={204: None, **_WRITE})
@needs("canvas.edit")
def drop(request: ApiRequest, draft_id: uuid.UUID) -> Status[None]:
    """Lets go of it."""
    drop_draft(request.brand.pk, draft_id, acting_user=request.actor)
    return Status(204, None)


def _proposal(view: ProposalView) -> dict[str, Any]:
    return {
        "id": view.id,
        "kind": view.kind,
        "state": view.state,
        "title": view.title,
        "why": view.why,
        "proposed_by": view.proposed_by,
        "by_the_log": view.by_the_log,
        "stage": view.stage_id,
        "lane": view.lane_id,
        "card": view.card_id,
        "touchpoint": view.touchpoint_id,
        "facts": {name: value for name, value in view.facts.items() if name != "samples"},
        "change": view.wording or None,
        "samples": [{"text": sample["text"]} for sample in view.facts.get("samples", [])],
        "created_at": view.created_at,
        "decided_by": view.decided_by,
        "decided_at": view.decided_at,
        "reason": view.decision,
    }


def _look(journey_id: uuid.UUID) -> dict[str, Any]:
    found = look_at(journey_id)
    return {"looked_at": found.looked_at, "under_way": found.under_way}


def _draft(view: DraftView) -> dict[str, Any]:
    return {
        "id": view.id,
        "state": view.state,
        "step": view.step,
        "steps": view.steps,
        "problem": view.problem,
        "plan": view.plan,
        "journey": view.journey_id,
        "created_at": view.created_at,
    }
