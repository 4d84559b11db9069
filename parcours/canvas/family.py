"""Journeys that belong together: as is and to be, the whole and its segments, and what cards open."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

from django.db.models import Q

from parcours.canvas.enums import JourneyKind, JourneyStatus
from parcours.canvas.models import Card, Journey
from parcours.canvas.reads import journey_view
from parcours.canvas.shapes import JourneySummary, JourneyView


@dataclass(frozen=True, slots=True)
class Family:
    """One journey with those it is tied to; what is archived or deleted stays out, but for `replaced`.

    `whole` is the journey that one for a segment was drawn from, `replaced` the one whose place it took.
    """

    journey: JourneyView
    as_is: JourneyView | None
    to_be: tuple[JourneyView, ...]
    whole: JourneyView | None
    for_segments: tuple[JourneyView, ...]
    replaced: JourneyView | None

    @property
    def counterpart(self) -> JourneyView | None:
        """What it is first compared with."""
        first = next(iter(self.to_be or self.for_segments), None)
        return self.as_is or self.whole or first or self.replaced

    @property
    def others(self) -> tuple[JourneyView, ...]:
        """Everything that it can be seen beside, each once."""
        found = [self.as_is, *self.to_be, self.whole, *self.for_segments, self.replaced]
        return tuple(each for each in found if each is not None)


def family(brand_id: uuid.UUID, journey: JourneyView) -> Family:
    """In one query, whatever the size of the family."""
    kin = (
        Journey.objects.filter(Q(drawn_from_id=journey.id) | Q(pk=journey.drawn_from_id))
        .filter(brand_id=brand_id, deleted_at=None)
        .select_related("persona__photo", "owner")
        .order_by("created_at", "id")
    )
    seen = [journey_view(row) for row in kin]
    parent = next((each for each in seen if each.id == journey.drawn_from_id), None)
    standing = [each for each in seen if each is not parent and each.status != JourneyStatus.ARCHIVED]
    segmented = journey.segment_id is not None and parent is not None and parent.kind == journey.kind
    is_plan = journey.kind == JourneyKind.TO_BE
    took_over = parent is not None and parent.status == JourneyStatus.ARCHIVED and not is_plan
    return Family(
        journey=journey,
        as_is=parent if is_plan and not segmented else None,
        to_be=tuple(each for each in standing if each.kind == JourneyKind.TO_BE and not is_plan),
        whole=parent if segmented and not took_over else None,
        for_segments=tuple(each for each in standing if each.kind == journey.kind),
        replaced=parent if took_over else None,
    )


def leading(summaries: Sequence[JourneySummary]) -> list[JourneySummary]:
    """The journeys that stand for what happens: as it is, for everybody, not archived. In their order, but
    those that another one's cards open come last, for they are a part of it.

    Without any of those: all of them.
    """
    found = [
        each
        for each in summaries
        if each.journey.kind == JourneyKind.AS_IS
        and each.journey.status != JourneyStatus.ARCHIVED
        and each.journey.segment_id is None
    ]
    if len(found) > 1:
        journeys = [each.journey for each in found]
        parts = set(chain.from_iterable(children(journeys[0].brand_id, journeys).values()))
        found.sort(key=lambda each: each.journey.id in parts)
    return found or list(summaries)


def children(brand_id: uuid.UUID, journeys: Iterable[JourneyView]) -> dict[uuid.UUID, list[uuid.UUID]]:
    """By journey, those that stand beneath it in a list: drawn from it, or opened by one of its cards.

    Each journey stands beneath one other at most, and never beneath itself by a detour.
    """
    shown = {each.id: each for each in journeys}
    parents: dict[uuid.UUID, uuid.UUID] = {
        each.id: each.drawn_from_id
        for each in shown.values()
        if each.drawn_from_id in shown and each.drawn_from_id is not None
    }
    for opened, opener in _openings(brand_id):
        if opened in shown and opener in shown and opened != opener:
            parents.setdefault(opened, opener)
    beneath: dict[uuid.UUID, list[uuid.UUID]] = defaultdict(list)
    for each in shown:
        if each in parents and not _in_a_circle(each, parents):
            beneath[parents[each]].append(each)
    return dict(beneath)


def _openings(brand_id: uuid.UUID) -> Sequence[tuple[uuid.UUID, uuid.UUID]]:
    rows = Card.objects.filter(
        journey__brand_id=brand_id, journey__deleted_at=None, deleted_at=None, leads_to__isnull=False
    )
    return list(rows.order_by("created_at").values_list("leads_to_id", "journey_id"))


def _in_a_circle(start: uuid.UUID, parents: dict[uuid.UUID, uuid.UUID]) -> bool:
    seen = {start}
    at = start
    while at in parents:
        at = parents[at]
        if at in seen:
            return True
        seen.add(at)
    return False
