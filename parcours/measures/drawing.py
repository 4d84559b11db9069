"""A drawn journey as the counting needs it: its stages in order, and the stage of each touchpoint."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt


class DrawnTouchpoint(Protocol):
    @property
    def id(self) -> uuid.UUID: ...
    @property
    def stage_id(self) -> uuid.UUID: ...
    @property
    def name(self) -> str: ...
    @property
    def rule(self) -> dict[str, Any]: ...


class DrawnStage(Protocol):
    @property
    def id(self) -> uuid.UUID: ...
    @property
    def name(self) -> str: ...
    @property
    def touchpoints(self) -> Sequence[DrawnTouchpoint]: ...


@dataclass(frozen=True)
class Drawing:
    """Stages from left to right, each with its touchpoints in the order in which their rules are tried.

    A touchpoint's code is its place among all touchpoints, a stage's code its place among the stages.
    """

    stages: tuple[DrawnStage, ...]

    @cached_property
    def touchpoints(self) -> tuple[DrawnTouchpoint, ...]:
        return tuple(touchpoint for stage in self.stages for touchpoint in stage.touchpoints)

    @cached_property
    def stage_labels(self) -> tuple[str, ...]:
        return tuple(str(stage.id) for stage in self.stages)

    @cached_property
    def touchpoint_labels(self) -> tuple[str, ...]:
        return tuple(str(touchpoint.id) for touchpoint in self.touchpoints)

    @cached_property
    def stage_of_touchpoint(self) -> npt.NDArray[np.int64]:
        """The stage's code, by the touchpoint's code."""
        sizes = [len(stage.touchpoints) for stage in self.stages]
        return np.repeat(np.arange(len(self.stages)), sizes)

    def place_of(self, stage: uuid.UUID) -> int | None:
        """The stage's code; None when it isn't drawn."""
        return next((place for place, each in enumerate(self.stages) if each.id == stage), None)

    def code_of(self, touchpoint: uuid.UUID) -> int | None:
        return next((code for code, each in enumerate(self.touchpoints) if each.id == touchpoint), None)

    def next_of(self, place: int) -> int | None:
        """The stage drawn next; None after the last, and where it has no touchpoint that would show it."""
        following = place + 1
        if following < len(self.stages) and self.stages[following].touchpoints:
            return following
        return None
