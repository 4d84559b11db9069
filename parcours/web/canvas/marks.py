"""What stands on cards beside their own words: counts that other parts of a canvas keep about them.

Each field is filled by one query for all cards of a canvas, however many there are.
"""

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from parcours.accounts.rights import Actor
from parcours.canvas.brand_values.reads import gaps_by_card
from parcours.canvas.brand_values.shapes import FitMark
from parcours.canvas.captures.reads import troubled_cards
from parcours.canvas.comments.reads import counts_by_card as count_comments
from parcours.canvas.evidence.reads import proofs
from parcours.canvas.evidence.shapes import Proof
from parcours.canvas.library.reads import outdated_cards
from parcours.canvas.proposals.reads import counts_by_card
from parcours.canvas.reviews.reads import counts_by_card as count_reviews
from parcours.canvas.templates.reads import example_cards


@dataclass(frozen=True, slots=True)
class CardMarks:
    """About one card. Hashable: a card that looks the same is drawn once (see `drawing`)."""

    proposals: int = 0
    comments: int = 0
    library: bool = False
    evidence: Proof | None = None
    fit: FitMark | None = None
    picture_trouble: bool = False
    example: bool = False
    reviews: int = 0


NONE = CardMarks()


def marks_on(
    actor: Actor,
    journey_id: uuid.UUID,
    card_ids: Collection[uuid.UUID] | None = None,
) -> Mapping[uuid.UUID, CardMarks]:
    """By card, for those that have any; of the whole canvas, or of `card_ids` only."""
    found: dict[uuid.UUID, dict[str, Any]] = defaultdict(dict)
    for card, proposals in counts_by_card(journey_id, card_ids).items():
        found[card]["proposals"] = proposals
    for card, comments in count_comments(journey_id, card_ids).items():
        found[card]["comments"] = comments
    for card, proof in proofs(actor.brand_id, journey_id, card_ids).items():
        found[card]["evidence"] = proof
    for card, fit in gaps_by_card(actor.brand_id, journey_id, card_ids).items():
        found[card]["fit"] = fit
    for card in troubled_cards(journey_id, card_ids):
        found[card]["picture_trouble"] = True
    for card in example_cards(journey_id, card_ids):
        found[card]["example"] = True
    for card in outdated_cards(journey_id, card_ids):
        found[card]["library"] = True
    for card, reviews in count_reviews(journey_id, card_ids).items():
        found[card]["reviews"] = reviews
    return {card: CardMarks(**fields) for card, fields in found.items()}
