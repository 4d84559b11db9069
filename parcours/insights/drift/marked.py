"""The events of a brand with the stage and touchpoint that a drawing gives to each."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from parcours.events.lake import LakeIndex
    from parcours.measures.drawing import Drawing

Int64s = npt.NDArray[np.int64]
Codes = npt.NDArray[np.int32]
DAY = 24 * 3_600 * 1_000_000
"""Microseconds."""


@dataclass(frozen=True)
class Marked:
    """Events sorted by customer and time; codes are -1 where there is none.

    The events of customer c stand at `offsets[c]` to `offsets[c + 1]`; `time` is in microseconds since 1970.
    `touchpoint` and `stage` are codes of the drawing, whose stages are `n_stages`; `seen` says of each stage
    whether it has a touchpoint that could show it.
    """

    offsets: Int64s
    time: Int64s
    name: Codes
    names: Sequence[str]
    channel: Codes
    channels: Sequence[str]
    touchpoint: Codes
    n_touchpoints: int
    stage: Codes
    n_stages: int
    stage_of_touchpoint: Int64s

    def __len__(self) -> int:
        return len(self.time)

    @cached_property
    def end(self) -> int:
        """The last moment of the log: what is old or silent is so against it, not against today."""
        return int(self.time.max()) if len(self.time) else 0

    @cached_property
    def start(self) -> int:
        return int(self.time.min()) if len(self.time) else 0

    @cached_property
    def owner(self) -> Int64s:
        """The customer's position, by event."""
        return np.repeat(np.arange(len(self.offsets) - 1), np.diff(self.offsets))

    @cached_property
    def seen(self) -> npt.NDArray[np.bool_]:
        there = np.zeros(self.n_stages, dtype=np.bool_)
        there[self.stage_of_touchpoint] = True
        return there

    def since(self, days: int) -> npt.NDArray[np.bool_]:
        """Which events lie in the last so many days of the log."""
        recent: npt.NDArray[np.bool_] = self.time > self.end - days * DAY
        return recent

    def customers_in(self, rows: npt.NDArray[np.bool_]) -> int:
        return len(np.unique(self.owner[rows]))


def marked(index: "LakeIndex", drawing: "Drawing") -> Marked:
    """A lake's events, told apart by the rules of a drawing."""
    from parcours.canvas.resolver import compile_touchpoints

    resolver = compile_touchpoints(drawing.touchpoints)
    touchpoint = _signed(resolver.apply(index), len(drawing.touchpoints))
    stage_of = drawing.stage_of_touchpoint.astype(np.int64)
    stage = np.where(touchpoint >= 0, np.append(stage_of, -1)[touchpoint], -1).astype(np.int32)
    return Marked(
        offsets=np.asarray(index.offsets),
        time=np.asarray(index.time),
        name=_signed(index.name_codes, len(index.names)),
        names=index.names,
        channel=_signed(index.channel_codes, len(index.channels)),
        channels=index.channels,
        touchpoint=touchpoint,
        n_touchpoints=len(drawing.touchpoints),
        stage=stage,
        n_stages=len(drawing.stages),
        stage_of_touchpoint=stage_of,
    )


def _signed(codes: npt.NDArray[np.integer], labels: int) -> Codes:
    """Codes of any width as signed ones, -1 for those without a label."""
    wide = np.asarray(codes).astype(np.int32)
    return np.where((wide < 0) | (wide >= labels), np.int32(-1), wide)
