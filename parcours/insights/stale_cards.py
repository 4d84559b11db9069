"""Cards whose evidence has grown old: is what they say still true?"""

import uuid
from typing import Any

from django.utils.translation import gettext_lazy

from parcours.accounts.models import Brand
from parcours.accounts.reads import brand_by_id
from parcours.accounts.rights import Actor
from parcours.canvas.evidence.enums import Standing
from parcours.canvas.evidence.reads import evidence_of, proofs
from parcours.canvas.evidence.writes import confirm_evidence
from parcours.canvas.proposals.changes import carry_out
from parcours.canvas.proposals.kinds import Kind
from parcours.canvas.proposals.shapes import ProposalView
from parcours.canvas.shapes import Board, CardView
from parcours.insights.proposal_kinds import stale, stale_why

DELETE, CONFIRM = "delete", "confirm"


class StaleKind(Kind):
    """Accepting confirms the card's evidence; with other words it changes the card too, or takes it off."""

    def apply(
        self, journey_id: uuid.UUID, proposal: ProposalView, edits: dict[str, Any] | None, acting_user: Actor
    ) -> dict[str, Any]:
        given = dict(edits or {})
        deed = given.pop("deed", CONFIRM)
        if deed == DELETE:
            return carry_out(journey_id, proposal, {"do": "delete_card"}, acting_user)
        changed: dict[str, Any] = {
            name: given[name] for name in ("title", "text", "revision") if name in given
        }
        outcome = carry_out(journey_id, proposal, changed, acting_user) if changed else {}
        if proposal.card_id is not None:
            brand = brand_by_id(acting_user.brand_id)
            for piece in evidence_of(brand, journey_id, proposal.card_id):
                confirm_evidence(journey_id, piece.id, acting_user=acting_user)
        return outcome


STALE_KIND = StaleKind(gettext_lazy("Old evidence"), stale, stale_why, icon="clock")


def stale_cards(brand: Brand, board: Board) -> list[tuple[CardView, dict[str, Any], str]]:
    """Each card with old evidence, the facts, and a key that a later ageing doesn't share."""
    old = proofs(brand.pk, board.journey.id)
    found = []
    for card in board.cards:
        proof = old.get(card.id)
        if proof is not None and proof.standing == Standing.OLD:
            facts = {"card": card.title or card.text[:80], "days": proof.days or 0}
            found.append((card, facts, f"{card.id}:{proof.on}"))
    return found
