"""What the parts of a canvas count about its cards and about the whole, asked in one query each.

Every part says by itself which rows it counts; here they are only put together.
"""

import uuid
from collections import defaultdict
from collections.abc import Callable, Mapping
from itertools import zip_longest
from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery, Value

from parcours.canvas.captures.reads import troubled_rows
from parcours.canvas.comments.reads import open_rows as open_threads
from parcours.canvas.comments.reads import rows_by_card as comments
from parcours.canvas.library.reads import outdated_rows
from parcours.canvas.models import Journey
from parcours.canvas.proposals.reads import open_rows as open_proposals
from parcours.canvas.proposals.reads import rows_by_card as proposals
from parcours.canvas.reviews.reads import rows_by_card as reviews
from parcours.canvas.reviews.reads import waiting_rows
from parcours.canvas.templates.reads import example_rows
from parcours.core.prepared import Prepared

_BY_CARD: Mapping[str, tuple[Callable[[uuid.UUID], QuerySet[Any, Any]], str]] = {
    "proposals": (proposals, "card_id"),
    "comments": (comments, "thread__card_id"),
    "picture_trouble": (troubled_rows, "card_id"),
    "example": (example_rows, "pk"),
    "library": (outdated_rows, "card_id"),
    "reviews": (reviews, "card_id"),
}
_WAITING: Mapping[str, Callable[[], QuerySet[Any]]] = {
    "comments": open_threads,
    "proposals": open_proposals,
    "review": waiting_rows,
}


def counts_by_card(journey_id: uuid.UUID) -> Mapping[uuid.UUID, Mapping[str, int]]:
    """By card of a canvas and by what is counted, for cards with any of it."""
    found: dict[uuid.UUID, dict[str, int]] = defaultdict(dict)
    for card, n, name in _OF_CARDS.rows(journey_id):
        found[card][name] = n
    return found


def counts_of_card(journey_id: uuid.UUID, card_id: uuid.UUID) -> Mapping[str, int]:
    """The same of one card."""
    return {name: n for _card, n, name in _OF_CARD.rows(journey_id, card_id)}


def waiting(journey_id: uuid.UUID) -> Mapping[str, int]:
    """How many threads, proposals and reviews of a journey wait for somebody."""
    row = next(iter(_OF_JOURNEY.rows(journey_id)), ())
    return {name: n or 0 for name, n in zip_longest(_WAITING, row)}


def _of_cards(journey_id: uuid.UUID) -> QuerySet[Any, Any]:
    return _together({name: rows(journey_id) for name, (rows, _card) in _BY_CARD.items()})


def _of_card(journey_id: uuid.UUID, card_id: uuid.UUID) -> QuerySet[Any, Any]:
    return _together(
        {name: rows(journey_id).filter(**{card: card_id}) for name, (rows, card) in _BY_CARD.items()}
    )


def _together(asked: Mapping[str, QuerySet[Any, Any]]) -> QuerySet[Any, Any]:
    first, *others = (rows.annotate(of=Value(name)) for name, rows in asked.items())
    found: QuerySet[Any, Any] = first.union(*others, all=True)
    return found


def _of_journey(journey_id: uuid.UUID) -> QuerySet[Any, Any]:
    asked = [Subquery(_counted(rows())) for rows in _WAITING.values()]
    return Journey.objects.filter(pk=journey_id).values_list(*asked)


def _counted(rows: QuerySet[Any]) -> QuerySet[Any, Any]:
    """How many of the rows are of the journey around, as a part of its query."""
    of_journey = rows.filter(journey=OuterRef("pk")).order_by()
    counted: QuerySet[Any, Any] = of_journey.values("journey").annotate(n=Count("pk")).values("n")
    return counted


_OF_CARDS, _OF_CARD, _OF_JOURNEY = Prepared(_of_cards), Prepared(_of_card), Prepared(_of_journey)
