import io
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image

from parcours.accounts.rights import Actor
from parcours.canvas import reads, writes
from parcours.canvas.shapes import Board, CardView, JourneyView


@pytest.fixture
def journey(alice_acts: Actor) -> JourneyView:
    """A map from the template, in English."""
    return writes.create_journey("Mark buys running shoes", acting_user=alice_acts, language="en")


@pytest.fixture
def see(journey: JourneyView) -> Callable[[], Board]:
    """Reads the canvas afresh."""
    return lambda: reads.board(journey.brand_id, journey.id)


AddCard = Callable[..., CardView]


@pytest.fixture
def add_card(journey: JourneyView, see: Callable[[], Board], alice_acts: Actor) -> AddCard:
    """Adds a card by the names of its stage and of its kind."""

    def add(title: str, stage: str = "Awareness", kind: str = "need", **more: Any) -> CardView:
        board = see()
        stage_id = next(found.id for found in board.stages if found.name == stage)
        lane_id = next(found.id for found in board.lanes if found.kind == kind)
        return writes.add_card(
            journey.id, stage_id=stage_id, lane_id=lane_id, title=title, acting_user=alice_acts, **more
        )

    return add


def titles(board: Board, stage: str = "Awareness", kind: str = "need") -> list[str]:
    """The cards of one cell, top to bottom."""
    return [
        card.title
        for lane in board.lanes
        if lane.kind == kind
        for cell in lane.cells
        if cell.stage.name == stage
        for card in cell.cards
    ]


def png(width: int = 60, height: int = 40, colour: str = "teal") -> io.BytesIO:
    """An upload as a browser sends one."""
    file = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(file, "PNG")
    file.seek(0)
    file.name = "screenshot.png"
    return file


NOBODY = uuid.UUID(int=7)
