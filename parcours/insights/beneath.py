"""What happens in the journeys that cards open, in a few numbers for these cards."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from parcours.accounts.models import Brand
from parcours.canvas.reads import stages
from parcours.canvas.shapes import CardView, StageView
from parcours.core.errors import NotFound
from parcours.core.periods import Period
from parcours.insights.reads import numbers_of
from parcours.insights.shapes import FEWEST, CanvasNumbers


@dataclass(frozen=True, slots=True)
class Beneath:
    """`customers` were on that journey; `arrived` of them in `last`, the last of several stages that events
    can show; None when there is but one.
    """

    customers: int
    arrived: int | None
    last: str

    @property
    def share(self) -> float | None:
        """None where it would say more about chance than about customers."""
        return None if self.arrived is None or self.customers < FEWEST else self.arrived / self.customers


def beneath(
    brand: Brand, cards: Iterable[CardView], period: Period, segment: str = ""
) -> Mapping[uuid.UUID, Beneath]:
    """By journey, for those that any of the cards opens and that events can show; a few queries for each."""
    found = {}
    for journey in {card.leads_to for card in cards if card.leads_to is not None}:
        try:
            drawn = stages(brand.pk, journey)
        except NotFound:
            continue  # taken away meanwhile
        numbers = numbers_of(brand, journey, drawn, period, segment)
        if numbers is not None and numbers.touchpoints:
            found[journey] = _summed(numbers, drawn)
    return found


def _summed(numbers: CanvasNumbers, drawn: Sequence[StageView]) -> Beneath:
    shown = [counted for counted, stage in zip(numbers.stages, drawn, strict=True) if stage.touchpoints]
    last = shown[-1]
    return Beneath(numbers.on_the_map, last.customers if len(shown) > 1 else None, last.name)
