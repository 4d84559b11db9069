"""What cards stand on."""

import uuid
from typing import Any

from django.http import HttpResponse
from ninja import Router, Status

from parcours.api.doors import ApiRequest, needs
from parcours.api.evidence_schemas import (
    CardEvidenceOut,
    ConfirmIn,
    EvidenceChange,
    EvidenceIn,
    EvidenceOut,
    JourneyEvidenceOut,
)
from parcours.api.schemas import Problem
from parcours.canvas import reads as canvas
from parcours.canvas.evidence import reads, writes
from parcours.canvas.evidence.shapes import CountView, EvidenceView, Given, Proof

router = Router(tags=["evidence"])

_PROBLEMS: dict[Any, Any] = {401: Problem, 403: Problem, 404: Problem}
_WRITE: dict[Any, Any] = {**_PROBLEMS, 409: Problem, 422: Problem}
_CARD = "/journeys/{uuid:journey_id}/cards/{uuid:card_id}/evidence"
_PIECE = "/journeys/{uuid:journey_id}/evidence/{uuid:evidence_id}"


@router.get("/journeys/{uuid:journey_id}/evidence", response={200: JourneyEvidenceOut, **_PROBLEMS})
@needs("canvas.view")
def list_journey_evidence(request: ApiRequest, journey_id: uuid.UUID) -> dict[str, Any]:
    """Every card of a journey with how it stands."""
    cards = reads.cards_of(request.brand, canvas.board(request.brand.pk, journey_id))
    coverage = reads.coverage_of(cards)
    return {
        "cards": coverage.cards,
        "founded": coverage.founded,
        "share": coverage.share,
        "items": [
            {
                "card": each.card_id,
                "title": each.title,
                "kind": each.kind,
                "stage": each.stage_id,
                "proof": _proof(each.proof),
                "confirmed_at": each.confirmed_at,
            }
            for each in cards
        ],
    }


@router.get(_CARD, response={200: CardEvidenceOut, **_PROBLEMS})
@needs("canvas.view")
def list_card_evidence(request: ApiRequest, journey_id: uuid.UUID, card_id: uuid.UUID) -> dict[str, Any]:
    """What one card stands on, the newest first."""
    card = canvas.card(request.brand.pk, journey_id, card_id)
    proof = reads.proofs(request.brand.pk, journey_id, [card_id]).get(card_id, Proof())
    pieces = reads.evidence_of(request.brand, journey_id, card_id)
    shown = [_object(piece, words=request.actor.may("customers.view")) for piece in pieces]
    return {"card": card.id, "proof": _proof(proof), "evidence": shown}


@router.post(_CARD, response={201: EvidenceOut, **_WRITE})
@needs("canvas.suggest")
def add_evidence(
    request: ApiRequest, response: HttpResponse, journey_id: uuid.UUID, card_id: uuid.UUID, piece: EvidenceIn
) -> Status[dict[str, Any]]:
    """Gives a card a piece of evidence. It is counted in the background: `count` is null at first."""
    given = Given(**piece.model_dump())
    added = writes.add_evidence(journey_id, card_id, given, acting_user=request.actor)
    response.headers["Location"] = f"/api/v1/journeys/{journey_id}/evidence/{added.id}"
    return Status(201, _object(added, words=request.actor.may("customers.view")))


@router.get(_PIECE, response={200: EvidenceOut, **_PROBLEMS})
@needs("canvas.view")
def get_evidence(request: ApiRequest, journey_id: uuid.UUID, evidence_id: uuid.UUID) -> dict[str, Any]:
    found = reads.evidence(request.brand, journey_id, evidence_id)
    return _object(found, words=request.actor.may("customers.view"))


@router.patch(_PIECE, response={200: EvidenceOut, **_WRITE})
@needs("canvas.suggest")
def change_evidence(
    request: ApiRequest, journey_id: uuid.UUID, evidence_id: uuid.UUID, change: EvidenceChange
) -> dict[str, Any]:
    """Changes what is given. Other people's evidence is for editors to change."""
    known = reads.evidence(request.brand, journey_id, evidence_id)
    names = ("kind", "side", "source", "title", "rule", "asked", "words", "period", "segment", "text",
             "address", "dated")  # fmt: skip
    said = change.model_dump(exclude_unset=True)
    values = {name: getattr(known, name) for name in names}
    values |= {name: value for name, value in said.items() if value is not None or name == "dated"}
    changed = writes.edit_evidence(journey_id, evidence_id, Given(**values), acting_user=request.actor)
    return _object(changed, words=request.actor.may("customers.view"))


@router.delete(_PIECE, response={204: None, **_WRITE})
@needs("canvas.suggest")
def remove_evidence(request: ApiRequest, journey_id: uuid.UUID, evidence_id: uuid.UUID) -> Status[None]:
    """Takes a piece off its card; it can be restored."""
    writes.remove_evidence(journey_id, evidence_id, acting_user=request.actor)
    return Status(204, None)


@router.post(f"{_PIECE}/restore", response={200: EvidenceOut, **_WRITE})
@needs("canvas.suggest")
def restore_evidence(request: ApiRequest, journey_id: uuid.UUID, evidence_id: uuid.UUID) -> dict[str, Any]:
    restored = writes.restore_evidence(journey_id, evidence_id, acting_user=request.actor)
    return _object(restored, words=request.actor.may("customers.view"))


@router.post(f"{_PIECE}/confirm", response={200: EvidenceOut, **_WRITE})
@needs("canvas.suggest")
def confirm_evidence(
    request: ApiRequest, journey_id: uuid.UUID, evidence_id: uuid.UUID, confirmation: ConfirmIn
) -> dict[str, Any]:
    """Says that it is still true."""
    confirmed = writes.confirm_evidence(
        journey_id, evidence_id, note=confirmation.note, acting_user=request.actor
    )
    return _object(confirmed, words=request.actor.may("customers.view"))


def _object(piece: EvidenceView, *, words: bool) -> dict[str, Any]:
    confirmed = piece.confirmed
    return {
        "id": piece.id,
        "card": piece.card_id,
        "kind": piece.kind,
        "side": piece.side,
        "source": piece.source,
        "title": piece.title,
        "rule": piece.rule,
        "asked": piece.asked,
        "words": piece.words,
        "period": piece.period,
        "segment": piece.segment,
        "text": piece.text,
        "address": piece.address,
        "dated": piece.dated,
        "author": piece.author,
        "created_at": piece.created_at,
        "standing": piece.standing,
        "confirmed_at": piece.confirmed_at,
        "confirmed": {"at": confirmed.at, "by": confirmed.by, "note": confirmed.note} if confirmed else None,
        "count": _count(piece.count, words=words) if piece.count else None,
    }


def _count(count: CountView, *, words: bool) -> dict[str, Any]:
    return {
        "events": count.events,
        "customers": count.customers,
        "share": None if count.too_few else count.share,
        "weeks": list(count.weeks),
        "last_at": count.last_at,
        "computed_at": count.computed_at,
        "problem": count.problem,
        "samples": [
            {"text": each.text, "at": each.at, "channel": each.channel} for each in count.samples if words
        ],
    }


def _proof(proof: Proof) -> dict[str, Any]:
    return {
        "standing": proof.standing,
        "supporting": proof.supporting,
        "against": proof.against,
        "days": proof.days,
        "for_customers": proof.for_customers,
        "against_customers": proof.against_customers,
    }
