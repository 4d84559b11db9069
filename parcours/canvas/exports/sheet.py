"""A canvas as a sheet of words and pictures: what every file that people read is written from.

It holds texts only, as the page shows them, so that all files say the same.
"""

import uuid
from dataclasses import dataclass, fields, is_dataclass, replace
from pathlib import Path
from typing import Any, TypeVar, cast

from django.utils.translation import gettext as _

from parcours.canvas import reads
from parcours.canvas.shapes import PersonaView, PictureView
from parcours.canvas.text import Line
from parcours.core.text import printable
from parcours.events.channels import channel_label

HUES = ("#46549c", "#4c9dc2", "#c79f3a", "#bb6176", "#6f3157")
"""Of the stages in turn, as on the page in its light colours."""


@dataclass(frozen=True, slots=True)
class SheetPicture:
    path: Path
    width: int
    height: int
    alt: str
    caption: str = ""


@dataclass(frozen=True, slots=True)
class SheetFact:
    """What a card says beyond words: “Now”, “62 %”. `name` is the same in every language."""

    name: str
    label: str
    value: str

    @property
    def sentence(self) -> str:
        return _("{label}: {value}").format(label=self.label, value=self.value)


@dataclass(frozen=True, slots=True)
class SheetEvidence:
    """One piece: `side` and `source` in words, `name`, what was found or said, and how it stands."""

    side: str
    source: str
    name: str
    text: str
    customers: int | None
    standing: str
    address: str = ""

    @property
    def sentence(self) -> str:
        return " · ".join(filter(None, (self.side, self.source, self.name, self.text, self.standing)))


@dataclass(frozen=True, slots=True)
class SheetCard:
    """`text` are its words alone, `lines` the same with their looks. `marks` are the lines below: how it
    stands on its evidence, where the brand's values are missed, which journey it opens. `level` is how the
    customer feels, from −100 to 100.
    """

    title: str
    text: str
    picture: SheetPicture | None = None
    lines: tuple[Line, ...] = ()
    facts: tuple[SheetFact, ...] = ()
    marks: tuple[str, ...] = ()
    evidence: tuple[SheetEvidence, ...] = ()
    leads_to: str = ""
    level: int | None = None

    @property
    def caption(self) -> str:
        return self.picture.caption if self.picture else ""

    @property
    def below(self) -> tuple[str, ...]:
        """All that stands below its text, line by line."""
        opens = (f"→ {self.leads_to}",) if self.leads_to else ()
        return (*(fact.sentence for fact in self.facts), *self.marks, *opens)


@dataclass(frozen=True, slots=True)
class SheetTouchpoint:
    """`number` is empty where nothing is counted; `share` is between 0 and 1; `gap` says which value of the
    brand is missed here the most.
    """

    name: str
    channel: str
    number: str = ""
    share: float | None = None
    gap: str = ""
    customers: int | None = None
    events: int | None = None


@dataclass(frozen=True, slots=True)
class SheetStage:
    """`numbers` are the lines under its name; the others are for charts and tables: `share` go on."""

    name: str
    description: str
    hue: str
    touchpoints: tuple[SheetTouchpoint, ...] = ()
    numbers: tuple[str, ...] = ()
    customers: int = 0
    share: float | None = None
    events: int = 0
    went_on: int = 0
    median_seconds: float | None = None


@dataclass(frozen=True, slots=True)
class SheetRow:
    """`cells` has one group of cards a stage."""

    kind: str
    name: str
    cells: tuple[tuple[SheetCard, ...], ...]

    @property
    def points(self) -> tuple[tuple[int, SheetCard], ...]:
        """Of a row of emotions: the cards with a level, each with its stage from 0."""
        return tuple(
            (stage, card)
            for stage, cards in enumerate(self.cells)
            for card in cards
            if card.level is not None
        )


@dataclass(frozen=True, slots=True)
class SheetPersona:
    """`facts` are what is known beyond the quotes and goals: sketch, habits, channels."""

    name: str
    quotes: tuple[str, ...]
    goals: str
    photo: SheetPicture | None = None
    sketch: str = ""
    habits: str = ""
    channels: str = ""
    born: str = ""


@dataclass(frozen=True, slots=True)
class SheetGap:
    """A value of the brand that is felt less at a touchpoint than it is wanted."""

    stage: str
    touchpoint: str
    value: str
    wanted: str
    felt: str
    gap: float
    raters: int


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
    gaps: tuple[SheetGap, ...] = ()


T = TypeVar("T")


def writable(part: T) -> T:
    """A sheet, or a part of one, without characters that files can't hold."""
    cleaned: Any = part
    if isinstance(part, str):
        cleaned = printable(part)
    elif isinstance(part, tuple):
        cleaned = tuple(writable(each) for each in part)
    elif is_dataclass(part) and not isinstance(part, type):
        cleaned = replace(part, **{each.name: writable(getattr(part, each.name)) for each in fields(part)})
    return cast("T", cleaned)


class Pictures:
    """The files of a brand's pictures."""

    def __init__(self, brand_id: uuid.UUID) -> None:
        self._brand_id = brand_id

    def of(self, picture: PictureView | None) -> SheetPicture | None:
        if picture is None:
            return None
        path, _digest = reads.picture_file(self._brand_id, picture.id)
        return SheetPicture(path, picture.width, picture.height, picture.alt, picture.caption)


def persona_of(persona: PersonaView | None, pictures: Pictures) -> SheetPersona | None:
    if persona is None:
        return None
    born = " · ".join(filter(None, (str(persona.birth_year or ""), _generation(persona))))
    return SheetPersona(
        name=persona.name,
        quotes=persona.quotes,
        goals=persona.goals,
        photo=pictures.of(persona.photo),
        sketch=persona.sketch,
        habits=persona.habits,
        channels=", ".join(channel_label(channel) for channel in persona.channels),
        born=born,
    )


def _generation(persona: PersonaView) -> str:
    return str(persona.generation.name) if persona.generation else ""


def hue_of(place: int) -> str:
    """The colour of the stage at this place, from 0."""
    return HUES[place % len(HUES)]
