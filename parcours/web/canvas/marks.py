"""What stands on cards beside their own words: counts that other parts of a canvas keep about them.

Three queries for all cards of a canvas, however many there are, or for one of them.
"""

import uuid
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from parcours.canvas.brand_values.reads import about_value, brand_fit, gaps_by_card
from parcours.canvas.brand_values.shapes import BrandFit, FitMark
from parcours.canvas.evidence.reads import proofs
from parcours.canvas.evidence.shapes import Proof
from parcours.canvas.shapes import Board, CardView
from parcours.canvas.standing import counts_by_card, counts_of_card
from parcours.insights.beneath import Beneath


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
    beneath: Beneath | None = None
    """Of the journey that it opens."""


NONE = CardMarks()


def marks_on(board: Board, fit: BrandFit) -> Mapping[uuid.UUID, CardMarks]:
    """By card, for those of a canvas that have any. `fit` is how its touchpoints keep the brand's values."""
    brand, journey = board.journey.brand_id, board.journey.id
    return _marks(counts_by_card(journey), proofs(brand, journey), gaps_by_card(fit, board.cards))


def marks_of(brand_id: uuid.UUID, card: CardView) -> CardMarks:
    """Of one card."""
    gaps: Mapping[uuid.UUID, FitMark] = {}
    if about_value(card):
        gaps = gaps_by_card(brand_fit(brand_id, card.journey_id, quoted=False), [card])
    counts = {card.id: counts_of_card(card.journey_id, card.id)}
    return _marks(counts, proofs(brand_id, card.journey_id, [card.id]), gaps).get(card.id, NONE)


def _marks(
    counts: Mapping[uuid.UUID, Mapping[str, int]],
    evidence: Mapping[uuid.UUID, Proof],
    gaps: Mapping[uuid.UUID, FitMark],
) -> Mapping[uuid.UUID, CardMarks]:
    found: dict[uuid.UUID, dict[str, Any]] = defaultdict(dict)
    for card, counted in counts.items():
        found[card].update(counted)
    for card, proof in evidence.items():
        found[card]["evidence"] = proof
    for card, gap in gaps.items():
        found[card]["fit"] = gap
    return {card: _as_marks(fields) for card, fields in found.items()}


def _as_marks(fields: Mapping[str, Any]) -> CardMarks:
    said = {name: bool(fields[name]) for name in ("library", "picture_trouble", "example") if name in fields}
    return CardMarks(**{**fields, **said})
