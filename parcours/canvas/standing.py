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


def counts_by_card(
    journey_id: uuid.UUID, card_id: uuid.UUID | None = None
) -> Mapping[uuid.UUID, Mapping[str, int]]:
    """By card and by what is counted, for cards with any of it; of the whole canvas, or of one card."""
    asked = []
    for name, (rows_of, card) in _BY_CARD.items():
        rows = rows_of(journey_id)
        asked.append((rows if card_id is None else rows.filter(**{card: card_id})).annotate(of=Value(name)))
    found: dict[uuid.UUID, dict[str, int]] = defaultdict(dict)
    for card_pk, n, name in asked[0].union(*asked[1:], all=True):
        found[card_pk][name] = n
    return found


def waiting(journey_id: uuid.UUID) -> Mapping[str, int]:
    """How many threads, proposals and reviews of a journey wait for somebody."""
    asked = [Subquery(_counted(rows())) for rows in _WAITING.values()]
    row = Journey.objects.filter(pk=journey_id).values_list(*asked).first() or ()
    return {name: n or 0 for name, n in zip_longest(_WAITING, row)}


def _counted(rows: QuerySet[Any]) -> QuerySet[Any, Any]:
    """How many of the rows are of the journey around, as a part of its query."""
    of_journey = rows.filter(journey=OuterRef("pk")).order_by()
    counted: QuerySet[Any, Any] = of_journey.values("journey").annotate(n=Count("pk")).values("n")
    return counted
