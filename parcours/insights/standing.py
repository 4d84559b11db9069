"""Where one customer stands on a drawn journey."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np

from parcours.accounts.models import Brand
from parcours.canvas.family import leading
from parcours.canvas.reads import board, journeys
from parcours.canvas.resolver import compile_touchpoints
from parcours.canvas.shapes import Board
from parcours.events.lake import Lake
from parcours.measures.drawing import Drawing

if TYPE_CHECKING:
    from parcours.canvas.resolver import Codes
    from parcours.events.lake import LakeIndex

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class StageStanding:
    """A stage with what the customer did in it; `here` where the last event on the map happened, at
    `touchpoint`.
    """

    name: str
    number: int
    events: int
    last_at: datetime | None
    here: bool = False
    touchpoint: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    journey: uuid.UUID
    title: str
    stages: tuple[StageStanding, ...]


def standings(brand: Brand, customer_id: int, most: int = 3) -> list[Standing]:
    """The customer on the brand's journeys, those with any event of theirs, the newest journeys first."""
    index = Lake(brand.pk).index()
    places = np.flatnonzero(np.asarray(index.customers) == customer_id)
    if not len(places):
        return []
    events = _OfCustomer(index, int(places[0]))
    found = (_standing(board(brand.pk, each.journey.id), events) for each in leading(journeys(brand.pk)))
    return [each for each in found if each is not None][:most]


@dataclass(frozen=True)
class _OfCustomer:
    """One customer's events, as a resolver reads them."""

    index: "LakeIndex"
    place: int

    @property
    def _span(self) -> slice:
        return slice(int(self.index.offsets[self.place]), int(self.index.offsets[self.place + 1]))

    @property
    def names(self) -> Sequence[str]:
        return self.index.names

    @property
    def channels(self) -> Sequence[str]:
        return self.index.channels

    @property
    def name_codes(self) -> "Codes":
        return self.index.name_codes[self._span]

    @property
    def channel_codes(self) -> "Codes":
        return self.index.channel_codes[self._span]

    @property
    def offsets(self) -> "Codes":
        return np.array([0, self._span.stop - self._span.start])

    @property
    def time(self) -> "Codes":
        return self.index.time[self._span]

    def column(self, key: str) -> "tuple[Codes, Sequence[str]]":
        codes, labels = self.index.column(key)
        return codes[self._span], labels


def _standing(drawn: Board, events: _OfCustomer) -> Standing | None:
    drawing = Drawing(drawn.stages)
    if not drawing.touchpoints:
        return None
    codes = compile_touchpoints(drawing.touchpoints).apply(events)
    on_map = np.flatnonzero(codes < len(drawing.touchpoints))
    if not len(on_map):
        return None
    touched = drawing.stage_of_touchpoint[codes[on_map]]
    times = events.time[on_map]
    last = int(on_map[-1])
    stages = []
    for place, stage in enumerate(drawn.stages):
        here = np.flatnonzero(touched == place)
        is_last = bool(touched[-1] == place)
        stages.append(
            StageStanding(
                stage.name,
                stage.number,
                len(here),
                _EPOCH + timedelta(microseconds=int(times[here[-1]])) if len(here) else None,
                is_last,
                drawing.touchpoints[int(codes[last])].name if is_last else "",
            )
        )
    return Standing(drawn.journey.id, drawn.journey.title, tuple(stages))
