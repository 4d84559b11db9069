"""A canvas as a sheet of words and pictures: what every file that people read is written from.

It holds texts only, as the page shows them, so that all files say the same.
"""

import uuid
from dataclasses import dataclass
from pathlib import Path

from parcours.canvas import reads
from parcours.canvas.shapes import Board, CardView, PictureView
from parcours.canvas.text import as_plain

HUES = ("#46549c", "#4c9dc2", "#c79f3a", "#bb6176", "#6f3157")
"""Of the stages in turn, as on the page in its light colours."""


@dataclass(frozen=True, slots=True)
class SheetPicture:
    path: Path
    width: int
    height: int
    alt: str


@dataclass(frozen=True, slots=True)
class SheetCard:
    title: str
    text: str
    picture: SheetPicture | None = None


@dataclass(frozen=True, slots=True)
class SheetTouchpoint:
    """`number` is empty where nothing is counted; `share` is between 0 and 1."""

    name: str
    channel: str
    number: str = ""
    share: float | None = None


@dataclass(frozen=True, slots=True)
class SheetStage:
    """`numbers` are the lines under its name; `customers` and `share` (who go on) are for charts."""

    name: str
    description: str
    hue: str
    touchpoints: tuple[SheetTouchpoint, ...] = ()
    numbers: tuple[str, ...] = ()
    customers: int = 0
    share: float | None = None


@dataclass(frozen=True, slots=True)
class SheetRow:
    """`cells` has one group of cards a stage."""

    kind: str
    name: str
    cells: tuple[tuple[SheetCard, ...], ...]


@dataclass(frozen=True, slots=True)
class SheetPersona:
    name: str
    quote: str
    goals: str
    photo: SheetPicture | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """`about` is the line under the title: kind, period, segment. `touchpoints` is the name of their row."""

    title: str
    summary: str
    language: str
    about: str
    stages: tuple[SheetStage, ...]
    rows: tuple[SheetRow, ...]
    persona: SheetPersona | None
    touchpoints: str
    footer: str


class Pictures:
    """The files of a brand's pictures."""

    def __init__(self, brand_id: uuid.UUID) -> None:
        self._brand_id = brand_id

    def of(self, picture: PictureView | None) -> SheetPicture | None:
        if picture is None:
            return None
        path, _digest = reads.picture_file(self._brand_id, picture.id)
        return SheetPicture(path, picture.width, picture.height, picture.alt)


def rows_of(board: Board, pictures: Pictures) -> tuple[SheetRow, ...]:
    return tuple(
        SheetRow(
            lane.kind,
            lane.name,
            tuple(tuple(_card(card, pictures) for card in cell.cards) for cell in lane.cells),
        )
        for lane in board.lanes
    )


def persona_of(board: Board, pictures: Pictures) -> SheetPersona | None:
    persona = board.persona
    if persona is None:
        return None
    return SheetPersona(persona.name, persona.quote, persona.goals, pictures.of(persona.photo))


def hue_of(place: int) -> str:
    """The colour of the stage at this place, from 0."""
    return HUES[place % len(HUES)]


def _card(card: CardView, pictures: Pictures) -> SheetCard:
    return SheetCard(card.title, as_plain(card.text), pictures.of(card.picture))
