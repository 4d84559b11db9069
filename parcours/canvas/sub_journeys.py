"""Journeys that open from a card of another one."""

import uuid
from dataclasses import dataclass

from parcours.canvas.enums import JourneyStatus
from parcours.canvas.models import Card, Journey
from parcours.canvas.reads import board as read_board
from parcours.canvas.shapes import Board

MOST_BENEATH = 50


@dataclass(frozen=True, slots=True)
class Opening:
    """A card that leads to a journey, and where it stands."""

    journey_id: uuid.UUID
    journey_title: str
    card_id: uuid.UUID
    card_title: str


def journey_titles(brand_id: uuid.UUID) -> tuple[tuple[uuid.UUID, str], ...]:
    """The journeys that a card may open, by title. Archived ones are no longer offered."""
    rows = Journey.objects.filter(brand_id=brand_id, deleted_at=None).exclude(status=JourneyStatus.ARCHIVED)
    return tuple(rows.order_by("title", "id").values_list("id", "title"))


def boards_beneath(board: Board) -> tuple[Board, ...]:
    """The journeys that its cards open, those that theirs open, and so on: each once, the nearest first."""
    found: list[Board] = []
    seen, waiting = {board.journey.id}, [board]
    while waiting and len(found) < MOST_BENEATH:
        for card in waiting.pop(0).cards:
            if card.leads_to is None or card.leads_to in seen or len(found) >= MOST_BENEATH:
                continue
            seen.add(card.leads_to)
            below = read_board(board.journey.brand_id, card.leads_to)
            found.append(below)
            waiting.append(below)
    return tuple(found)


def openings_of(brand_id: uuid.UUID, journey_id: uuid.UUID) -> tuple[Opening, ...]:
    """The standing cards of other journeys that open this one, in one query."""
    rows = (
        Card.objects.filter(
            leads_to_id=journey_id,
            leads_to__brand_id=brand_id,
            deleted_at=None,
            stage__deleted_at=None,
            lane__deleted_at=None,
            journey__deleted_at=None,
        )
        .exclude(journey_id=journey_id)
        .order_by("created_at", "id")
    )
    found = rows.values_list("journey_id", "journey__title", "id", "title")
    return tuple(Opening(*each) for each in found)
