"""The tabs of an open card beside its form; each is a fragment, and a page of its own without scripts."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise

from parcours.canvas.shapes import CardView


@dataclass(frozen=True, slots=True)
class CardSection:
    """`url_name` takes `journey_id` and `card_id`; `kinds` are the kinds of card that have it, or all."""

    key: str
    title: Promise
    url_name: str
    kinds: frozenset[str] = frozenset()


SECTIONS: tuple[CardSection, ...] = ()


def sections_of(card: CardView) -> Sequence[CardSection]:
    return [section for section in SECTIONS if not section.kinds or card.kind in section.kinds]
