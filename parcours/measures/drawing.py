"""A drawn journey as the counting needs it: its stages in order, and the stage of each touchpoint."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from parcours.measures.steps import Step


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
    `single` makes each touchpoint a step of its own where questions are asked of steps, in place of stages.
    """

    stages: tuple[DrawnStage, ...]
    single: bool = False

    @cached_property
    def steps(self) -> dict[str, Step]:
        """What questions can be asked of, by id: the stages, or their touchpoints one by one."""
        if self.single:
            return {
                str(touchpoint.id): Step(touchpoint.name, number)
                for number, stage in enumerate(self.stages, 1)
                for touchpoint in stage.touchpoints
            }
        return {str(stage.id): Step(stage.name, number) for number, stage in enumerate(self.stages, 1)}

    @cached_property
    def shown(self) -> tuple[str, ...]:
        """The steps that events can show; a stage without touchpoints can't be seen."""
        if self.single:
            return self.touchpoint_labels
        return tuple(str(stage.id) for stage in self.stages if stage.touchpoints)

    @cached_property
    def main(self) -> tuple[str, ...]:
        """One step a stage: the stage, or its first touchpoint."""
        if self.single:
            return tuple(str(stage.touchpoints[0].id) for stage in self.stages if stage.touchpoints)
        return self.shown

    @cached_property
    def facts(self) -> tuple[object, ...]:
        """Everything that an answer about this drawing depends on."""
        rules = [
            (stage.id, stage.name, *((each.id, each.name, repr(each.rule)) for each in stage.touchpoints))
            for stage in self.stages
        ]
        return (self.single, *rules)

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
